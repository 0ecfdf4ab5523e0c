import type { Board, Card, Person } from '../../api/schema';

export interface Load extends Person {
  cards: number;
}

/** Neither to do nor done; what limits are about. Emergencies in a lane of their own do not count. */
const counts = (board: Board, c: Card) =>
  !['new', 'ready', 'verified', 'dropped'].includes(c.status) && !(board.emergency_lane && c.emergency);

/** How many cards in progress each assignee has, the most loaded first. */
export function loads(board: Board): Load[] {
  const by = new Map<string, Load>();
  for (const c of board.columns.flatMap((x) => x.cards)) {
    if (!c.assignee || !counts(board, c)) continue;
    const load = by.get(c.assignee.id) ?? { ...c.assignee, cards: 0 };
    by.set(c.assignee.id, { ...load, cards: load.cards + 1 });
  }
  return [...by.values()].toSorted((a, b) => b.cards - a.cards || a.name.localeCompare(b.name));
}

/** Who has more cards in progress than the team's limit allows. */
export const overloaded = (board: Board): Load[] =>
  board.limits === 'off' || board.person_limit === 0 ? [] : loads(board).filter((l) => l.cards > board.person_limit);
