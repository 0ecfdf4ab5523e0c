import { describe, expect, it } from 'vitest';
import {
  anchorAt,
  anchorFor,
  type Columns,
  findCard,
  moveBefore,
  moveCard,
  neighboursOf,
  range,
  repage,
  slotIn,
} from './moves';

const list = (s: string) => [...s].map((key) => ({ key }));
const text = (l: { key: string }[]) => l.map((x) => x.key).join('');
const set = (s: string) => new Set(s);

describe('moving in a list', () => {
  it.each([
    ['b', 'd', 'acbd'],
    ['b', null, 'acdb'],
    ['bd', 'a', 'bdac'],
    ['ac', null, 'bdac'],
    ['bc', 'b', 'abcd'],
    ['cd', 'd', 'abcd'],
  ])('puts %s before %s', (keys, anchor, want) => {
    expect(text(moveBefore(list('abcd'), set(keys), anchor))).toBe(want);
  });

  it.each([
    ['c', 'up', 'acbd'],
    ['b', 'down', 'acbd'],
    ['c', 'top', 'cabd'],
    ['b', 'bottom', 'acdb'],
    ['bc', 'down', 'adbc'],
    ['bd', 'up', 'bdac'],
    ['ac', 'up', 'acbd'],
    ['bd', 'down', 'acbd'],
  ] as const)('moves %s %s', (keys, where, want) => {
    const anchor = anchorFor(list('abcd'), set(keys), where);
    expect(anchor).not.toBeUndefined();
    expect(text(moveBefore(list('abcd'), set(keys), anchor ?? null))).toBe(want);
  });

  it.each([
    ['a', 'up'],
    ['ab', 'top'],
    ['d', 'down'],
    ['cd', 'bottom'],
    ['', 'up'],
    ['abcd', 'top'],
  ] as const)('has nowhere to move %s %s', (keys, where) => {
    expect(anchorFor(list('abcd'), set(keys), where)).toBeUndefined();
  });

  it('drops on the upper half before, on the lower half behind', () => {
    expect(anchorAt(list('abcd'), 'b', 'top')).toBe('b');
    expect(anchorAt(list('abcd'), 'b', 'bottom')).toBe('c');
    expect(anchorAt(list('abcd'), 'd', 'bottom')).toBeNull();
  });

  it('names the neighbours, none beyond the ends', () => {
    expect(neighboursOf(list('abc'), 'a')).toEqual({ after: null, before: 'b' });
    expect(neighboursOf(list('abc'), 'c')).toEqual({ after: 'b', before: null });
  });

  it('keeps page lengths, and loses nothing when the list has grown or shrunk', () => {
    expect(repage([1, 2, 3, 4, 5], [2, 3])).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    expect(repage([1, 2, 3, 4, 5], [2, 2])).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    expect(repage([1], [2, 2])).toEqual([[1], []]);
  });

  it('selects a range in either direction', () => {
    expect(range(list('abcd'), 'c', 'a')).toEqual(['a', 'b', 'c']);
    expect(range(list('abcd'), 'x', 'b')).toEqual(['b']);
  });
});

describe('moving on a board', () => {
  const card = (key: string, points: number | null) => ({ key, points, status: 'ready' });
  const board: Columns<ReturnType<typeof card>> = {
    columns: [
      { status: 'ready', points: 8, cards: [card('a', 5), card('b', 3)] },
      { status: 'testing', points: 1, cards: [card('c', 1), card('d', null)] },
      { status: 'verified', points: 0, cards: [] },
    ],
  };

  it('takes the points along, changes the status and leaves other columns alone', () => {
    const after = moveCard(board, { col: 0, row: 0 }, { col: 1, row: 1 });
    expect(after.columns[1]?.cards.map((c) => `${c.key}:${c.status}`)).toEqual(['c:ready', 'a:testing', 'd:ready']);
    expect(after.columns.map((c) => c.points)).toEqual([3, 6, 0]);
    expect(after.columns[2]).toBe(board.columns[2]);
  });

  it('counts the place in the same column without the card', () => {
    const after = moveCard(board, { col: 0, row: 0 }, { col: 0, row: 1 });
    expect(after.columns[0]?.cards.map((c) => c.key)).toEqual(['b', 'a']);
    expect(after.columns[0]?.points).toBe(8);
  });

  it('clamps a row beyond the end and refuses a column that is not there', () => {
    expect(findCard(moveCard(board, { col: 0, row: 1 }, { col: 2, row: 9 }), 'b')).toEqual({ col: 2, row: 0 });
    expect(moveCard(board, { col: 0, row: 0 }, { col: 7, row: 0 })).toBe(board);
  });

  it('names the neighbours of a slot without the card that moves', () => {
    expect(slotIn(list('abc'), 'a', 1)).toEqual({ after: 'b', before: 'c' });
    expect(slotIn(list('abc'), 'x', 3)).toEqual({ after: 'c', before: null });
  });
});
