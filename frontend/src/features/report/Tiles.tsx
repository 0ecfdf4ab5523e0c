import type { SprintReport } from '../../api/schema';
import { figures } from '../../lib/burndown';
import { num, plural } from '../../lib/format';
import { signed } from '../../lib/ledger';

interface Tile {
  label: string;
  value: string;
  note: string;
  bad?: boolean;
}

/** Four figures that answer most questions before anybody reads the chart. */
export function Tiles({ report, metric }: { report: SprintReport; metric: 'points' | 'risk' }) {
  const tiles = metric === 'risk' ? riskTiles(report) : pointTiles(report);
  return (
    <dl className="stats">
      {tiles.map((t) => (
        <div key={t.label} className="panel stat" data-bad={t.bad || undefined}>
          <dt>{t.label}</dt>
          <dd className="stat-value">{t.value}</dd>
          <dd className="stat-note">{t.note}</dd>
        </div>
      ))}
    </dl>
  );
}

function pointTiles(r: SprintReport): Tile[] {
  const f = figures(r);
  const closed = r.sprint.state === 'closed';
  const unestimated = r.sprint.totals.unestimated;
  return [
    {
      label: closed ? 'Left over' : 'Remaining',
      value: num.format(f.remaining),
      note: `of ${plural(f.scope, 'point')}${unestimated > 0 ? `, ${unestimated} unestimated` : ''}`,
    },
    {
      label: 'Against the guideline',
      value: signed(Math.round(f.behind)),
      note: Math.round(f.behind) > 0 ? 'points behind' : Math.round(f.behind) < 0 ? 'points ahead' : 'on it',
      bad: f.behind >= 1,
    },
    { label: 'Scope change', value: signed(f.scopeChange), note: `since the start at ${num.format(r.committed)}` },
    closed ? completedTile(r) : projectionTile(r),
  ];
}

function completedTile(r: SprintReport): Tile {
  const share = r.say_do === null ? 'nothing was committed' : `${Math.round(r.say_do * 100)} % of the commitment`;
  return { label: 'Completed', value: num.format(r.completed), note: share };
}

const isOver = (r: SprintReport) => r.today !== null && r.today > r.sprint.end_date;

function projectionTile(r: SprintReport): Tile {
  const p = r.projection;
  if (!p)
    return {
      label: 'At the end',
      value: '–',
      note: isOver(r) ? 'the planned end is past' : 'too few working days yet',
    };
  return {
    label: 'At the end',
    value: num.format(Math.round(p.p50)),
    note: `left; 70 % range ${Math.round(p.p15)}–${Math.round(p.p85)}`,
  };
}

function riskTiles(r: SprintReport): Tile[] {
  const open = r.risk.total_open;
  const own = r.risk.in_sprint;
  const change = (values: number[]) => (values.length > 1 ? Math.round((values.at(-1) ?? 0) - (values[0] ?? 0)) : 0);
  const value = (values: number[]) => (values.length ? num.format(Math.round(values.at(-1) ?? 0)) : '–');
  return [
    { label: 'Open in the sprint', value: value(own), note: `${signed(change(own))} since its first day` },
    {
      label: 'Open in the backlog',
      value: value(open),
      note: `${signed(change(open))} since its first day`,
      bad: change(open) > 0,
    },
  ];
}
