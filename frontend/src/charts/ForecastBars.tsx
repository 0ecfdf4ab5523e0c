import type { Ref } from 'react';
import { frameFor, xScale, yScale } from '../lib/chart';
import { Axes, NothingToDraw } from './Axes';
import './charts.css';
import { useSize } from './useSize';

/** The chance that the work is done by one sprint, two, and so on, with the percentiles as lines. */
export function ForecastBars({
  chances,
  percentiles,
  summary,
  svg,
}: {
  chances: readonly number[];
  percentiles: readonly number[];
  summary: string;
  svg: Ref<SVGSVGElement>;
}) {
  const [box, { width, height: room }] = useSize<HTMLDivElement>();
  const height = Math.max(260, room);
  const axis = { top: 100, ticks: [0, 25, 50, 75, 100] };
  const f = frameFor(width, height, axis);
  const y = yScale(axis, f);
  const x = xScale(chances.length, f);
  const bar = Math.max(4, Math.min(40, (x(1) - x(0)) * 0.6));
  const labels = chances.map((_, i) => ({ x: x(i + 0.5), day: String(i + 1) }));
  return (
    <div ref={box} className="chart">
      {width > 0 && (
        <svg ref={svg} role="img" aria-label={summary} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
          <Axes frame={f} ticks={axis.ticks} y={y} labels={labels} />
          {chances.length === 0 && <NothingToDraw frame={f}>Not enough sprints yet</NothingToDraw>}
          {chances.length > 0 &&
            percentiles.map((p) => (
              <line key={p} className="chart-guideline" x1={f.left} x2={width - f.right} y1={y(p)} y2={y(p)} />
            ))}
          {chances.map((p, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its number of sprints
            <g key={i}>
              <rect
                className="bar-completed"
                x={x(i + 0.5) - bar / 2}
                width={bar}
                y={y(p * 100)}
                height={y(0) - y(p * 100)}
                rx={2}
              />
              {p > 0.0005 && p < 0.9995 && (
                <text className="chart-text chart-strong" x={x(i + 0.5)} y={y(p * 100) - 6} textAnchor="middle">
                  {Math.round(p * 100)} %
                </text>
              )}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}
