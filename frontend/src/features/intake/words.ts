import type { Import } from '../../api/schema';
import { bytesText, num, plural } from '../../lib/format';

export const stateLabel: Record<Import['state'], string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  refused: 'Refused',
  failed: 'Failed',
};

/** What the server reads, by its own names. */
export const formats = [
  ['trivy-json', 'Trivy JSON'],
  ['grype-json', 'Grype JSON'],
  ['kev-json', 'CISA KEV JSON'],
  ['kev-csv', 'CISA KEV CSV'],
  ['epss-csv', 'EPSS CSV'],
  ['cve5-json', 'CVE records 5.x'],
  ['osv-scanner-json', 'osv-scanner JSON'],
  ['sarif-json', 'SARIF'],
  ['cyclonedx-json', 'CycloneDX JSON'],
  ['cyclonedx-xml', 'CycloneDX XML'],
  ['openvex-json', 'OpenVEX'],
  ['csaf-json', 'CSAF'],
  ['osv-json', 'OSV records'],
  ['nvd-json', 'NVD records'],
  ['nessus-xml', 'Nessus XML'],
  ['nessus-csv', 'Nessus CSV'],
  ['dependency-check-xml', 'Dependency-Check XML'],
  ['dependency-check-json', 'Dependency-Check JSON'],
  ['generic-csv', 'Findings CSV'],
] as const;

export const formatLabel = (format: string | null) => formats.find(([id]) => id === format)?.[1] ?? format ?? '';

/** How far a job is: checking has a known length, the steps after it do not. */
export function progressOf(job: Import): { value: number | null; text: string } {
  if (job.state === 'queued') return { value: null, text: 'Waits for its turn' };
  if (job.phase === 'checking' && job.bytes > 0) {
    const value = job.read_bytes / job.bytes;
    return { value, text: `Checking, ${bytesText(job.read_bytes)} of ${bytesText(job.bytes)}` };
  }
  if (job.phase === 'applying') {
    const of = job.records > 0 ? ` of ${num.format(job.records)}` : '';
    return {
      value: job.records > 0 ? job.applied / job.records : null,
      text: `Applying, ${num.format(job.applied)}${of}`,
    };
  }
  return { value: null, text: job.phase === 'scoring' ? 'Scoring patches' : 'Starting' };
}

/** The end of a job in one sentence. */
export function outcomeText(job: Import): string {
  if (job.state === 'refused') return `${job.file} was refused: ${job.error ?? 'it is not what it should be'}`;
  if (job.state === 'failed') return `${job.file} could not be imported: ${job.error ?? 'the server failed'}`;
  const parts = [plural(job.findings.new, 'new finding'), plural(job.patches.new, 'new patch', 'new patches')];
  return `${job.file} was imported: ${parts.join(', ')}`;
}
