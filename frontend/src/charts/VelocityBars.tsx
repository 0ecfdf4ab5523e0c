import type { Ref } from 'react';
import { frameFor, niceAxis, yScale } from '../lib/chart';
import { Axes, NothingToDraw } from './Axes';
import './charts.css';
import { useSize } from './useSize';

interface Props {
  sprints: { number: number; committed: number; completed: number }[];
  mean?: number | null | undefined;
  low?: number | null | undefined;
  high?: number | null | undefined;
  svg?: Ref<SVGSVGElement>;
}

/** Committed and completed points side by side, with the mean as a line and the range as a band. */
export function VelocityBars({ sprints, mean, low, high, svg }: Props) {
  const [box, { width }] = useSize<HTMLDivElement>();
  const height = 200;
  const axis = niceAxis(Math.max(0, ...sprints.flatMap((s) => [s.committed, s.completed])), 4);
  const f = frameFor(width, height, axis);
  const y = yScale(axis, f);
  const slot = (width - f.left - f.right) / Math.max(1, sprints.length);
  const bar = Math.max(4, Math.min(28, slot / 3));
  const middleOf = (i: number) => f.left + (i + 0.5) * slot;
  const labels = sprints.map((s, i) => ({
    x: middleOf(i),
    day: width / sprints.length > 90 ? `Sprint ${s.number}` : String(s.number),
  }));
  const text = sprints.map((s) => `Sprint ${s.number}: ${s.completed} of ${s.committed} points`).join('. ');
  return (
    <div ref={box} className="velocity-chart">
      {width > 0 && (
        <svg
          ref={svg}
          role="img"
          aria-label={`Velocity. ${text}`}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
        >
          {typeof low === 'number' && typeof high === 'number' && (
            <rect
              className="chart-range"
              x={f.left}
              width={width - f.left - f.right}
              y={y(high)}
              height={Math.max(1, y(low) - y(high))}
            />
          )}
          <Axes frame={f} ticks={axis.ticks} y={y} labels={labels} />
          {axis.ticks.length === 1 && (
            <NothingToDraw frame={f}>
              {sprints.length === 0 ? 'No sprint has closed yet' : 'No points in these sprints'}
            </NothingToDraw>
          )}
          {sprints.map((s, i) => {
            const middle = middleOf(i);
            return (
              <g key={s.number}>
                <rect
                  className="bar-committed"
                  x={middle - bar - 1}
                  width={bar}
                  y={y(s.committed)}
                  height={y(0) - y(s.committed)}
                  rx={2}
                />
                <rect
                  className="bar-completed"
                  x={middle + 1}
                  width={bar}
                  y={y(s.completed)}
                  height={y(0) - y(s.completed)}
                  rx={2}
                />
              </g>
            );
          })}
          {typeof mean === 'number' && (
            <line className="chart-mean" x1={f.left} x2={width - f.right} y1={y(mean)} y2={y(mean)} />
          )}
        </svg>
      )}
    </div>
  );
}
