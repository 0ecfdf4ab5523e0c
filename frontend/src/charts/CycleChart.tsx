import type { Ref } from 'react';
import { round } from '../lib/chart';
import { type Cycle, cycleGeometry } from '../lib/flow';
import { num } from '../lib/format';
import { Axes, NothingToDraw } from './Axes';
import { Frame } from './Frame';
import './charts.css';
import './flow.css';
import { useSize } from './useSize';

interface Props {
  cycles: readonly Cycle[];
  percentiles: readonly { name: string; days: number }[];
  summary: string;
  svg: Ref<SVGSVGElement>;
}

/** Every finished item by the day it was done and the days it took; a stem shows how long it was blocked. */
export function CycleChart({ cycles, percentiles, summary, svg }: Props) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const lines = cycles.length > 0 ? together(percentiles) : [];
  const g =
    width > 0
      ? cycleGeometry(
          cycles,
          lines.map((p) => p.days),
          width,
          Math.max(260, height),
        )
      : null;
  return (
    <Frame box={box} svg={svg} summary={summary} size={g?.frame}>
      {g && (
        <>
          <Axes frame={g.frame} ticks={g.axis.ticks} y={g.y} labels={g.labels} />
          {cycles.length === 0 && <NothingToDraw frame={g.frame}>Nothing was finished in these days</NothingToDraw>}
          {g.dots.map((d) => (
            <g key={d.key}>
              <title>{`${d.key} ${d.cycle.title}: ${num.format(d.cycle.days)} days, blocked ${num.format(d.cycle.blocked_days)}`}</title>
              {d.blocked !== null && <line className="cycle-blocked" x1={d.x} x2={d.x} y1={d.y} y2={d.blocked} />}
              <circle className="chart-dot" cx={d.x} cy={d.y} r={4} />
            </g>
          ))}
          {lines.map((p, i) => (
            <g key={p.name}>
              <line
                className="chart-guideline"
                x1={g.frame.left}
                x2={g.frame.width - g.frame.right}
                y1={g.y(p.days)}
                y2={g.y(p.days)}
              />
              <text className="chart-text chart-strong" x={g.frame.left + 6 + i * 90} y={g.y(p.days) - 5}>
                {p.name}: {num.format(p.days)} d
              </text>
            </g>
          ))}
        </>
      )}
    </Frame>
  );
}

/** Percentiles that are the same, as they are shown, are one line. */
function together(percentiles: Props['percentiles']): { name: string; days: number }[] {
  const out: { name: string; days: number }[] = [];
  for (const p of percentiles) {
    const days = round(p.days, 1);
    const last = out.at(-1);
    if (last?.days === days) last.name = `${last.name.replace(' %', '')}, ${p.name}`;
    else out.push({ name: p.name, days });
  }
  return out;
}
