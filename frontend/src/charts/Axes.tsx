import type { Frame } from '../lib/chart';
import { dayText, num } from '../lib/format';

/** A sentence in place of lines that would say nothing, above whatever line runs through the middle. */
export const NothingToDraw = ({ frame: f, children }: { frame: Frame; children: string }) => (
  <text
    className="chart-text chart-strong"
    x={(f.left + f.width - f.right) / 2}
    y={(f.top + f.height - f.bottom) / 2 - 8}
    textAnchor="middle"
  >
    {children}
  </text>
);

/** Grid lines with their values, and days below: what a chart without a sprint stands on. */
export function Axes({
  frame: f,
  ticks,
  y,
  labels,
}: {
  frame: Frame;
  ticks: readonly number[];
  y: (v: number) => number;
  labels: readonly { x: number; day: string }[];
}) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in here takes the focus
    <g aria-hidden="true">
      {ticks.map((v) => (
        <g key={v}>
          <line className="chart-grid" x1={f.left} x2={f.width - f.right} y1={y(v)} y2={y(v)} />
          <text className="chart-text" x={f.left - 8} y={y(v) + 4} textAnchor="end">
            {num.format(v)}
          </text>
        </g>
      ))}
      {labels.map((l) => (
        <text key={`${l.day} ${l.x}`} className="chart-text" x={l.x} y={f.height - 10} textAnchor="middle">
          {l.day.includes('-') ? dayText(l.day) : l.day}
        </text>
      ))}
    </g>
  );
}
