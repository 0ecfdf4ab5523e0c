import { describe, expect, it } from 'vitest';
import { cutLines, dueLine } from './lines';

const row = (points: number | null, sprint: number | null = null, due: string | null = null) => ({
  points,
  sprint,
  due_at: due,
});
const forecast = (p85: number, p50: number) => ({ enough: true, p85_points: p85, p50_points: p50 });

describe('cut lines', () => {
  const rows = [row(5), row(null), row(3), row(8), row(2)];

  it('stand where the points run out, the surer one higher', () => {
    const lines = cutLines(rows, forecast(8, 16), null, true);
    expect(lines.map((l) => l.index)).toEqual([3, 4]);
  });

  it('do not count what the active sprint holds', () => {
    expect(cutLines([row(5, 4), row(5), row(5)], forecast(5, 5), 4, true)[0]?.index).toBe(2);
  });

  it('become one where both fall together', () => {
    expect(cutLines(rows, forecast(8, 9), null, true)).toHaveLength(1);
  });

  it('are absent when everything fits, when nothing fits, and without enough sprints', () => {
    expect(cutLines(rows, forecast(100, 200), null, true)).toEqual([]);
    expect(cutLines(rows, forecast(1, 2), null, true)).toEqual([]);
    expect(cutLines(rows, { ...forecast(8, 16), enough: false }, null, true)).toEqual([]);
    expect(cutLines(rows, undefined, null, true)).toEqual([]);
  });
});

describe('the due line', () => {
  const sprint = { number: 4, end_date: '2026-10-30' };
  const rows = [
    row(1, null, '2026-10-20T00:00:00Z'),
    row(1),
    row(1, 4, '2026-10-30T21:00:00Z'),
    row(1, null, '2026-11-30T00:00:00Z'),
  ];

  it('stands below the last patch due in the sprint and counts those not in it', () => {
    const [line] = dueLine(rows, sprint, 'Europe/Berlin', true);
    expect(line?.index).toBe(3);
    expect(line?.text).toContain('1 above is not in it');
  });

  it('cuts the last day in the zone of the team', () => {
    expect(dueLine([row(1, null, '2026-10-30T23:30:00Z'), row(1)], sprint, 'Europe/Berlin', true)).toEqual([]);
    expect(dueLine([row(1, null, '2026-10-30T23:30:00Z'), row(1)], sprint, 'America/New_York', true)).toHaveLength(1);
  });

  it('is absent when all of them are in the sprint, and while it would still move', () => {
    expect(dueLine([row(1, 4, '2026-10-20T00:00:00Z')], sprint, 'UTC', true)).toEqual([]);
    expect(dueLine([row(1, null, '2026-10-20T00:00:00Z')], sprint, 'UTC', false)).toEqual([]);
    expect(dueLine(rows, undefined, 'UTC', true)).toEqual([]);
  });
});
