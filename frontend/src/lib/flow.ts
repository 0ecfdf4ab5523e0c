/** Flow, cycle times and causes as pictures: what stands where, in pixels. */
import { area, everyNth, frameFor, niceAxis, type Point, xScale, yScale } from './chart';

export interface FlowDay {
  day: string;
  counts: Record<string, number>;
}

/** The bands from the bottom: what is done lies below what is under way. */
export const bands = [
  { id: 'done', label: 'Done', of: ['verified'] },
  { id: 'deployed', label: 'Deployed', of: ['deployed'] },
  { id: 'scheduled', label: 'Scheduled', of: ['scheduled'] },
  { id: 'approval', label: 'Awaiting approval', of: ['awaiting_approval'] },
  { id: 'testing', label: 'Testing', of: ['testing'] },
  { id: 'progress', label: 'In progress', of: ['in_progress'] },
  { id: 'waiting', label: 'Backlog', of: ['new', 'ready'] },
] as const;

export type Band = (typeof bands)[number]['id'];

/** How many items each band has on each day; done counts from the first day on. */
export function bandCounts(
  days: readonly FlowDay[],
  withBacklog: boolean,
): { id: Band; label: string; values: number[] }[] {
  const doneBefore = days[0]?.counts.verified ?? 0;
  return bands
    .filter((b) => withBacklog || b.id !== 'waiting')
    .map((b) => ({
      id: b.id,
      label: b.label,
      values: days.map((d) => b.of.reduce((n, s) => n + (d.counts[s] ?? 0), 0) - (b.id === 'done' ? doneBefore : 0)),
    }));
}

function plot(days: readonly string[], highest: number, width: number, height: number) {
  const axis = niceAxis(highest, 5, true);
  const frame = frameFor(width, height, axis);
  const x = xScale(Math.max(1, days.length - 1), frame);
  const every = everyNth(days.length, width, 72);
  const labels = days.flatMap((day, i) => (i % every === 0 && x(i) < width - 40 ? [{ x: x(i), day }] : []));
  return { axis, frame, x, y: yScale(axis, frame), labels };
}

export function flowGeometry(days: readonly FlowDay[], withBacklog: boolean, width: number, height: number) {
  const counts = bandCounts(days, withBacklog);
  const total = days.map((_, i) => counts.reduce((sum, b) => sum + Math.max(0, b.values[i] ?? 0), 0));
  const { x, ...p } = plot(
    days.map((d) => d.day),
    Math.max(0, ...total),
    width,
    height,
  );
  const below = days.map(() => 0);
  const paths = counts.map((b) => {
    const lower: Point[] = below.map((v, i) => [x(i), p.y(v)]);
    b.values.forEach((v, i) => {
      below[i] = (below[i] ?? 0) + Math.max(0, v);
    });
    const upper: Point[] = below.map((v, i) => [x(i), p.y(v)]);
    return { id: b.id, label: b.label, d: upper.length > 1 ? area(upper, lower) : '' };
  });
  return { ...p, paths };
}

export interface Cycle {
  key: string;
  title: string;
  done_at: string;
  days: number;
  blocked_days: number;
}

export function cycleGeometry(cycles: readonly Cycle[], percentiles: readonly number[], width: number, height: number) {
  const times = cycles.map((c) => Date.parse(c.done_at));
  const first = Math.min(...times);
  const span = Math.max(1, Math.max(...times) - first);
  const axis = niceAxis(Math.max(0, ...cycles.map((c) => c.days), ...percentiles), 5);
  const frame = frameFor(width, height, axis);
  const y = yScale(axis, frame);
  const x = xScale(1, frame);
  const inset = 10; // so that the first and the last dot stand whole
  const at = (t: number) =>
    cycles.length === 1 ? (x(0) + x(1)) / 2 : x(0) + inset + ((t - first) / span) * (x(1) - x(0) - 2 * inset);
  const dots = cycles.map((c, i) => ({
    key: c.key,
    cycle: c,
    x: at(times[i] ?? first),
    y: y(c.days),
    blocked: c.blocked_days > 0 ? y(c.days - Math.min(c.days, c.blocked_days)) : null,
  }));
  const every = everyNth(dots.length, width, 90);
  const labels: { x: number; day: string }[] = [];
  dots.forEach((d, i) => {
    const last = labels.at(-1);
    if (i % every === 0 && (!last || d.x - last.x > 72) && d.x < width - 30)
      labels.push({ x: d.x, day: d.cycle.done_at.slice(0, 10) });
  });
  return { axis, frame, y, labels, dots };
}

export interface CauseRow {
  at?: string | undefined;
  kind: string;
  delta: number;
}

/** The change of open risk by day and cause; the day is that of the report's own time zone. */
export function causesByDay(
  days: readonly string[],
  rows: readonly CauseRow[],
  causes: readonly string[],
  dayOf: (at: string) => string,
) {
  const index = new Map(days.map((d, i) => [d, i]));
  const sums = Object.fromEntries(causes.map((c) => [c, days.map(() => 0)])) as Record<string, number[]>;
  for (const row of rows) {
    const i = row.at ? index.get(dayOf(row.at)) : undefined;
    const list = sums[row.kind];
    if (i !== undefined && list) list[i] = Math.round(((list[i] ?? 0) + row.delta) * 100) / 100;
  }
  return sums;
}

/** Bars above and below a zero line, one a day and cause. */
export function causeGeometry(days: readonly string[], sums: Record<string, number[]>, width: number, height: number) {
  const ups = days.map((_, i) => Object.values(sums).reduce((n, list) => n + Math.max(0, list[i] ?? 0), 0));
  const downs = days.map((_, i) => Object.values(sums).reduce((n, list) => n + Math.max(0, -(list[i] ?? 0)), 0));
  const axis = niceAxis(Math.max(0, ...ups, ...downs), 3);
  const frame = frameFor(width, height, axis);
  const zero = frame.top + (height - frame.top - frame.bottom) / 2;
  const half = zero - frame.top;
  const y = (v: number) => zero - (v / axis.top) * half;
  const x = xScale(days.length, frame);
  const wide = Math.max(2, Math.min(36, (x(1) - x(0)) * 0.6));
  const above = days.map(() => 0);
  const below = days.map(() => 0);
  const bars = Object.entries(sums).flatMap(([cause, list]) =>
    list.flatMap((delta, i) => {
      if (!delta) return [];
      const side = delta > 0 ? above : below;
      const from = side[i] ?? 0;
      side[i] = from + delta;
      const [a, b] = [y(from), y(from + delta)];
      return [
        {
          cause,
          day: days[i] ?? '',
          delta,
          x: x(i + 0.5) - wide / 2,
          width: wide,
          y: Math.min(a, b),
          height: Math.max(1, Math.abs(a - b)),
        },
      ];
    }),
  );
  const every = everyNth(days.length, width, 64);
  const labels = days.flatMap((day, i) => (i % every === 0 ? [{ x: x(i + 0.5), day }] : []));
  const ticks = [...axis.ticks.slice(1).map((t) => -t), ...axis.ticks];
  return { frame, ticks, y, zero, bars, labels, thin: wide < 6 };
}
