import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMe } from '../../api/queries';
import type { MyTeam } from '../../api/schema';
import { openSprintsQuery, sprintReportQuery } from '../../api/sprints';
import { standupQuery } from '../../api/standup';
import { plural } from '../../lib/format';
import { DueChip } from '../../ui/atoms';
import { PatchLink } from '../../ui/links';
import { shown } from './queries';
import { Section } from './Section';

const ToStandup = ({ team, children }: { team: MyTeam; children: string }) => (
  <Link className="link" to="/t/$team/standup" params={{ team: team.key }}>
    {children}
  </Link>
);

/** How the sprint goes, in the burndown's sentence. */
export function Health({ team }: { team: MyTeam }) {
  const sprints = useQuery(openSprintsQuery(team.key));
  const active = sprints.data?.find((s) => s.state === 'active');
  const report = useQuery({ ...sprintReportQuery(team.key, active?.number ?? 0), enabled: !!active });
  const query = active ? report : sprints;
  return (
    <Section
      id="health"
      title={active ? `Sprint ${active.number}` : 'Sprint'}
      query={query}
      nothing="No sprint is active."
      link={
        <Link className="link" to="/t/$team/burndown" params={{ team: team.key }}>
          Burndown
        </Link>
      }
    >
      {active && report.data && (
        <>
          {active.goal && <p>{active.goal}</p>}
          <p>
            <b>{report.data.headline}</b>
          </p>
        </>
      )}
    </Section>
  );
}

/** What stops the team, the oldest first. */
export function Blockers({ team }: { team: MyTeam }) {
  const query = useQuery(standupQuery(team.key, 'today'));
  const open = query.data?.blockers.filter((b) => !b.resolved_at) ?? [];
  return (
    <Section
      id="blockers"
      title="Open blockers"
      count={open.length}
      query={query}
      nothing="Nothing stops the team."
      link={
        <Link className="link" to="/t/$team/standup" params={{ team: team.key }} search={{ view: 'ageing' }}>
          Ageing
        </Link>
      }
    >
      {open.length > 0 && (
        <ul className="home-rows">
          {open.slice(0, shown).map((b) => (
            <li key={b.id}>
              <PatchLink patchKey={b.key} /> <span className="clip">{b.needed}</span>
              <span className="home-end">
                <span className="muted">{plural(b.days, 'working day')}</span>
                <DueChip at={b.due_at} zone={team.time_zone} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Who has not written yet: to be seen, not to be nagged. */
export function Missing({ team }: { team: MyTeam }) {
  const query = useQuery(standupQuery(team.key, 'today'));
  const missing = query.data?.working ? query.data.missing : [];
  return (
    <Section
      id="missing"
      title="No entry yet today"
      count={missing.length}
      query={query}
      nothing={query.data?.working === false ? 'The team does not work today.' : 'Everybody has written.'}
      link={<ToStandup team={team}>Stand-up</ToStandup>}
    >
      {missing.length > 0 && <p>{missing.map((p) => p.name).join(', ')}</p>}
    </Section>
  );
}

/** One's own entry of today. */
export function Entry({ team }: { team: MyTeam }) {
  const me = useMe()?.user.id;
  const query = useQuery(standupQuery(team.key, 'today'));
  const mine = query.data?.entries.find((e) => e.member.id === me);
  const off = query.data?.off.some((p) => p.id === me);
  const nothing = off
    ? 'You are off today.'
    : query.data?.working === false
      ? 'The team does not work today.'
      : 'You have not written yet.';
  return (
    <Section
      id="entry"
      title="My entry today"
      query={query}
      nothing={nothing}
      link={<ToStandup team={team}>{query.data?.working && !mine && !off ? 'Write it' : 'Stand-up'}</ToStandup>}
    >
      {mine && <p className="home-text">{mine.today || mine.items.map((i) => i.key).join(', ') || mine.yesterday}</p>}
    </Section>
  );
}
