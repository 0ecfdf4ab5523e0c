import type { Place } from '../../api/schema';
import { neighboursOf } from '../../lib/moves';

/** Where the neighbours come from that a placement names. */
export interface Window {
  /** Every patch of the backlog is in the list, as far as it is loaded. */
  whole: boolean;
}

/**
 * What to tell the server about a patch's place in the list on the screen. In the whole backlog both
 * neighbours, so that it notices when somebody else was there first; in a filtered list only the one
 * it was put next to, because the others need not be neighbours at all.
 */
export function slotFor(
  list: readonly { key: string }[],
  key: string,
  movedUp: boolean,
  w: Window,
): Pick<Place, 'after' | 'before'> {
  const { after, before } = neighboursOf(list, key);
  if (w.whole) {
    return { ...(after && { after }), ...(before && { before }) };
  }
  if (movedUp) return before ? { before } : after ? { after } : {};
  return after ? { after } : before ? { before } : {};
}
