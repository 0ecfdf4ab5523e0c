/** Tools, tables and catalogues that say something, as people know them. */
const names: Record<string, string> = {
  apt: 'apt',
  'aws-inspector': 'Amazon Inspector',
  defender: 'Microsoft Defender',
  'cisa-adp': 'CVE record (CISA ADP)',
  'cisa-kev': 'CISA KEV catalogue',
  cna: 'CVE record',
  csaf: 'CSAF advisory',
  cve: 'CVE record',
  'dependency-check': 'Dependency-Check',
  'generic-csv': 'Findings (CSV)',
  ghsa: 'GitHub advisory',
  grype: 'Grype',
  nessus: 'Nessus',
  nvd: 'NVD',
  openvas: 'OpenVAS',
  openvex: 'OpenVEX',
  osv: 'OSV',
  'osv-scanner': 'OSV-Scanner',
  qualys: 'Qualys',
  report: 'Report',
  snyk: 'Snyk',
  trivy: 'Trivy',
  'windows-hotfix': 'Windows hotfixes',
  'windows-update': 'Windows Update',
  'windows-update-history': 'Windows Update',
};

/** A source by its plain name, the one of the import page; one that is not known is called what it calls itself. */
export const sourceName = (source: string): string =>
  (Object.hasOwn(names, source) ? names[source] : undefined) ?? source;

export const sourceNames = (sources: readonly string[]): string => sources.map(sourceName).join(', ');

/** A component without an ecosystem that says nothing: "FortiOS" of `generic:FortiOS`. */
export const componentName = (component: string): string => component.replace(/^generic:/, '');
