/** Tools and tables that report findings, as people know them. */
const names: Record<string, string> = {
  apt: 'apt',
  'aws-inspector': 'Amazon Inspector',
  defender: 'Microsoft Defender',
  'dependency-check': 'Dependency-Check',
  'generic-csv': 'Findings (CSV)',
  grype: 'Grype',
  nessus: 'Nessus',
  openvas: 'OpenVAS',
  qualys: 'Qualys',
  snyk: 'Snyk',
  trivy: 'Trivy',
  'windows-hotfix': 'Windows hotfixes',
  'windows-update': 'Windows Update',
  'windows-update-history': 'Windows Update',
};

/** A source by its plain name, the one of the import page; one that is not known is called what it calls itself. */
export const sourceName = (source: string): string =>
  (Object.hasOwn(names, source) ? names[source] : undefined) ?? source;
