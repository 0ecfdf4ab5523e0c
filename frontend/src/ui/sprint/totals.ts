import type { Sprint, SprintTotals } from '../../api/schema';
import { dayText, num, plural } from '../../lib/format';

/** "9 items · 31 pts · 2 unestimated · risk 312 · 1 due date at risk": only what is not nothing. */
export function totalsText(t: SprintTotals): string {
  const parts = [plural(t.items, 'item'), `${num.format(t.points)} pts`];
  if (t.unestimated > 0) parts.push(`${num.format(t.unestimated)} unestimated`);
  if (t.risk >= 0.5) parts.push(`risk ${num.format(Math.round(t.risk))}`);
  if (t.due_at_risk > 0) parts.push(`${plural(t.due_at_risk, 'due date')} at risk`);
  return parts.join(' · ');
}

export const spanText = (s: Pick<Sprint, 'start_date' | 'end_date'>) =>
  `${dayText(s.start_date)} – ${dayText(s.end_date)}`;

export const sprintName = (s: Pick<Sprint, 'number' | 'name'>) => s.name || `Sprint ${s.number}`;

export const stateLabel: Record<Sprint['state'], string> = {
  planned: 'Planned',
  active: 'Active',
  closed: 'Closed',
  cancelled: 'Cancelled',
};
