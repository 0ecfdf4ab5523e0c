// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what the pointer reads from the chart, the keyboard reads too
// biome-ignore-all lint/a11y/noInteractiveElementToNoninteractiveRole: a marker is a picture with a text, not a control
// biome-ignore-all lint/a11y/useSemanticElements: a chart is no field set
import { type KeyboardEvent, type PointerEvent, type Ref, useState } from 'react';
import { type Geometry, type LedgerRow, type Marker, type Mode, pointsGeometry, type Report } from '../lib/burndown';
import { dayText, longDay, num } from '../lib/format';
import { ledgerText } from '../lib/ledger';
import { shareOfDay } from '../lib/zone';
import { AxisLines } from './AxisLines';
import './charts.css';
import { useSize } from './useSize';

interface Props {
  report: Report & { sprint: { end_date: string; time_zone: string } };
  titles: Record<string, string>;
  mode: Mode;
  summary: string;
  svg?: Ref<SVGSVGElement>;
  /** The least height, in pixels. */
  least?: number;
}

type Focus = { day: number } | { marker: Marker } | null;

/** Scope, remaining (or done), guideline and projection of a sprint; arrow keys walk over the days. */
export function BurndownChart({ report, titles, mode, summary, svg, least = 260 }: Props) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const [focus, setFocus] = useState<Focus>(null);
  const gone = shareOfDay(Date.now(), report.sprint.time_zone);
  const g = width > 0 ? pointsGeometry(report, mode, width, Math.max(least, height), gone) : null;
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Escape') return setFocus(null);
    const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (!by || !g?.days) return;
    e.preventDefault();
    setFocus((old) => ({ day: clamp((old && 'day' in old ? old.day : by > 0 ? -1 : g.days) + by, g.days) }));
  };
  const onPointerMove = (e: PointerEvent<SVGSVGElement>) => {
    if (!g?.days || (e.target as Element).closest('.marker')) return;
    const left = e.clientX - e.currentTarget.getBoundingClientRect().left - g.frame.left;
    setFocus({ day: clamp(Math.floor((left / (width - g.frame.left - g.frame.right)) * g.days), g.days) });
  };
  return (
    <div
      ref={box}
      className="chart"
      role="group"
      tabIndex={0}
      aria-label={`Burndown chart. ${summary}. Arrow keys read the days.`}
      onKeyDown={onKeyDown}
      onBlur={() => setFocus(null)}
      onPointerLeave={() => setFocus(null)}
    >
      {g && (
        <svg
          ref={svg}
          role="group"
          aria-label="Chart"
          width={g.frame.width}
          height={g.frame.height}
          viewBox={`0 0 ${g.frame.width} ${g.frame.height}`}
          onPointerMove={onPointerMove}
        >
          <AxisLines g={g} nothing="No points in this sprint" />
          <path className="chart-cone" d={g.cone} />
          <path className="chart-median" d={g.median} />
          <path className="chart-guideline" d={g.guideline} />
          <path className="chart-scope" d={g.scope} />
          <path className="chart-main" d={g.main} />
          {g.now && <circle className="chart-dot" cx={g.now.x} cy={g.now.y} r={4.5} />}
          {focus && 'day' in focus && <Cursor g={g} day={focus.day} />}
          <g>
            {g.markers.map((m) => (
              <MarkerView key={m.x} marker={m} titles={titles} onShow={setFocus} />
            ))}
          </g>
        </svg>
      )}
      {g && focus && <Tip g={g} focus={focus} report={report} titles={titles} mode={mode} />}
    </div>
  );
}

const clamp = (i: number, days: number) => Math.max(0, Math.min(days - 1, i));

function Cursor({ g, day }: { g: Geometry; day: number }) {
  const x = g.middle(day);
  return <line className="chart-cursor" x1={x} x2={x} y1={g.frame.top} y2={g.frame.height - g.frame.bottom} />;
}

function MarkerView({
  marker: m,
  titles,
  onShow,
}: {
  marker: Marker;
  titles: Record<string, string>;
  onShow: (f: Focus) => void;
}) {
  const label = `${spanOf(m, dayText)}: ${markerRows(m.rows, titles).join('; ')}`;
  return (
    <g
      className="marker"
      role="img"
      tabIndex={0}
      aria-label={label}
      onFocus={() => onShow({ marker: m })}
      onBlur={() => onShow(null)}
      onPointerEnter={() => onShow({ marker: m })}
    >
      <circle className="marker-hit" cx={m.x} cy={m.y} r={12} />
      <path className="marker-shape" d={`M${m.x - 5},${m.y}L${m.x},${m.y - 5}L${m.x + 5},${m.y}L${m.x},${m.y + 5}Z`} />
    </g>
  );
}

function Tip({
  g,
  focus,
  report,
  titles,
  mode,
}: {
  g: Geometry;
  focus: NonNullable<Focus>;
  report: Report;
  titles: Record<string, string>;
  mode: Mode;
}) {
  const x = 'day' in focus ? g.middle(focus.day) : focus.marker.x;
  const rows = 'day' in focus ? dayRows(report, focus.day, mode) : markerRows(focus.marker.rows, titles);
  const day = 'day' in focus ? report.days[focus.day]?.day : undefined;
  return (
    <div className="chart-tip" role="status" data-flip={x > g.frame.width / 2 || undefined} style={{ left: x }}>
      <b>{'marker' in focus ? spanOf(focus.marker, longDay) : day && longDay(day)}</b>
      {rows.map((text) => (
        <span key={text}>{text}</span>
      ))}
    </div>
  );
}

/** The day of a marker, or the first and the last of several. */
const spanOf = (m: Marker, text: (day: string) => string) =>
  m.until ? `${text(m.day)} – ${text(m.until)}` : text(m.day);

function dayRows(report: Report, i: number, mode: Mode): string[] {
  const d = report.days[i];
  if (!d) return [];
  const rows = d.working ? [] : ['Not a working day'];
  if (d.remaining !== null && mode === 'down') rows.push(`Remaining ${num.format(d.remaining)}`);
  if (d.done !== null && mode === 'up') rows.push(`Done ${num.format(d.done)}`);
  if (d.scope !== null) rows.push(`Scope ${num.format(d.scope)}`);
  rows.push(`Guideline ${num.format(Math.round(mode === 'down' ? d.guideline : report.committed - d.guideline))}`);
  return rows;
}

const shownRows = 8;

function markerRows(rows: LedgerRow[], titles: Record<string, string>): string[] {
  const texts = rows.slice(0, shownRows).map((r) => ledgerText(r, titles));
  return rows.length > shownRows ? [...texts, `and ${rows.length - shownRows} more, in the table`] : texts;
}
