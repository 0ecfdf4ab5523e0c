import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useRef } from 'react';
import { useLive } from '../../api/live';
import { useTeam } from '../../api/queries';
import type { MyTeam, Sprint, SprintReport } from '../../api/schema';
import { reportableSprintsQuery, reportCsvUrl, sprintKeys, sprintReportQuery } from '../../api/sprints';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { BurndownChart } from '../../charts/BurndownChart';
import { CauseBars } from '../../charts/CauseBars';
import { chartToPng, saveFile } from '../../charts/png';
import { RiskChart } from '../../charts/RiskChart';
import { causes } from '../../lib/burndown';
import { causesByDay } from '../../lib/flow';
import { dayOf, num } from '../../lib/format';
import { causeText } from '../../lib/ledger';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { SprintReportLink, TeamLink } from '../../ui/links';
import { Segmented } from '../../ui/Segmented';
import { sprintName, stateLabel } from '../../ui/sprint/totals';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toastError } from '../../ui/toast';
import { Causes } from './Causes';
import { SaveText } from './ChartSheet';
import { DayTable, LedgerTable, RiskTable } from './Tables';
import { Tiles } from './Tiles';
import './report.css';
import { useGathered } from '../../lib/useGathered';

/** How a sprint goes, or went. */
export function BurndownPage() {
  useTitle('Burndown');
  const team = useTeam();
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  return <Burndown key={team.key} team={team} />;
}

function Burndown({ team }: { team: MyTeam }) {
  const [url] = useUrlState();
  const { data, error, refetch } = useQuery(reportableSprintsQuery(team.key));
  if (error && !data)
    return <ErrorState page error={error} what="The sprints could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Loading the burndown" />;
  const asked = Number(url.sprint);
  const n = Number.isInteger(asked) && asked > 0 ? asked : (data.find((s) => s.state === 'active') ?? data[0])?.number;
  if (n === undefined) {
    return (
      <div className="page">
        <header className="page-head">
          <h1>Burndown</h1>
        </header>
        <EmptyState
          title="No sprint has started yet"
          action={
            <TeamLink to="backlog" className="btn primary">
              Plan a sprint
            </TeamLink>
          }
        >
          The burndown shows what remains of a sprint day by day. It begins with the first start.
        </EmptyState>
      </div>
    );
  }
  return <Report key={n} team={team} n={n} sprints={data} />;
}

function Report({ team, n, sprints }: { team: MyTeam; n: number; sprints: Sprint[] }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(sprintReportQuery(team.key, n));
  useReportLive(team.key, () => void client.invalidateQueries({ queryKey: sprintKeys.report(team.key, n) }));
  if (error && !data)
    return (
      <ErrorState
        page
        error={error}
        what={`The report of sprint ${n} could not be loaded`}
        retry={() => void refetch()}
      />
    );
  if (!data) return <SkeletonRows rows={10} label={`Loading the report of sprint ${n}`} />;
  return <ReportView team={team.key} report={data} sprints={sprints} />;
}

/** Changes of others, gathered: a chart that is drawn again at every card is no help. */
function useReportLive(team: string, refresh: () => void): void {
  const gather = useGathered(1000);
  useLive(team, (e) => {
    if (e.kind === 'patch.placed' || e.kind === 'member.changed') return;
    gather(refresh);
  });
}

type Metric = 'points' | 'risk';
type Look = 'chart' | 'table' | 'causes';
type Way = 'down' | 'up';

function ReportView({ team, report, sprints }: { team: string; report: SprintReport; sprints: Sprint[] }) {
  const [url, change] = useUrlState();
  const svg = useRef<SVGSVGElement>(null);
  const metric: Metric = url.metric === 'risk' ? 'risk' : 'points';
  const look: Look = url.look === 'table' ? 'table' : metric === 'risk' && url.look === 'causes' ? 'causes' : 'chart';
  const way: Way = url.way === 'up' ? 'up' : 'down';
  const n = report.sprint.number;
  const heading = `${sprintName(report.sprint)} ${metric === 'risk' ? 'risk' : way === 'up' ? 'burn-up' : 'burndown'}`;
  const savePng = async () => {
    try {
      if (svg.current)
        saveFile(
          await chartToPng(svg.current, `${heading}. ${metric === 'risk' ? riskSummary(report) : report.headline}`),
          `${team}-sprint-${n}-${metric}.png`,
        );
    } catch (error) {
      toastError(error, 'The picture was not made');
    }
  };
  return (
    <div className="page long">
      <header className="page-head">
        <div className="headline">
          <h1>{heading}</h1>
          <p>{metric === 'risk' ? riskSummary(report) : report.headline}</p>
        </div>
        <div className="tools">
          <Select
            aria-label="Sprint"
            className="sprint-picker"
            options={options(report.sprint, sprints)}
            value={String(n)}
            onChange={(e) => change({ sprint: e.target.value }, { push: true })}
          />
          <Segmented<Metric>
            label="What is counted"
            value={metric}
            onChange={(v) => change({ metric: v === 'risk' ? v : undefined })}
            options={[
              ['points', 'Points'],
              ['risk', 'Risk'],
            ]}
          />
          {metric === 'points' && look === 'chart' && (
            <Segmented<Way>
              label="Direction"
              value={way}
              onChange={(v) => change({ way: v === 'up' ? v : undefined })}
              options={[
                ['down', 'Down'],
                ['up', 'Up'],
              ]}
            />
          )}
          <Segmented<Look>
            label="View"
            value={look}
            onChange={(v) => change({ look: v === 'chart' ? undefined : v })}
            options={
              metric === 'risk'
                ? [
                    ['chart', 'Chart'],
                    ['causes', 'By cause'],
                    ['table', 'Table'],
                  ]
                : [
                    ['chart', 'Chart'],
                    ['table', 'Table'],
                  ]
            }
          />
          <a className="btn" href={reportCsvUrl(team, n)} download={`${team}-sprint-${n}.csv`}>
            <Download size={14} aria-hidden />
            CSV
          </a>
          <SaveText
            text={() => `${JSON.stringify(report, null, 2)}\n`}
            name={`${team}-sprint-${n}.json`}
            type="application/json"
            label="JSON"
            of="the sprint"
          />
          <Button reason={look === 'table' && 'Show the chart first'} onClick={() => void savePng()}>
            <Download size={14} aria-hidden />
            PNG
          </Button>
          <SprintReportLink n={n} />
        </div>
      </header>
      {report.history?.sums_only && (
        <p className="page-note">
          Of this imported sprint only the sums are known: the points it committed to and completed.
        </p>
      )}
      <Tiles report={report} metric={metric} />
      <div className="sheet chart-sheet">
        {look === 'table' ? (
          metric === 'risk' ? (
            <RiskTable report={report} sums={sumsOf(report)} />
          ) : (
            <DayTable report={report} />
          )
        ) : look === 'causes' ? (
          <>
            <ul className="legend">
              {causes.map((c) => (
                <li key={c} data-swatch={c}>
                  {causeText[c]}
                </li>
              ))}
            </ul>
            <CauseBars
              days={report.days.map((d) => d.day)}
              sums={sumsOf(report)}
              summary={riskSummary(report)}
              svg={svg}
            />
          </>
        ) : metric === 'risk' ? (
          <>
            <RiskLegend />
            <RiskChart report={report} svg={svg} summary={riskSummary(report)} />
          </>
        ) : (
          <>
            <Legend way={way} projected={!!report.projection && report.today !== null} />
            <BurndownChart report={report} titles={report.titles} mode={way} summary={report.headline} svg={svg} />
          </>
        )}
      </div>
      {metric === 'risk' && <Causes report={report} />}
      {metric === 'points' && <LedgerTable report={report} />}
    </div>
  );
}

const sumsOf = (r: SprintReport) =>
  causesByDay(
    r.days.map((d) => d.day),
    r.risk.ledger,
    causes,
    (at) => dayOf(at, r.sprint.time_zone),
  );

function options(shown: Sprint, sprints: Sprint[]): [string, string][] {
  const all = sprints.some((s) => s.number === shown.number) ? sprints : [shown, ...sprints];
  return all.map((s) => [String(s.number), `${sprintName(s)} · ${stateLabel[s.state].toLowerCase()}`]);
}

const Legend = ({ way, projected }: { way: Way; projected: boolean }) => (
  <ul className="legend">
    <li>{way === 'down' ? 'Remaining' : 'Done'}</li>
    <li data-line="scope">Scope</li>
    <li data-line="guideline">Guideline</li>
    {projected && <li data-line="cone">Projection, 15–85 %</li>}
    <li data-line="marker">Change of scope</li>
    <li data-line="off">Not a working day</li>
  </ul>
);

const RiskLegend = () => (
  <ul className="legend">
    <li>Items of this sprint</li>
    <li data-line="scope">Whole backlog</li>
    <li data-line="off">Not a working day</li>
  </ul>
);

function riskSummary(r: SprintReport): string {
  const now = r.risk.total_open.at(-1);
  const own = r.risk.in_sprint.at(-1);
  if (now === undefined || own === undefined) return 'No risk has been recorded for this sprint yet.';
  return `Open risk is ${num.format(Math.round(now))} in the whole backlog, ${num.format(Math.round(own))} of it in this sprint.`;
}
