import type { Review, ReviewEvidence, ReviewState } from '../../api/schema';
import { longDate, plural } from '../../lib/format';
import { sourceName } from '../../lib/source';

export const stateTitle: Record<ReviewState, string> = {
  done: 'Done',
  open: 'Still open',
  carried: 'Carried over',
  dropped: 'Dropped',
};

export const states: readonly ReviewState[] = ['done', 'open', 'carried', 'dropped'];

/** "on 97 of 140 hosts": how far it has arrived; empty where no scanner ever reported it. */
export const hostsText = (e: Pick<ReviewEvidence, 'hosts' | 'patched'>) =>
  e.hosts === 0 ? '' : `on ${e.patched} of ${plural(e.hosts, 'host')}`;

/** What speaks for a patch having arrived, one sentence a fact. */
export function evidenceText(e: ReviewEvidence, zone?: string): string[] {
  const scans = e.scans.flatMap((s) => {
    const when = s.at ? ` (${longDate(s.at, zone)})` : '';
    const gone = s.gone > 0 ? [`${sourceName(s.source)} no longer sees ${plural(s.gone, 'finding')}${when}`] : [];
    return s.seen > 0 ? [...gone, `${sourceName(s.source)} still sees ${plural(s.seen, 'finding')}`] : gone;
  });
  return [
    e.hosts > 0 && `arrived ${hostsText(e)}`,
    ...scans,
    e.checks > 0 && `${plural(e.checks, 'point')} of the definition of done ticked`,
    e.comments > 0 && plural(e.comments, 'comment'),
    e.files > 0 && plural(e.files, 'file'),
  ].filter((s) => typeof s === 'string');
}

/** "3 done · 1 still open · 2 wait for the product owner". */
export function headline(r: Review): string {
  const count = (state: ReviewState) => r.items.filter((i) => i.state === state).length;
  const parts = states.flatMap((s) => (count(s) > 0 ? [`${count(s)} ${stateTitle[s].toLowerCase()}`] : []));
  if (r.waiting > 0 && r.closed_at === null) parts.push(`${r.waiting} not judged yet`);
  return parts.join(' · ') || 'No items';
}
