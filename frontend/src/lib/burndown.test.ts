import { describe, expect, it } from 'vitest';
import { type Day, figures, pointsGeometry, type Report, riskByCause, riskGeometry } from './burndown';
import { everyNth, niceAxis } from './chart';

const date = (i: number) => new Date(Date.UTC(2026, 9, 19 + i)).toISOString().slice(0, 10);
const day = (i: number, scope: number | null, done: number | null, guideline: number, working = true): Day => ({
  day: date(i),
  working,
  scope,
  done,
  remaining: scope === null || done === null ? null : scope - done,
  guideline,
});
const report = (days: Day[], more: Partial<Report> = {}): Report => ({
  committed: 20,
  days,
  scope_ledger: [],
  risk: { ledger: [], total_open: [], in_sprint: [] },
  projection: null,
  today: null,
  ...more,
});
/** Every coordinate of a path, to check that nothing leaves the box or is not a number. */
const numbers = (path: string) => (path.match(/-?[\d.]+|NaN|Infinity/g) ?? []).map(Number);
const inside = (r: Report, width = 900, height = 360) => {
  const g = pointsGeometry(r, 'down', width, height);
  for (const p of [g.guideline, g.scope, g.main, g.cone, g.median]) {
    for (const n of numbers(p)) expect(n).toBeGreaterThanOrEqual(0);
    for (const n of numbers(p)) expect(n).toBeLessThanOrEqual(width);
  }
  return g;
};

describe('axis', () => {
  it.each([
    [1, 1],
    [19, 20],
    [26, 30],
    [138, 150],
    [20_000, 20_000],
    [0.5, 0.5],
  ])('rounds %d up to %d in at most six lines', (max, top) => {
    const axis = niceAxis(max);
    expect(axis.top).toBeCloseTo(top);
    expect(axis.ticks.length).toBeLessThanOrEqual(6);
    expect(axis.ticks[0]).toBe(0);
    expect(axis.ticks.at(-1)).toBeCloseTo(top);
  });

  it.each([0, Number.NaN, -1])('has its zero alone where there is %d to draw', (max) => {
    expect(niceAxis(max)).toEqual({ top: 1, ticks: [0] });
  });

  it.each([
    [1, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [12, [0, 5, 10, 15]],
  ])('counts %d things in whole steps', (max, ticks) => {
    expect(niceAxis(max, 5, true).ticks).toEqual(ticks);
  });

  it('thins out labels until they fit', () => {
    expect(everyNth(10, 900, 64)).toBe(1);
    expect(everyNth(100, 900, 64)).toBe(8);
    expect(everyNth(100, 30, 64)).toBe(100);
  });
});

describe('points chart', () => {
  const normal = report(
    [
      day(0, 20, 0, 16),
      day(1, 25, 5, 12),
      day(2, 25, 5, 12, false),
      day(3, 25, 5, 12, false),
      day(4, null, null, 6),
      day(5, null, null, 0),
    ],
    {
      today: date(3),
      projection: { p15: 0, p50: 5, p85: 12 },
      scope_ledger: [
        { at: `${date(1)}T11:00:00+02:00`, kind: 'added', item: 'F', delta: 5 },
        { at: `${date(1)}T15:00:00+02:00`, kind: 'completed', item: 'A', delta: -5 },
      ],
    },
  );

  it('keeps the guideline flat on days off and ends it at zero', () => {
    const g = inside(normal);
    const points = g.guideline
      .slice(1)
      .split('L')
      .map((p) => p.split(',').map(Number));
    expect(points).toHaveLength(7);
    expect(points[2]?.[1]).toBe(points[4]?.[1]);
    expect(points.at(-1)?.[1]).toBe(g.y(0));
  });

  it('marks two days off in a row as one grey field', () => {
    const g = inside(normal);
    expect(g.grey).toHaveLength(1);
    expect(g.grey[0]?.x).toBeCloseTo((g.middle(1) + g.middle(2)) / 2);
    expect(g.grey[0]?.width).toBeCloseTo(2 * (g.middle(1) - g.middle(0)));
  });

  it('stands in the middle of today and at the end of days gone by', () => {
    const g = inside(normal);
    expect(g.now?.x).toBeCloseTo(g.middle(3));
    expect(g.now?.value).toBe(20);
    const closed = inside({ ...normal, today: null });
    expect(closed.now?.x).toBeCloseTo((g.middle(3) + g.middle(4)) / 2);
  });

  it('opens the cone from now to the planned end, upside down when burning up', () => {
    const g = inside(normal);
    expect(numbers(g.median)).toHaveLength(4);
    expect(numbers(g.median)[3]).toBeCloseTo(g.y(5), 0);
    const up = pointsGeometry(normal, 'up', 900, 360);
    expect(numbers(up.median)[3]).toBeCloseTo(up.y(20), 0);
  });

  it('marks the day on which scope changed with its rows, and completions not', () => {
    const g = inside(normal);
    expect(g.markers).toHaveLength(1);
    expect(g.markers[0]?.rows.map((r) => r.item)).toEqual(['F']);
    expect(g.markers[0]?.x).toBeCloseTo(g.middle(1));
  });

  it('draws an empty sprint on an axis of one, without lines that mean nothing', () => {
    const g = inside(report([day(0, 0, 0, 0), day(1, null, null, 0)], { committed: 0, today: date(0) }));
    expect(g.axis.top).toBe(1);
    expect(g.now?.value).toBe(0);
  });

  it('draws a sprint that has not begun: only its guideline', () => {
    const g = inside(report([day(0, null, null, 10), day(1, null, null, 0)]));
    expect(g.main).toBe('');
    expect(g.scope).toBe('');
    expect(g.now).toBeNull();
  });

  it('draws a sprint of one day across the whole width', () => {
    const g = inside(report([day(0, 20, 20, 0)]));
    const xs = g.guideline
      .slice(1)
      .split('L')
      .map((p) => Number(p.split(',')[0]));
    expect((xs[1] ?? 0) - (xs[0] ?? 0)).toBeGreaterThan(800);
    expect(g.labels).toHaveLength(1);
  });

  it('draws a hundred days of twenty thousand points, with room for the labels', () => {
    const days = Array.from({ length: 100 }, (_, i) => day(i, 20_000 + i, i * 100, 20_000 - i * 200, i % 7 < 5));
    const g = inside(report(days, { committed: 20_000 }), 328, 280);
    expect(g.axis.top).toBeGreaterThanOrEqual(20_099);
    expect(g.frame.left).toBeGreaterThan(50);
    expect(g.labels.length).toBeLessThanOrEqual(6);
  });

  it('draws an overdue sprint to today without a cone', () => {
    const g = inside(
      report([day(0, 20, 5, 0), day(1, 20, 8, 0), day(2, 20, 8, 0)], { today: date(2), projection: null }),
    );
    expect(g.cone).toBe('');
    expect(g.now?.x).toBeCloseTo(g.middle(2));
  });

  it('draws no days at all without failing', () => {
    expect(inside(report([])).labels).toEqual([]);
  });
});

describe('risk chart', () => {
  it('holds each day at its closing risk and stops where the figures stop', () => {
    const r = report([day(0, 20, 0, 10), day(1, null, null, 0)], {
      today: date(0),
      risk: { ledger: [], total_open: [300], in_sprint: [245] },
    });
    const g = riskGeometry(r, r.risk.in_sprint, 900, 360);
    expect(g.now).toMatchObject({ value: 245 });
    expect(g.now?.x).toBeCloseTo(g.middle(0));
  });

  it('survives a report without risk', () => {
    expect(riskGeometry(report([]), [], 900, 360).main).toBe('');
  });

  it('sums movements by cause', () => {
    const r = report([], {
      risk: {
        total_open: [],
        in_sprint: [],
        ledger: [
          { kind: 'retired', item: 'A', delta: -90 },
          { kind: 'retired', item: 'B', delta: -40.2 },
          { kind: 'arrived', item: 'F', delta: 98 },
        ],
      },
    });
    expect(riskByCause(r).slice(0, 2)).toEqual([
      { cause: 'retired', delta: -130.2, count: 2 },
      { cause: 'arrived', delta: 98, count: 1 },
    ]);
  });
});

describe('tiles', () => {
  it('compare with the guideline of the last day that happened', () => {
    expect(figures(report([day(0, 20, 0, 16), day(1, 25, 5, 12), day(2, null, null, 0)]))).toMatchObject({
      remaining: 20,
      scope: 25,
      behind: 8,
      scopeChange: 5,
    });
  });

  it('show the plan before the start', () => {
    expect(figures(report([day(0, null, null, 0)]))).toMatchObject({
      remaining: 20,
      scope: 20,
      behind: 0,
      scopeChange: 0,
    });
  });
});
