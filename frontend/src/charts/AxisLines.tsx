import type { Geometry } from '../lib/burndown';
import { dayText, num } from '../lib/format';
import { NothingToDraw } from './Axes';

/** Days off, grid lines, labels and the today line: what every chart of a sprint stands on. */
export function AxisLines({ g }: { g: Geometry }) {
  const { frame: f } = g;
  const foot = f.height - f.bottom;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in here takes the focus
    <g aria-hidden="true">
      {g.grey.map((r) => (
        <rect key={r.x} className="chart-off" x={r.x} width={r.width} y={f.top} height={foot - f.top} />
      ))}
      {g.axis.ticks.map((v) => (
        <g key={v}>
          <line className="chart-grid" x1={f.left} x2={f.width - f.right} y1={g.y(v)} y2={g.y(v)} />
          <text className="chart-text" x={f.left - 8} y={g.y(v) + 4} textAnchor="end">
            {num.format(v)}
          </text>
        </g>
      ))}
      <NothingToDraw frame={f} ticks={g.axis.ticks} />
      {g.labels.map((l) => (
        <text key={l.day} className="chart-text" x={l.x} y={f.height - 10} textAnchor="middle">
          {dayText(l.day)}
        </text>
      ))}
      {g.running && g.now && <Today x={g.now.x} top={f.top} foot={foot} flip={g.now.x > f.width - 80} />}
    </g>
  );
}

function Today({ x, top, foot, flip }: { x: number; top: number; foot: number; flip: boolean }) {
  return (
    <>
      <line className="chart-today" x1={x} x2={x} y1={top} y2={foot} />
      <text
        className="chart-text chart-strong"
        x={flip ? x - 8 : x + 8}
        y={top + 10}
        textAnchor={flip ? 'end' : 'start'}
      >
        Today
      </text>
    </>
  );
}
