import type { Placement } from '../../api/schema';
import { longDate, plural } from '../../lib/format';

/** "Placed by Ana, Oct 3, 2026: “before the audit”. 4 places higher than its priority." */
export function placementText(p: Placement): string {
  const why = p.reason ? `: “${p.reason}”` : '';
  const far = Math.abs(p.drift) >= 1000 ? 'more than 1,000 places' : plural(Math.abs(p.drift), 'place');
  const drift =
    p.drift === 0 ? 'Where its priority would put it' : `${far} ${p.drift > 0 ? 'higher' : 'lower'} than its priority`;
  return `Placed by ${p.by}, ${longDate(p.at)}${why}. ${drift}.`;
}
