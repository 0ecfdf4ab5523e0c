/**
 * A sprint report as a picture: what stands where, in pixels, and what the tiles say.
 * Day i lies between the boundaries i and i + 1; a day's figures are those of its end,
 * today's those of now and stand in the middle of the day.
 */
import {
  type Axis,
  area,
  everyNth,
  type Frame,
  frameFor,
  line,
  niceAxis,
  type Point,
  round,
  steps,
  xScale,
  yScale,
} from './chart';

export interface Day {
  day: string;
  working: boolean;
  scope: number | null;
  done: number | null;
  remaining: number | null;
  guideline: number;
}
export interface LedgerRow {
  at: string;
  kind: string;
  detail?: string | undefined;
  item: string;
  delta: number;
  who?: string | undefined;
  reason?: string | undefined;
}
export interface RiskRow {
  at?: string | undefined;
  kind: RiskCause;
  item: string;
  delta: number;
}
export type RiskCause = 'retired' | 'arrived' | 'rescored' | 'accepted' | 'returned';
export interface Projection {
  p15: number;
  p50: number;
  p85: number;
}
export interface Report {
  committed: number;
  days: Day[];
  scope_ledger: LedgerRow[];
  risk: { ledger: RiskRow[]; total_open: number[]; in_sprint: number[] };
  projection?: Projection | null | undefined;
  today: string | null;
}

export interface Marker {
  x: number;
  y: number;
  day: string;
  rows: LedgerRow[];
}
export interface Geometry {
  frame: Frame;
  axis: Axis;
  y: (v: number) => number;
  /** The middle of a day. */
  middle: (day: number) => number;
  days: number;
  labels: { x: number; day: string }[];
  grey: { x: number; width: number }[];
  guideline: string;
  scope: string;
  /** Remaining, or done when burning up. */
  main: string;
  cone: string;
  median: string;
  now: { x: number; y: number; value: number } | null;
  /** Whether the sprint goes on: only then is there a today line. */
  running: boolean;
  markers: Marker[];
}
export type Mode = 'down' | 'up';

/** Which rows change the scope, or bring finished work back: the ones worth a marker. */
const marked = new Set([
  'added',
  'removed',
  'estimated',
  're_estimated',
  're-estimated',
  'dropped',
  'split',
  'correction',
  'reopened',
]);

/** The points chart of a report in a box of the given size. */
export function pointsGeometry(r: Report, mode: Mode, width: number, height: number): Geometry {
  const known = r.days.flatMap((d, i) => (d.scope === null ? [] : [{ ...d, i }]));
  const axis = niceAxis(highest(r));
  const base = skeleton(r, axis, width, height);
  const { x, y } = base;
  const figureOf = (d: Day) => (mode === 'down' ? (d.remaining ?? 0) : (d.done ?? 0));
  const at = (i: number) => x(isToday(r, i) ? i + 0.5 : i + 1);
  const start = mode === 'down' ? r.committed : 0;
  const last = known.at(-1);
  const now = last ? { x: at(last.i), y: y(figureOf(last)), value: figureOf(last) } : null;
  const target = (d: Day) => (mode === 'down' ? d.guideline : r.committed - d.guideline);
  return {
    ...base.shared,
    guideline: line([[x(0), y(start)], ...r.days.map((d, i): Point => [x(i + 1), y(target(d))])]),
    scope: known.length
      ? steps([[x(0), y(r.committed)], ...scopeSteps(r, x, y), [at(last?.i ?? 0), y(last?.scope ?? 0)]])
      : '',
    main: known.length ? steps([[x(0), y(start)], ...known.map((d): Point => [at(d.i), y(figureOf(d))])]) : '',
    ...cone(r, mode, now, last?.scope ?? 0, x(r.days.length), y),
    now,
    running: r.today !== null,
    markers: markers(r, x, y),
  };
}

/** The risk chart: risk open in the whole backlog, or of the sprint's own items. */
export function riskGeometry(r: Report, values: readonly number[], width: number, height: number): Geometry {
  const axis = niceAxis(Math.max(0, ...r.risk.total_open, ...r.risk.in_sprint));
  const { shared, x, y } = skeleton(r, axis, width, height);
  const points = values.slice(0, r.days.length).map((v, i): Point => [x(i), y(v)]);
  const last = values.length ? values.length - 1 : -1;
  const end = x(isToday(r, last) ? last + 0.5 : last + 1);
  const value = values[last];
  return {
    ...shared,
    guideline: '',
    scope: '',
    main: value === undefined ? '' : steps([...points, [end, y(value)]]),
    cone: '',
    median: '',
    now: value === undefined ? null : { x: end, y: y(value), value },
    running: r.today !== null,
    markers: [],
  };
}

function skeleton(r: Report, axis: Axis, width: number, height: number) {
  const frame = frameFor(width, height, axis);
  const x = xScale(r.days.length, frame);
  const y = yScale(axis, frame);
  const every = everyNth(r.days.length, width, 64);
  const shared = {
    frame,
    axis,
    y,
    middle: (i: number) => x(i + 0.5),
    days: r.days.length,
    labels: r.days.flatMap((d, i) => (i % every === 0 ? [{ x: x(i + 0.5), day: d.day }] : [])),
    grey: greyRuns(r.days).map(([from, to]) => ({ x: x(from), width: x(to) - x(from) })),
  };
  return { shared, x, y };
}

function highest(r: Report): number {
  return Math.max(
    r.committed,
    r.projection?.p85 ?? 0,
    ...r.days.map((d) => Math.max(d.scope ?? 0, d.remaining ?? 0, d.guideline)),
  );
}

const isToday = (r: Report, i: number) => r.today !== null && r.days[i]?.day === r.today;

/** Runs of non-working days as [first, one past the last]. */
function greyRuns(days: readonly Day[]): [number, number][] {
  const runs: [number, number][] = [];
  days.forEach((d, i) => {
    if (d.working) return;
    const run = runs.at(-1);
    if (run && run[1] === i) run[1] = i + 1;
    else runs.push([i, i + 1]);
  });
  return runs;
}

/** One step a day, in its middle: the day's end is exact, the hour is in the ledger table. */
function scopeSteps(r: Report, x: (i: number) => number, y: (v: number) => number): Point[] {
  let before = r.committed;
  return r.days.flatMap((d, i): Point[] => {
    if (d.scope === null || d.scope === before) return [];
    before = d.scope;
    return [[x(i + 0.5), y(d.scope)]];
  });
}

function markers(r: Report, x: (i: number) => number, y: (v: number) => number): Marker[] {
  const byDay = new Map<string, LedgerRow[]>();
  for (const row of r.scope_ledger) {
    if (!marked.has(row.kind)) continue;
    const day = row.at.slice(0, 10);
    byDay.set(day, [...(byDay.get(day) ?? []), row]);
  }
  return r.days.flatMap((d, i) => {
    const rows = byDay.get(d.day);
    return rows ? [{ x: x(i + 0.5), y: y(d.scope ?? r.committed), day: d.day, rows }] : [];
  });
}

function cone(r: Report, mode: Mode, now: Geometry['now'], scope: number, end: number, y: (v: number) => number) {
  if (!r.projection || !now || r.today === null || now.x >= end) return { cone: '', median: '' };
  const at = (left: number): Point => [end, y(mode === 'down' ? left : scope - left)];
  const from: Point = [now.x, now.y];
  return {
    cone: area([from, at(r.projection.p85)], [from, at(r.projection.p15)]),
    median: line([from, at(r.projection.p50)]),
  };
}

export interface Figures {
  remaining: number;
  scope: number;
  done: number;
  /** Remaining minus guideline: positive when behind. */
  behind: number;
  scopeChange: number;
  projection: Projection | null;
}

/** The figures of the tiles: as of the last day that has happened, or of the plan. */
export function figures(r: Report): Figures {
  const last = r.days.filter((d) => d.scope !== null).at(-1);
  const scope = last?.scope ?? r.committed;
  const remaining = last?.remaining ?? r.committed;
  return {
    remaining,
    scope,
    done: last?.done ?? 0,
    behind: last ? round(remaining - last.guideline, 1) : 0,
    scopeChange: round(scope - r.committed, 1),
    projection: r.projection ?? null,
  };
}

export const causes: readonly RiskCause[] = ['retired', 'arrived', 'rescored', 'accepted', 'returned'];

/** Sum and number of the risk movements by cause. */
export function riskByCause(r: Report): { cause: RiskCause; delta: number; count: number }[] {
  return causes.map((cause) => {
    const rows = r.risk.ledger.filter((e) => e.kind === cause);
    return {
      cause,
      delta: round(
        rows.reduce((s, e) => s + e.delta, 0),
        1,
      ),
      count: rows.length,
    };
  });
}
