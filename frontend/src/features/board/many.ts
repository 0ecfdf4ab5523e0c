import type { QueryClient } from '@tanstack/react-query';
import { boardKey, movePatches, undoMoves } from '../../api/board';
import { patchKeys } from '../../api/patches';
import type { Board, BulkResult, Card, Status } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { plural } from '../../lib/format';
import { findCard, moveCard } from '../../lib/moves';
import { toast, toastError } from '../../ui/toast';

/** Cards that a rule kept where they were. */
export interface Kept {
  cards: Card[];
  status: Status;
  name: string;
  /** One line a card. */
  text: string;
}

/** Moves cards to the end of a column: shown at once, then as the server answers for each. */
export async function moveMany(
  client: QueryClient,
  team: string,
  shown: readonly unknown[],
  cards: readonly Card[],
  to: { status: Status; name: string },
  note: string | undefined,
  keep: (kept: Kept) => void,
): Promise<void> {
  await client.cancelQueries({ queryKey: shown }); // an answer on its way would undo the move on the screen
  client.setQueryData<Board>(shown, (board) => board && withMoved(board, cards, to.status));
  const again = () => {
    for (const queryKey of [boardKey(team), patchKeys.all(team), sprintKeys.all(team)])
      void client.invalidateQueries({ queryKey });
  };
  try {
    const items = cards.map(({ key, version }) => ({ key, version }));
    tell(team, await movePatches(team, items, to.status, note), cards, to, again, keep);
  } catch (error) {
    toastError(error, 'The cards were not moved');
  } finally {
    again();
  }
}

function tell(
  team: string,
  result: BulkResult,
  cards: readonly Card[],
  to: { status: Status; name: string },
  again: () => void,
  keep: (kept: Kept) => void,
): void {
  const id = result.undo;
  const undo = async () => {
    const back = await undoMoves(team, id ?? '');
    again();
    toast({ text: `${plural(back.done, 'card')} of ${result.done} back in place` });
  };
  const rest = result.items.filter((i) => !['done', 'unchanged'].includes(i.outcome));
  const text =
    rest.length > 0
      ? `${result.done} of ${cards.length} cards moved to ${to.name}`
      : `${plural(cards.length, 'card')} moved to ${to.name}`;
  if (id) toast({ text, undo });
  const refused = rest.filter((i) => i.outcome === 'refused').map((i) => i.key);
  if (rest.length > 0)
    keep({
      ...to,
      cards: cards.filter((c) => refused.includes(c.key)),
      text: rest.map((i) => `${i.key}: ${i.reason}`).join('\n'),
    });
}

function withMoved(board: Board, cards: readonly Card[], status: Status): Board {
  const col = board.columns.findIndex((c) => c.status === status);
  return cards.reduce((b, card) => {
    const from = findCard(b, card.key);
    return from && from.col !== col ? moveCard(b, from, { col, row: b.columns[col]?.cards.length ?? 0 }) : b;
  }, board);
}
