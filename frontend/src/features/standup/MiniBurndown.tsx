import { useQuery } from '@tanstack/react-query';
import { openSprintsQuery, sprintReportQuery } from '../../api/sprints';
import { BurndownChart } from '../../charts/BurndownChart';
import { TeamLink } from '../../ui/links';

/** The active sprint's burndown, small; nothing without one. */
export function MiniBurndown({ team }: { team: string }) {
  const { data: sprints } = useQuery(openSprintsQuery(team));
  const active = sprints?.find((s) => s.state === 'active');
  const { data: report } = useQuery({ ...sprintReportQuery(team, active?.number ?? 0), enabled: !!active });
  if (!report) return null;
  return (
    <section className="sheet standup-burndown" aria-labelledby="standup-burndown">
      <h2 id="standup-burndown">
        <TeamLink to="burndown" className="link">
          Sprint {report.sprint.number}
        </TeamLink>
      </h2>
      <p className="muted">{report.headline}</p>
      <BurndownChart report={report} titles={report.titles} mode="down" summary={report.headline} least={150} />
    </section>
  );
}
