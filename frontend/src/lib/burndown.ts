/**
 * A sprint report as a picture: what stands where, in pixels, and what the tiles say.
 * Day i lies between the boundaries i and i + 1; a day's figures are those of its end,
 * today's those of now and stand in the middle of the day. A sprint of a day or two is drawn by the hour.
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
  /** What the planned end is known from. */
  sprint?: { end_date: string };
}

export interface Marker {
  x: number;
  y: number;
  day: string;
  /** The last day of several whose changes stand too near each other to be told apart. */
  until?: string;
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
  /** Of a chart by the hour. */
  hours: { x: number; text: string }[];
  /** Where the planned end was, of a sprint that ran over it. */
  plannedEnd: number | null;
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

/** One figure in time: x in pixels. */
interface Stand {
  x: number;
  scope: number;
  done: number;
}

/** Up to how many days a sprint is drawn by the hour: its days alone would say nothing. */
const byTheHour = 2;

/**
 * The points chart of a report in a box of the given size. `gone` is how much of today has gone by, 0 to 1; it counts
 * where a sprint is drawn by the hour.
 */
export function pointsGeometry(r: Report, mode: Mode, width: number, height: number, gone = 0.5): Geometry {
  const axis = niceAxis(highest(r));
  const { shared, x, y } = skeleton(r, axis, width, height);
  const figureOf = (s: Stand) => (mode === 'down' ? s.scope - s.done : s.done);
  const byHour = r.days.length <= byTheHour ? hourly(r, x, gone) : null;
  const stands = byHour ?? daily(r, x);
  const start = mode === 'down' ? r.committed : 0;
  const last = stands.at(-1);
  const now = last ? { x: last.x, y: y(figureOf(last)), value: figureOf(last) } : null;
  const target = (d: Day) => (mode === 'down' ? d.guideline : r.committed - d.guideline);
  const scopes = byHour ? byHour.map((s): Point => [s.x, y(s.scope)]) : scopeSteps(r, x, y);
  const at = (row: LedgerRow, i: number) => x(i + (byHour ? shareOf(row) : 0.5));
  return {
    ...shared,
    hours: byHour ? hours(r, x) : [],
    guideline: line([[x(0), y(start)], ...r.days.map((d, i): Point => [x(i + 1), y(target(d))])]),
    scope: last ? steps([[x(0), y(r.committed)], ...scopes, [last.x, y(last.scope)]]) : '',
    main: last ? steps([[x(0), y(start)], ...stands.map((s): Point => [s.x, y(figureOf(s))])]) : '',
    ...cone(r, mode, now, last?.scope ?? 0, x(r.days.length), y),
    now,
    running: r.today !== null,
    markers: apart(markers(r, at, y, byHour)),
  };
}

/** The figures at the end of each day that has happened. */
function daily(r: Report, x: (i: number) => number): Stand[] {
  return r.days.flatMap((d, i) =>
    d.scope === null ? [] : [{ x: x(isToday(r, i) ? i + 0.5 : i + 1), scope: d.scope, done: d.done ?? 0 }],
  );
}

/** The figures after each change, by the clock of the sprint; null where the ledger's rows do not lead to those of the days. */
function hourly(r: Report, x: (i: number) => number, gone: number): Stand[] | null {
  const last = r.days.findLastIndex((d) => d.scope !== null);
  const end = r.days[last];
  if (!end) return null;
  const out: Stand[] = [];
  let [scope, done] = [r.committed, 0];
  for (const row of r.scope_ledger) {
    if (row.kind === 'completed' || row.kind === 'reopened') done = round(done - row.delta, 6);
    else scope = round(scope + row.delta, 6);
    const i = r.days.findIndex((d) => d.day === row.at.slice(0, 10));
    if (i < 0) return null;
    out.push({ x: x(i + shareOf(row)), scope, done });
  }
  if (scope !== end.scope || done !== (end.done ?? 0)) return null;
  const until = x(isToday(r, last) ? last + gone : last + 1);
  out.push({ x: Math.max(until, out.at(-1)?.x ?? 0), scope, done });
  return out;
}

/** How much of its day had gone by at a change, as its time is written: 0 to 1. */
const shareOf = (row: LedgerRow) => (Number(row.at.slice(11, 13)) * 60 + Number(row.at.slice(14, 16))) / 1440;

const hours = (r: Report, x: (i: number) => number) =>
  r.days.flatMap((_, i) => [
    { x: x(i + 0.25), text: '06:00' },
    { x: x(i + 0.75), text: '18:00' },
  ]);

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
    hours: [],
    plannedEnd: ranOver(r, x),
    grey: greyRuns(r.days).map(([from, to]) => ({ x: x(from), width: x(to) - x(from) })),
  };
  return { shared, x, y };
}

function ranOver(r: Report, x: (i: number) => number): number | null {
  const end = r.days.findIndex((d) => d.day === r.sprint?.end_date);
  return end >= 0 && end < r.days.length - 1 ? x(end + 1) : null;
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

function markers(
  r: Report,
  at: (row: LedgerRow, day: number) => number,
  y: (v: number) => number,
  byHour: Stand[] | null,
): Marker[] {
  const index = new Map(r.days.map((d, i) => [d.day, i]));
  return r.scope_ledger.flatMap((row, n) => {
    const i = index.get(row.at.slice(0, 10));
    const day = i === undefined ? undefined : r.days[i];
    if (i === undefined || !day || !marked.has(row.kind)) return [];
    const scope = byHour ? byHour[n]?.scope : day.scope;
    return [{ x: at(row, i), y: y(scope ?? r.committed), day: day.day, rows: [row] }];
  });
}

/** Markers whose fields for the pointer would lie on each other are one. */
const apartBy = 24;

function apart(all: Marker[]): Marker[] {
  const out: Marker[] = [];
  for (const m of all) {
    const last = out.at(-1);
    if (last && m.x - last.x < apartBy) {
      last.rows.push(...m.rows);
      if (m.day !== last.day) last.until = m.day;
    } else out.push({ ...m, rows: [...m.rows] });
  }
  return out;
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
