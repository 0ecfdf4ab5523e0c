import { describe, expect, it } from 'vitest';
import { bandCounts, causeGeometry, causesByDay, cycleGeometry, type FlowDay, flowGeometry } from './flow';
import { toCSV } from './table';

const days: FlowDay[] = [
  { day: '2026-03-02', counts: { new: 90, in_progress: 2, verified: 10 } },
  { day: '2026-03-03', counts: { new: 88, in_progress: 3, testing: 1, verified: 12 } },
];

describe('flow', () => {
  it('counts what is done from the first day on', () => {
    const counts = bandCounts(days, false);
    expect(counts.find((c) => c.id === 'done')?.values).toEqual([0, 2]);
    expect(counts.find((c) => c.id === 'progress')?.values).toEqual([2, 3]);
    expect(counts.some((c) => c.id === 'waiting')).toBe(false);
    expect(bandCounts(days, true).at(-1)?.values).toEqual([90, 88]);
  });
  it('draws no area of one day and none of nothing', () => {
    expect(flowGeometry([], false, 600, 300).paths.every((p) => p.d === '')).toBe(true);
    expect(flowGeometry(days.slice(0, 1), false, 600, 300).paths.every((p) => p.d === '')).toBe(true);
    expect(flowGeometry(days, false, 600, 300).paths.find((p) => p.id === 'progress')?.d).toMatch(/^M.*Z$/);
  });
  it('puts one finished item in the middle, and blocked time below its dot', () => {
    const one = { key: 'INF-1', title: 'x', done_at: '2026-03-03T10:00:00Z', days: 4, blocked_days: 1 };
    const g = cycleGeometry([one], [4], 600, 300);
    expect(g.dots[0]?.x).toBeGreaterThan(250);
    expect(g.dots[0]?.blocked).toBeGreaterThan(g.dots[0]?.y ?? 0);
    expect(cycleGeometry([], [], 600, 300).dots).toEqual([]);
  });
});

describe('causes', () => {
  const rows = [
    { at: '2026-03-02T10:00:00Z', kind: 'retired', delta: -5 },
    { at: '2026-03-02T11:00:00Z', kind: 'arrived', delta: 3 },
    { at: '2026-03-03T11:00:00Z', kind: 'retired', delta: -1 },
    { at: '2026-04-01T11:00:00Z', kind: 'retired', delta: -1 },
  ];
  it('splits the change of a day by cause, up and down', () => {
    const list = ['2026-03-02', '2026-03-03'];
    const sums = causesByDay(list, rows, ['retired', 'arrived'], (at) => at.slice(0, 10));
    expect(sums).toEqual({ retired: [-5, -1], arrived: [3, 0] });
    const g = causeGeometry(list, sums, 600, 300);
    expect(g.bars).toHaveLength(3);
    expect(g.bars.find((b) => b.cause === 'arrived')?.y).toBeLessThan(g.zero);
    expect(g.bars.find((b) => b.cause === 'retired')?.y).toBeCloseTo(g.zero);
  });
});

it('a CSV cell cannot start a formula', () => {
  const columns = [{ name: 'item' }, { name: 'points', num: true }];
  expect(
    toCSV({
      columns,
      rows: [
        ['=1+1', -3],
        ['a "b", c', null],
      ],
    }),
  ).toBe('item,points\r\n\'=1+1,-3\r\n"a ""b"", c",\r\n');
});
