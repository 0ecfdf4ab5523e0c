import type { Geometry } from '../lib/burndown';
import { dayText } from '../lib/format';
import { Axes, NothingToDraw } from './Axes';

/** Days off, grid lines, labels, the planned end and the today line: what every chart of a sprint stands on. */
export function AxisLines({ g, nothing }: { g: Geometry; nothing: string }) {
  const { frame: f } = g;
  const foot = f.height - f.bottom;
  const today = g.running && g.now ? g.now.x : null;
  const labels = g.labels.map((l) => ({ x: l.x, day: g.hours.length > 0 ? `${dayText(l.day)}, 12:00` : l.day }));
  const hours = f.width / g.days < 260 ? [] : g.hours.map((h) => ({ x: h.x, day: h.text }));
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in here takes the focus
    <g aria-hidden="true">
      {g.grey.map((r) => (
        <rect key={r.x} className="chart-off" x={r.x} width={r.width} y={f.top} height={foot - f.top} />
      ))}
      <Axes frame={f} ticks={g.axis.ticks} y={g.y} labels={[...labels, ...hours]} />
      {g.axis.ticks.length === 1 && <NothingToDraw frame={f}>{nothing}</NothingToDraw>}
      {g.plannedEnd !== null && <PlannedEnd x={g.plannedEnd} top={f.top} foot={foot} left={f.left} today={today} />}
      {today !== null && (
        <Upright className="chart-today" x={today} top={f.top} foot={foot} text="Today" flip={today > f.width - 60} />
      )}
    </g>
  );
}

/** Of a sprint that ran over it. Its name makes way for that of today, which stands to the right of it. */
function PlannedEnd({
  x,
  top,
  foot,
  left,
  today,
}: {
  x: number;
  top: number;
  foot: number;
  left: number;
  today: number | null;
}) {
  const near = today !== null && today - x < 52;
  const flip = x > left + 80;
  return (
    <Upright
      className="chart-end"
      x={x}
      top={top}
      foot={foot}
      text="Planned end"
      flip={flip}
      by={near && flip ? 52 - (today - x) : 0}
    />
  );
}

function Upright({
  className,
  x,
  top,
  foot,
  text,
  flip,
  by = 0,
}: {
  className: string;
  x: number;
  top: number;
  foot: number;
  text: string;
  flip: boolean;
  by?: number;
}) {
  return (
    <>
      <line className={className} x1={x} x2={x} y1={top - 4} y2={foot} />
      <text
        className="chart-text chart-strong"
        x={flip ? x - 4 - by : x + 4}
        y={top - 7}
        textAnchor={flip ? 'end' : 'start'}
      >
        {text}
      </text>
    </>
  );
}
