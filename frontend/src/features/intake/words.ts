import type { Import } from '../../api/schema';
import { bytesText, num, plural } from '../../lib/format';
import { isOver } from './queries';

export const stateLabel: Record<Import['state'], string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  refused: 'Refused',
  failed: 'Failed',
};

/** How far a job is: checking has a known length, the steps after it do not. */
export function progressOf(job: Import): { value: number | null; text: string } {
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

/** Which findings the file could close; nothing where it is over and was about none, as with a catalogue. */
export function scopeText(job: Import): string {
  const { new: fresh, unchanged, closed } = job.findings;
  return isOver(job) && job.scope === 'full' && fresh + unchanged + closed === 0 ? '' : `${job.scope} scope`;
}

/** Why a file was not taken. Its name stands above, and what can be read in the list of the page. */
export function problemText(job: Import): string {
  const text = (job.error ?? '').replace(`${job.file}: `, '');
  const [why = '', kinds] = text.split('; accepted are files of these kinds: ');
  const sentence = why.charAt(0).toUpperCase() + why.slice(1);
  return kinds
    ? `${sentence}. Nothing that can be imported looks like this; the kinds of file are listed above.`
    : sentence;
}

/** The end of a job in one sentence. */
export function outcomeText(job: Import): string {
  if (job.state === 'refused') return `${job.file} was refused: ${problemText(job) || 'it is not what it should be'}`;
  if (job.state === 'failed') return `${job.file} could not be imported: ${job.error ?? 'the server failed'}`;
  const parts = [plural(job.findings.new, 'new finding'), plural(job.patches.new, 'new patch', 'new patches')];
  return `${job.file} was imported: ${parts.join(', ')}`;
}
