import { expect, test } from 'vitest';
import type { ItemMove, Moves } from '../../api/schema';
import { causeText, movesText, sinceText } from './causes';

const move = (more: Partial<ItemMove>): ItemMove => ({
  key: 'INF-1',
  title: 'Update openssl',
  kind: 'moved',
  at: '2026-03-01T10:00:00Z',
  before: 40,
  after: 60,
  cause: '',
  was: '',
  became: '',
  kev: false,
  status: 'new',
  ...more,
});

test('each cause is said in a few words', () => {
  const text = (cause: string, was = '', became = '') => causeText(move({ cause, was, became }));
  expect(text('kev', 'no', 'yes')).toBe('known exploited (KEV)');
  expect(text('epss', '0.02', '0.61')).toBe('EPSS 2.0 % → 61.0 %');
  expect(text('epss', '', '0.5')).toBe('EPSS unknown → 50.0 %');
  expect(text('assets', '3', '9')).toBe('affected assets 3 → 9');
  expect(text('due', '40 %', '60 %')).toBe('the due date nears');
  expect(text('something new')).toBe('scored again');
  expect(causeText(move({ kind: 'closed' }))).toBe('closed');
});

test('the mark is told by the clock of the team', () => {
  const now = Date.parse('2026-03-02T08:00:00Z');
  expect(sinceText('2026-03-02T06:30:00Z', 'Europe/Berlin', now)).toBe('07:30');
  expect(sinceText('2026-03-01T16:30:00Z', 'Europe/Berlin', now)).toBe('yesterday 17:30');
  expect(sinceText('2026-02-20T16:30:00Z', 'Europe/Berlin', now)).toBe('Feb 20 17:30');
  expect(sinceText('2026-03-01T23:30:00Z', 'Europe/Berlin', now)).toBe('00:30');
});

test('the line names only what there is', () => {
  const moves = { since: '', until: '', looked: true, moved: 14, new: 0, closed: 1000, items: [], rebaseline: null };
  expect(movesText(moves as Moves)).toBe('14 moved, 1,000+ closed');
  expect(movesText({ ...moves, moved: 0, closed: 0 } as Moves)).toBe('');
});
