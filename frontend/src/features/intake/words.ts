import type { Import } from '../../api/schema';
import { bytesText, num, plural } from '../../lib/format';

export const stateLabel: Record<Import['state'], string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  refused: 'Refused',
  failed: 'Failed',
};

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
