/** Geometry that every chart shares: round axes, straight and stepped paths. Lengths are CSS pixels. */

export type Point = readonly [x: number, y: number];

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Axis {
  /** The highest value drawn, at or above the data. */
  top: number;
  ticks: number[];
}

/**
 * A zero-based axis with at most `count` round steps (1, 2, 2.5 or 5 times a power of ten), whole ones where things are
 * counted. Where there is nothing to draw it has its zero alone.
 */
export function niceAxis(max: number, count = 5, whole = false): Axis {
  if (!(Number.isFinite(max) && max > 0)) return { top: 1, ticks: [0] };
  const highest = whole ? Math.max(max, 1) : max;
  const magnitude = 10 ** Math.floor(Math.log10(highest / count));
  const step =
    [1, 2, 2.5, 5, 10].map((k) => k * magnitude).find((s) => highest / s <= count && (!whole || Number.isInteger(s))) ??
    highest;
  const steps = Math.max(1, Math.ceil(highest / step - 1e-9));
  return { top: steps * step, ticks: Array.from({ length: steps + 1 }, (_, i) => round(i * step, 6)) };
}

/** Room for the axis labels on the left: about seven pixels a character at 12 px. */
export function frameFor(width: number, height: number, axis: Axis): Frame {
  const longest = Math.max(...axis.ticks.map((t) => new Intl.NumberFormat('en').format(t).length));
  return { width, height, left: Math.max(32, 16 + 7 * longest), right: 20, top: 20, bottom: 30 };
}

/** Maps a value to its height in the frame; values above the axis stay at its top. */
export function yScale(axis: Axis, f: Frame): (v: number) => number {
  const span = f.height - f.top - f.bottom;
  return (v) => f.height - f.bottom - (Math.max(0, Math.min(axis.top, v)) / axis.top) * span;
}

/** Maps 0…slots to the frame's width; at least one slot. */
export function xScale(slots: number, f: Frame): (i: number) => number {
  const span = f.width - f.left - f.right;
  return (i) => f.left + (i / Math.max(1, slots)) * span;
}

export function line(points: readonly Point[]): string {
  return points.map(([x, y], i) => `${i ? 'L' : 'M'}${px(x)},${px(y)}`).join('');
}

/** Holds each value until the next point, then steps. */
export function steps(points: readonly Point[]): string {
  return points.map(([x, y], i) => (i ? `H${px(x)}V${px(y)}` : `M${px(x)},${px(y)}`)).join('');
}

export function area(upper: readonly Point[], lower: readonly Point[]): string {
  return upper.length ? `${line([...upper, ...lower.toReversed()])}Z` : '';
}

/** Every n-th of `count` labels, so that they stand at least `gap` pixels apart. */
export function everyNth(count: number, width: number, gap: number): number {
  return Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / gap))));
}

export function round(v: number, digits: number): number {
  const f = 10 ** digits;
  return Math.round(v * f) / f;
}

const px = (v: number) => String(round(v, 1));
