import { describe, expect, it } from 'vitest';
import type { EstimationRound, EstimationTable } from '../../api/schema';
import { cardAt, newsOf, nextKey, shownKey, statisticsText } from './cards';

const round = (more: Partial<EstimationRound> = {}): EstimationRound => ({
  round: 1,
  scale: [
    { label: '3', points: 3 },
    { label: '5', points: 5 },
  ],
  state: 'voting',
  opened_by: 'Amara',
  opened_at: '2026-03-02T08:00:00Z',
  deadline: null,
  voted: [],
  mine: null,
  votes: [],
  revealed_by: '',
  revealed_why: '',
  revealed_at: null,
  statistics: null,
  final: null,
  ...more,
});

const table = (rounds: Record<string, EstimationRound[]>, more: Partial<EstimationTable> = {}) =>
  ({
    mode: 'live',
    closed_at: null,
    current: Object.keys(rounds)[0] ?? null,
    queue: Object.entries(rounds).map(([key, rounds]) => ({ key, title: key, rounds })),
    present: [],
    ...more,
  }) as unknown as EstimationTable;

const final = { points: 5, by: 'Amara', at: '2026-03-02T08:00:00Z' };

describe('cards', () => {
  it('are chosen by the digit they show, else by their place', () => {
    expect(cardAt('5', ['3', '5', '?'])).toBe('5');
    expect(cardAt('2', ['3', '5', '?'])).toBeUndefined();
    expect(cardAt('2', ['S', 'M', '?'])).toBe('M');
    expect(cardAt('9', ['S', 'M', '?'])).toBeUndefined();
  });
});

describe('the shown patch', () => {
  const both = { A: [round({ mine: '3' })], B: [round()] };
  it('is the one on a live table, and the first that waits for you otherwise', () => {
    expect(shownKey(table(both), 'B')).toBe('A');
    expect(shownKey(table(both, { mode: 'async', current: null }), undefined)).toBe('B');
    expect(shownKey(table(both, { mode: 'async', current: null }), 'A')).toBe('A');
    expect(shownKey(table({}, { mode: 'async' }), undefined)).toBeUndefined();
  });
  it('is followed by the next without a final value, from the top again at the end', () => {
    const t = table({ A: [], B: [round({ final })], C: [] });
    expect(nextKey(t, 'A')).toBe('C');
    expect(nextKey(t, 'C')).toBe('A');
    expect(nextKey(table({ A: [round({ final })] }), 'A')).toBeUndefined();
  });
});

describe('statistics', () => {
  const base = { counts: [], estimates: 2, median: 4, mean: 4.333333, lowest: 3, highest: 5, agreed: false };
  it('are told in one line, with the votes that name no value apart', () => {
    const counts = [{ value: '?', votes: 1 }];
    expect(statisticsText(round({ statistics: { ...base, counts } }))).toBe(
      'Median 4, mean 4.33, from 3 to 5; 1 unsure',
    );
    expect(statisticsText(round({ statistics: { ...base, agreed: true } }))).toBe('All agree on 4');
    const none = { ...base, estimates: 0, median: null, mean: null, lowest: null, highest: null };
    expect(statisticsText(round({ statistics: none }))).toBe('No estimate');
  });
});

describe('news', () => {
  it('tell votes, the reveal, another round and the value, never what was voted', () => {
    const before = table({ A: [round()] });
    expect(newsOf(before, table({ A: [round({ voted: [{ id: '1', name: 'Chen' }] })] }), 'A')).toBe('1 vote on A');
    expect(newsOf(before, table({ A: [round({ state: 'revealed' })] }), 'A')).toMatch(/^Votes revealed/);
    expect(newsOf(before, table({ A: [round(), round({ round: 2 })] }), 'A')).toBe('Round 2 of A');
    expect(newsOf(before, table({ A: [round({ final })] }), 'A')).toBe('A is estimated at 5');
    expect(newsOf(before, before, 'A')).toBe('');
  });
});
