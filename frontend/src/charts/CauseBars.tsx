import type { Ref } from 'react';
import { causeGeometry } from '../lib/flow';
import { signed } from '../lib/ledger';
import { Axes, NothingToDraw } from './Axes';
import { Frame } from './Frame';
import './charts.css';
import './flow.css';
import { useSize } from './useSize';

/** How the open risk moved on each day, split by cause: up is more risk, down is less. */
export function CauseBars({
  days,
  sums,
  summary,
  svg,
}: {
  days: readonly string[];
  sums: Record<string, number[]>;
  summary: string;
  svg: Ref<SVGSVGElement>;
}) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const g = width > 0 ? causeGeometry(days, sums, width, Math.max(260, height)) : null;
  return (
    <Frame box={box} svg={svg} summary={summary} size={g?.frame}>
      {g && (
        <>
          <Axes frame={g.frame} ticks={g.ticks} y={g.y} labels={g.labels} />
          {g.bars.map((b) => (
            <rect
              key={`${b.cause} ${b.day}`}
              className="cause-bar"
              data-thin={g.thin || undefined}
              data-cause={b.cause}
              x={b.x}
              width={b.width}
              y={b.y}
              height={b.height}
            >
              <title>{`${b.day}: ${b.cause} ${signed(b.delta)}`}</title>
            </rect>
          ))}
          <line className="chart-today" x1={g.frame.left} x2={g.frame.width - g.frame.right} y1={g.zero} y2={g.zero} />
          {g.bars.length === 0 && <NothingToDraw frame={g.frame}>No risk moved in this sprint</NothingToDraw>}
        </>
      )}
    </Frame>
  );
}
