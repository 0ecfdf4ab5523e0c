import { dayText, epssText } from '../lib/format';
import { useSize } from './useSize';
import './sparkline.css';

export interface SparkPoint {
  date: string;
  value: number;
}

const height = 72;
const edge = 6;

/** Steps through time: a value holds until the next one. From the lowest to the highest, with both named. */
export function Sparkline({ points, label }: { points: SparkPoint[]; label: string }) {
  const [ref, { width }] = useSize<HTMLElement>();
  const times = points.map((p) => Date.parse(`${p.date}T00:00:00Z`));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const values = points.map((p) => p.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (t: number) => edge + ((t - first) / (last - first || 1)) * (width - 2 * edge);
  const y = (v: number) => height - edge - ((v - low) / (high - low || 1)) * (height - 2 * edge);
  const path = points
    .map((p, i) => (i === 0 ? `M${x(times[0] ?? 0)} ${y(p.value)}` : `H${x(times[i] ?? 0)}V${y(p.value)}`))
    .join('');
  return (
    <figure className="sparkline" ref={ref}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          <path d={path} />
          <circle cx={x(last)} cy={y(values.at(-1) ?? 0)} r={3} />
        </svg>
      )}
      <figcaption>
        <span>{dayText(points[0]?.date ?? '')}</span>
        <span>
          {epssText(low)} to {epssText(high)}
        </span>
        <span>{dayText(points.at(-1)?.date ?? '')}</span>
      </figcaption>
    </figure>
  );
}
