import { describe, expect, it } from 'vitest';
import type { Board, Card } from '../../api/schema';
import { filterOf, shownCards } from './filter';
import { type Lane, lanesOf } from './lanes';
import { loads, overloaded } from './load';
import { focusAfter, positionOf, stepOf, targetAfter } from './steps';

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
  labels: [],
  version: 1,
  ...more,
});
const columns = [
  { status: 'ready' as const, name: 'To do', cards: [card('a'), card('b')] },
  { status: 'in_progress' as const, name: 'In progress', cards: [] },
  { status: 'testing' as const, name: 'Testing', cards: [card('c')] },
];
const cut = { by: 'none' as const, emergencies: true, groups: [], me: '1' };
const shown: Lane[] = lanesOf(columns, cut);
const ana = { id: '1', name: 'Ana' };
const bo = { id: '2', name: 'Bo' };
/** Ana has a and c to do, Bo has b to do and d in testing, nobody has e; f is an emergency. */
const crowd = [
  {
    status: 'ready' as const,
    name: 'To do',
    cards: [
      card('a', { assignee: ana }),
      card('b', { assignee: bo }),
      card('c', { assignee: ana, band: 'high' }),
      card('e'),
    ],
  },
  {
    status: 'testing' as const,
    name: 'Testing',
    cards: [card('d', { assignee: bo }), card('f', { assignee: ana, emergency: true })],
  },
];
const layout = (lanes: Lane[]) =>
  lanes.map((l) => `${l.name}: ${l.columns.map((c) => c.cards.map((x) => x.key).join('')).join('|')}`);
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
    const board = { columns: columns.map((c) => ({ ...c, points: 0 })) } as unknown as Board;
    expect(positionOf(board, 'a', { status: 'ready', after: 'b' })).toEqual({ col: 0, row: 1 });
    expect(positionOf(board, 'a', { status: 'testing', before: 'c' })).toEqual({ col: 2, row: 0 });
    expect(positionOf(board, 'a', { status: 'testing', before: 'gone' })).toEqual({ col: 2, row: 1 });
    expect(positionOf(board, 'a', { status: 'dropped' })).toBeNull();
  });
});

describe('lanes', () => {
  it('put emergencies on top, whoever has them, and oneself before the others', () => {
    expect(layout(lanesOf(crowd, { ...cut, by: 'assignee' }))).toEqual([
      'Emergencies: |f',
      'Ana (you): ac|',
      'Bo: b|d',
      'Unassigned: e|',
    ]);
  });
  it('leave emergencies among the others where the team has no lane for them', () => {
    expect(layout(lanesOf(crowd, { ...cut, emergencies: false }))).toEqual([': abce|df']);
  });
  it('stand by band from the highest, and by group with the rest last', () => {
    expect(layout(lanesOf(crowd, { ...cut, emergencies: false, by: 'band' }))).toEqual([
      'High priority: c|',
      'Medium priority: abe|df',
    ]);
    const groups = [
      { id: 'g', name: 'Payment', keys: ['b', 'd'] },
      { id: 'h', name: 'Web', keys: ['a', 'b'] },
    ];
    expect(layout(lanesOf(crowd, { ...cut, emergencies: false, by: 'group', groups }))).toEqual([
      'Payment: b|d',
      'Web: a|',
      'In no asset group: ce|f',
    ]);
  });
  it('are one empty lane on an empty board', () => {
    const empty = crowd.map((c) => ({ ...c, cards: [] }));
    expect(layout(lanesOf(empty, { ...cut, by: 'assignee' }))).toEqual([': |']);
  });
  it('are walked through by up and down, and a step over the border gives a card to the next person', () => {
    const lanes = lanesOf(crowd, { ...cut, by: 'assignee' });
    expect(focusAfter(lanes, 'c', 'down')).toBe('b');
    expect(focusAfter(lanes, 'd', 'up')).toBe('f');
    expect(targetAfter(lanes, 'c', 'down')).toEqual({ status: 'ready', before: 'b', lane: '2' });
    expect(targetAfter(lanes, 'd', 'down')).toEqual({ status: 'testing', lane: 'nobody' });
    expect(targetAfter(lanes, 'b', 'right')).toEqual({ status: 'testing', before: 'd' });
    expect(targetAfter(lanes, 'a', 'up')).toBeNull(); // nobody becomes an emergency by a key
  });
});

describe('the filter', () => {
  const due = (day: string) => `${day}T12:00:00Z`;
  const cards = [
    card('a', { assignee: ana, due_at: due('2026-11-20') }),
    card('b', { emergency: true, labels: ['pci'], due_at: due('2026-11-28') }),
    card('c', { title: 'OpenSSL 3', band: 'high', blocked_since: due('2026-11-18') }),
  ];
  const keys = (url: Record<string, string>) =>
    shownCards(cards, filterOf(url), { me: '1', zone: 'Europe/Berlin', end: '2026-11-27' })
      .map((c) => c.key)
      .join('');

  it('needs every word', () => {
    expect(keys({ q: 'openssl c' })).toBe('c');
    expect(keys({ q: 'openssl a b' })).toBe('');
  });
  it('knows me and nobody', () => {
    expect(keys({ assignee: 'me' })).toBe('a');
    expect(keys({ assignee: 'none' })).toBe('bc');
    expect(keys({ assignee: '7' })).toBe('');
  });
  it('knows labels, bands, blockers and what is due before the end', () => {
    expect(keys({ label: 'pci' })).toBe('b');
    expect(keys({ band: 'high' })).toBe('c');
    expect(keys({ blocked: '1' })).toBe('c');
    expect(keys({ due: '1' })).toBe('a');
    expect(keys({})).toBe('abc');
  });
});

describe('the load', () => {
  const board = (limits: 'off' | 'warn') =>
    ({ columns: crowd, limits, person_limit: 1, emergency_lane: true }) as unknown as Board;
  const working = (b: Board): Board => ({
    ...b,
    columns: b.columns.map((c) => ({ ...c, cards: c.cards.map((x) => ({ ...x, status: 'testing' as const })) })),
  });

  it('counts cards in progress, without emergencies, and names who has too many', () => {
    expect(loads(board('warn'))).toEqual([]);
    expect(loads(working(board('warn')))).toEqual([
      { ...ana, cards: 2 },
      { ...bo, cards: 2 },
    ]);
    expect(overloaded(working(board('warn'))).map((l) => l.name)).toEqual(['Ana', 'Bo']);
    expect(overloaded(working(board('off')))).toEqual([]);
  });
});
