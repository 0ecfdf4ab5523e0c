import type { Ref } from 'react';
import { type Report, riskGeometry } from '../lib/burndown';
import { AxisLines } from './AxisLines';
import './charts.css';
import { useSize } from './useSize';

interface Props {
  report: Report;
  summary: string;
  svg: Ref<SVGSVGElement>;
}

/** Open risk by day: of the whole backlog, and of the sprint's own items. */
export function RiskChart({ report, summary, svg }: Props) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const total = width > 0 ? riskGeometry(report, report.risk.total_open, width, Math.max(260, height)) : null;
  const own = total && riskGeometry(report, report.risk.in_sprint, width, Math.max(260, height));
  return (
    <div ref={box} className="chart">
      {total && own && (
        <svg
          ref={svg}
          role="img"
          aria-label={summary}
          width={total.frame.width}
          height={total.frame.height}
          viewBox={`0 0 ${total.frame.width} ${total.frame.height}`}
        >
          <AxisLines g={own} nothing="No open risk in these days" />
          <path className="chart-scope" d={total.main} />
          <path className="chart-main" d={own.main} />
          {own.now && <circle className="chart-dot" cx={own.now.x} cy={own.now.y} r={4.5} />}
        </svg>
      )}
    </div>
  );
}
