import { useQuery } from '@tanstack/react-query';
import { useTeam } from '../../api/queries';
import { reportableSprintsQuery, velocityQuery } from '../../api/sprints';
import { useTitle } from '../../app/title';
import { VelocityBars } from '../../charts/VelocityBars';
import { num } from '../../lib/format';
import { BurndownLink, SprintReportLink, TeamLink } from '../../ui/links';
import { spanText, sprintName, stateLabel } from '../../ui/sprint/totals';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TableScroll } from '../../ui/TableScroll';
import { ChartSheet } from './ChartSheet';
import { CycleReport, FlowReport } from './FlowReports';
import { ForecastReport } from './ForecastReport';
import './report.css';
import './reports.css';

/** What the team's past says about its future, and how its work flows. */
export function ReportsPage() {
  useTitle('Reports');
  const team = useTeam();
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  return (
    <div key={team.key} className="page long">
      <header className="page-head">
        <h1>Reports</h1>
        <div className="tools">
          <TeamLink to="burndown">Burndown</TeamLink>
        </div>
      </header>
      <VelocityReport team={team.key} />
      <ForecastReport team={team.key} />
      <FlowReport team={team.key} />
      <CycleReport team={team.key} zone={team.time_zone} />
      <SprintReports team={team.key} />
    </div>
  );
}

function VelocityReport({ team }: { team: string }) {
  const { data, error, refetch } = useQuery(velocityQuery(team));
  if (error && !data)
    return <ErrorState error={error} what="The velocity could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the velocity" />;
  const enough = data.enough && typeof data.mean === 'number';
  const sentence = enough
    ? `${num.format(Math.round((data.mean ?? 0) * 10) / 10)} points a sprint over the last ${data.sprints.length}, from ${num.format(data.low ?? 0)} to ${num.format(data.high ?? 0)}.`
    : `Not enough sprints yet: a mean needs three closed ones. Import past sprints on the sprints page to have it at once.`;
  return (
    <ChartSheet
      title="Velocity"
      sentence={sentence}
      file={`${team}-velocity`}
      data={data}
      table={{
        columns: [
          { name: 'Sprint' },
          { name: 'Committed', num: true },
          { name: 'Completed', num: true },
          { name: 'Closed' },
        ],
        rows: data.sprints.map((s) => [`Sprint ${s.number}`, s.committed, s.completed, s.closed_at.slice(0, 10)]),
      }}
      legend={
        <ul className="legend">
          <li data-line="committed">Committed</li>
          <li data-line="completed">Completed</li>
          {enough && <li data-line="guideline">Mean</li>}
          {enough && <li data-line="cone">Range</li>}
        </ul>
      }
      chart={(svg) => (
        <VelocityBars
          svg={svg}
          sprints={data.sprints}
          mean={enough ? data.mean : null}
          low={enough ? data.low : null}
          high={enough ? data.high : null}
        />
      )}
    />
  );
}

function SprintReports({ team }: { team: string }) {
  const { data, error, refetch } = useQuery(reportableSprintsQuery(team));
  if (error && !data)
    return <ErrorState error={error} what="The sprints could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the sprints" />;
  return (
    <section className="sheet" aria-labelledby="sprint-reports">
      <TableScroll label="Reports of sprints as a table">
        <table className="data">
          <caption id="sprint-reports" className="table-title">
            Reports of sprints
          </caption>
          <thead>
            <tr>
              {['Sprint', 'State', 'Dates', 'Report'].map((h) => (
                <th key={h} scope="col">
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map((s) => (
              <tr key={s.number}>
                <th scope="row">{sprintName(s)}</th>
                <td>
                  {stateLabel[s.state]}
                  {s.imported && <span className="muted"> · imported</span>}
                </td>
                <td className="nowrap">{spanText(s)}</td>
                <td className="nowrap">
                  <SprintReportLink n={s.number} className="link" /> · <BurndownLink n={s.number} className="link" />
                </td>
              </tr>
            ))}
            {data.length === 0 && (
              <tr>
                <td colSpan={4} className="muted">
                  No sprint has started yet.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
