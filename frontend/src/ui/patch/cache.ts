import type { QueryClient } from '@tanstack/react-query';
import { boardKey } from '../../api/board';
import { patchKeys, spreadPatch } from '../../api/patches';
import type { Board, Card, Patch, SprintItems } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';

/** Shows a patch as it is now in every list, sprint, panel and on the board; its places stay. */
export function showPatch(client: QueryClient, team: string, patch: Patch): void {
  spreadPatch(client, team, patch);
  client.setQueriesData<SprintItems>(
    { queryKey: sprintKeys.all(team), predicate: (q) => q.queryKey[4] === 'items' },
    (data) => data && withItem(data, patch),
  );
  client.setQueriesData<Board>({ queryKey: boardKey(team) }, (board) => board && withCard(board, patch));
}

function withItem(data: SprintItems, patch: Patch): SprintItems {
  if (!data.items.some((i) => i.key === patch.key)) return data;
  return { ...data, items: data.items.map((i) => (i.key === patch.key ? { ...i, ...patch } : i)) };
}

function withCard(board: Board, patch: Patch): Board {
  const columns = board.columns.map((column) => {
    const old = column.cards.find((c) => c.key === patch.key);
    if (!old) return column;
    const cards = column.cards.map((c) => (c === old ? cardOf(c, patch) : c));
    return { ...column, cards, points: column.points + (patch.points ?? 0) - (old.points ?? 0) };
  });
  return { ...board, columns };
}

/** A card shows a part of its patch; its column is decided by the board alone. */
function cardOf(card: Card, p: Patch): Card {
  const { title, priority, band, kev, due_at, points, assignee, carried, assets, version } = p;
  return { ...card, title, priority, band, kev, due_at, points, assignee, carried, assets, version };
}

/** What else shows this patch and must be read again after a change of it. */
export function refreshAround(client: QueryClient, team: string, patch: Patch): void {
  const { key, sprint } = patch;
  void client.invalidateQueries({ queryKey: patchKeys.detail(team, key), refetchType: 'active' });
  if (sprint === null) return;
  void client.invalidateQueries({ queryKey: sprintKeys.detail(team, sprint) });
  void client.invalidateQueries({ queryKey: sprintKeys.list(team, ['planned', 'active']) });
}
