import { describe, expect, it } from 'vitest';
import type { Board, Card } from '../../api/schema';
import { focusAfter, positionOf, type Shown, shownCards, stepOf, targetAfter } from './steps';

const card = (key: string, more: Partial<Card> = {}): Card => ({
  key,
  title: `Patch ${key}`,
  status: 'ready',
  priority: 50,
  band: 'medium',
  kev: false,
  due_at: null,
  points: 1,
  assignee: null,
  carried: 0,
  assets: 1,
  patched: 0,
  unplanned: false,
  since: null,
  version: 1,
  ...more,
});
const shown: Shown = [
  { status: 'ready', cards: [card('a'), card('b')] },
  { status: 'in_progress', cards: [] },
  { status: 'testing', cards: [card('c')] },
];
const press = (key: string, more = {}) => ({
  key,
  altKey: false,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  ...more,
});

describe('keys', () => {
  it('move the focus, with Alt or Shift the card', () => {
    expect(stepOf(press('ArrowLeft'))).toEqual({ step: 'left', card: false });
    expect(stepOf(press('l'))).toEqual({ step: 'right', card: false });
    expect(stepOf(press('ArrowLeft', { altKey: true }))).toEqual({ step: 'left', card: true });
    expect(stepOf(press('J', { shiftKey: true }))).toEqual({ step: 'down', card: true });
  });

  it('leave the combinations of browser and page alone', () => {
    expect(stepOf(press('l', { ctrlKey: true }))).toBeNull();
    expect(stepOf(press('h', { altKey: true }))).toBeNull();
    expect(stepOf(press('Enter'))).toBeNull();
  });
});

describe('focus', () => {
  it('skips empty columns sideways and stops at the borders', () => {
    expect(focusAfter(shown, 'b', 'right')).toBe('c');
    expect(focusAfter(shown, 'c', 'left')).toBe('a');
    expect(focusAfter(shown, 'a', 'up')).toBeNull();
    expect(focusAfter(shown, 'c', 'right')).toBeNull();
  });
});

describe('a step of a card', () => {
  it('goes past its neighbour', () => {
    expect(targetAfter(shown, 'a', 'down')).toEqual({ status: 'ready', after: 'b' });
    expect(targetAfter(shown, 'b', 'up')).toEqual({ status: 'ready', before: 'a' });
    expect(targetAfter(shown, 'b', 'down')).toBeNull();
  });

  it('goes into the next column, empty or not', () => {
    expect(targetAfter(shown, 'a', 'right')).toEqual({ status: 'in_progress' });
    expect(targetAfter(shown, 'c', 'left')).toEqual({ status: 'in_progress' });
    expect(targetAfter(shown, 'c', 'right')).toBeNull();
  });

  it('is a position that leaves the card itself out', () => {
    const board = { columns: shown.map((c) => ({ ...c, name: '', points: 0 })) } as unknown as Board;
    expect(positionOf(board, 'a', { status: 'ready', after: 'b' })).toEqual({ col: 0, row: 1 });
    expect(positionOf(board, 'a', { status: 'testing', before: 'c' })).toEqual({ col: 2, row: 0 });
    expect(positionOf(board, 'a', { status: 'testing', before: 'gone' })).toEqual({ col: 2, row: 1 });
    expect(positionOf(board, 'a', { status: 'dropped' })).toBeNull();
  });
});

describe('the filter', () => {
  const cards = [
    card('a', { assignee: { id: '1', name: 'Ana' } }),
    card('b', { emergency: true }),
    card('c', { title: 'OpenSSL 3' }),
  ];
  const keys = (q: string, assignee?: string) =>
    shownCards(cards, q, assignee, '1')
      .map((c) => c.key)
      .join('');

  it('puts emergencies first', () => expect(keys('')).toBe('bac'));
  it('needs every word', () => {
    expect(keys('openssl c')).toBe('c');
    expect(keys('openssl a b')).toBe('');
  });
  it('knows me and nobody', () => {
    expect(keys('', 'me')).toBe('a');
    expect(keys('', 'none')).toBe('bc');
    expect(keys('', '7')).toBe('');
  });
});
