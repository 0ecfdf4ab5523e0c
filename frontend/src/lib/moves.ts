/**
 * Moves within ordered lists, without any knowledge of the screen or the server.
 * A move of several elements keeps their order; the elements between keep theirs.
 */

export type Edge = 'top' | 'bottom';
export type Direction = 'top' | 'up' | 'down' | 'bottom';

/** The keys between which an element stands; null at an end of the list. */
export interface Neighbours {
  after: string | null;
  before: string | null;
}

interface Keyed {
  key: string;
}

/**
 * Takes the named elements out and puts them, in list order, before the element `anchor`
 * (null: at the end). An anchor that is itself moved stands for the next one that stays.
 */
export function moveBefore<T extends Keyed>(list: readonly T[], keys: ReadonlySet<string>, anchor: string | null): T[] {
  const moved = list.filter((x) => keys.has(x.key));
  const rest = list.filter((x) => !keys.has(x.key));
  const target = settledAnchor(list, keys, anchor);
  const at = target === null ? rest.length : rest.findIndex((x) => x.key === target);
  return [...rest.slice(0, at), ...moved, ...rest.slice(at)];
}

function settledAnchor<T extends Keyed>(list: readonly T[], keys: ReadonlySet<string>, anchor: string | null) {
  if (anchor === null) return null;
  const from = list.findIndex((x) => x.key === anchor);
  if (from < 0) return null;
  return list.slice(from).find((x) => !keys.has(x.key))?.key ?? null;
}

/** The anchor for `moveBefore` when something is dropped on the upper or lower half of `over`. */
export function anchorAt<T extends Keyed>(list: readonly T[], over: string, edge: Edge): string | null {
  if (edge === 'top') return over;
  const i = list.findIndex((x) => x.key === over);
  return list[i + 1]?.key ?? null;
}

/** The anchor that moves the named elements one place, or to an end; undefined when they are there already. */
export function anchorFor<T extends Keyed>(
  list: readonly T[],
  keys: ReadonlySet<string>,
  where: Direction,
): string | null | undefined {
  const places = list.flatMap((x, i) => (keys.has(x.key) ? [i] : []));
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const together = last - first === places.length - 1;
  switch (where) {
    case 'top':
      return together && first === 0 ? undefined : (list.find((x) => !keys.has(x.key))?.key ?? undefined);
    case 'bottom':
      return together && last === list.length - 1 ? undefined : null;
    case 'up':
      return first === 0 ? (together ? undefined : list[0]?.key) : list[first - 1]?.key;
    case 'down':
      if (last === list.length - 1) return together ? undefined : null;
      return list[last + 2]?.key ?? null;
  }
}

/** Between whom `key` stands in `list`. */
export function neighboursOf<T extends Keyed>(list: readonly T[], key: string): Neighbours {
  const i = list.findIndex((x) => x.key === key);
  return { after: list[i - 1]?.key ?? null, before: list[i + 1]?.key ?? null };
}

/** Cuts a list into pages of the given lengths; what is left over joins the last page. */
export function repage<T>(list: readonly T[], lengths: readonly number[]): T[][] {
  let from = 0;
  return lengths.map((n, i) => {
    const to = i === lengths.length - 1 ? list.length : Math.min(list.length, from + n);
    const page = list.slice(from, to);
    from = to;
    return page;
  });
}

/** The keys from `a` to `b` inclusive, whichever comes first. */
export function range<T extends Keyed>(list: readonly T[], a: string, b: string): string[] {
  const i = list.findIndex((x) => x.key === a);
  const j = list.findIndex((x) => x.key === b);
  if (i < 0 || j < 0) return [b];
  return list.slice(Math.min(i, j), Math.max(i, j) + 1).map((x) => x.key);
}

export interface Columns<C extends Keyed> {
  columns: { status: string; points: number; cards: C[] }[];
}
export interface Pos {
  col: number;
  row: number;
}

/** Where a card is on a board. */
export function findCard<C extends Keyed>(board: Columns<C>, key: string): Pos | null {
  for (const [col, column] of board.columns.entries()) {
    const row = column.cards.findIndex((c) => c.key === key);
    if (row >= 0) return { col, row };
  }
  return null;
}

/**
 * Moves a card to a place in a column, counted without the card itself; points follow it.
 * Columns that nothing happens to keep their identity, so that memoised views skip them.
 */
export function moveCard<C extends Keyed & { points: number | null }, B extends Columns<C>>(
  board: B,
  from: Pos,
  to: Pos,
): B {
  const card = board.columns[from.col]?.cards[from.row];
  if (!card || !board.columns[to.col]) return board;
  const columns = board.columns.map((column, i) => {
    if (i !== from.col && i !== to.col) return column;
    const cards = column.cards.filter((c) => c !== card);
    let points = column.points - (i === from.col ? (card.points ?? 0) : 0);
    if (i === to.col) {
      cards.splice(Math.max(0, Math.min(cards.length, to.row)), 0, { ...card, status: column.status });
      points += card.points ?? 0;
    }
    return { ...column, cards, points };
  });
  return { ...board, columns };
}

/** Who stands next to a place in a column, the moved card itself left out. */
export function slotIn<C extends Keyed>(cards: readonly C[], key: string, row: number): Neighbours {
  const rest = cards.filter((c) => c.key !== key);
  return { after: rest[row - 1]?.key ?? null, before: rest[row]?.key ?? null };
}
