import type { Ref } from 'react';
import { type FlowDay, flowGeometry } from '../lib/flow';
import { Axes, NothingToDraw } from './Axes';
import { Frame } from './Frame';
import './charts.css';
import './flow.css';
import { useSize } from './useSize';

interface Props {
  days: readonly FlowDay[];
  withBacklog: boolean;
  summary: string;
  svg: Ref<SVGSVGElement>;
}

/** Cumulative flow: how many items stand where, day by day, one band on the other. */
export function FlowChart({ days, withBacklog, summary, svg }: Props) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const g = width > 0 ? flowGeometry(days, withBacklog, width, Math.max(260, height)) : null;
  return (
    <Frame box={box} svg={svg} summary={summary} size={g?.frame}>
      {g && (
        <>
          {g.paths.map((p) => (
            <path key={p.id} className="flow-band" data-band={p.id} d={p.d} />
          ))}
          <Axes frame={g.frame} ticks={g.axis.ticks} y={g.y} labels={g.labels} />
          {g.axis.ticks.length === 1 && <NothingToDraw frame={g.frame}>No work in these days</NothingToDraw>}
        </>
      )}
    </Frame>
  );
}
