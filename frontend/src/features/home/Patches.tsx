import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { MyTeam, Patch } from '../../api/schema';
import { openSprintsQuery } from '../../api/sprints';
import { myTasksQuery } from '../../api/tasks';
import { dayOf, num } from '../../lib/format';
import { addDays } from '../../lib/workdays';
import { DueChip, StatusBadge } from '../../ui/atoms';
import { PatchLink } from '../../ui/links';
import { fewQuery, movesQuery, shown } from './queries';
import { Section } from './Section';

const Rows = ({ items, zone }: { items: readonly Patch[]; zone: string }) => (
  <ul className="home-rows">
    {items.map((p) => (
      <li key={p.key}>
        <PatchLink patchKey={p.key} /> <span className="clip">{p.title}</span>
        <span className="home-end">
          <StatusBadge status={p.status} />
          <DueChip at={p.due_at} zone={zone} />
        </span>
      </li>
    ))}
  </ul>
);

/** What risk moved since one looked last. */
export function Moved({ team }: { team: MyTeam }) {
  const query = useQuery(movesQuery(team.key));
  const items = query.data?.items.slice(0, shown) ?? [];
  const count = query.data && query.data.moved + query.data.new + query.data.closed;
  return (
    <Section
      id="moved"
      title="Moved since you looked"
      count={count}
      query={query}
      nothing="Nothing moved."
      link={
        <Link className="link" to="/t/$team/backlog" params={{ team: team.key }}>
          Backlog
        </Link>
      }
    >
      {items.length > 0 && (
        <ul className="home-rows">
          {items.map((m) => (
            <li key={m.key}>
              <PatchLink patchKey={m.key} /> <span className="clip">{m.title}</span>
              <span className="home-end muted">
                {m.kind === 'moved'
                  ? `${num.format(Math.round(m.before))} → ${num.format(Math.round(m.after))}`
                  : m.kind}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** What is due before the sprint after the next could deliver it, and is in no sprint. */
export function MustPlan({ team }: { team: MyTeam }) {
  const sprints = useQuery(openSprintsQuery(team.key));
  const planned = sprints.data?.filter((s) => s.state === 'planned') ?? [];
  const next = planned[0] ?? sprints.data?.[0];
  const until = next?.end_date ?? addDays(dayOf(Date.now(), team.time_zone), 14);
  const filter = { sprint: ['none'], due_to: until, order: 'due' as const };
  const query = useQuery({ ...fewQuery(team.key, filter), enabled: !sprints.isPending });
  const items = query.data?.items ?? [];
  return (
    <Section
      id="plan"
      title="Must be planned"
      count={query.data?.count}
      query={query}
      nothing="What is due before the next sprint ends is in a sprint."
      link={
        <Link
          className="link"
          to="/t/$team/backlog"
          params={{ team: team.key }}
          search={{ sprint: 'none', due_to: until, order: 'due' }}
        >
          In the backlog
        </Link>
      }
    >
      {items.length > 0 && <Rows items={items} zone={team.time_zone} />}
    </Section>
  );
}

/** One's own open work in the sprint. */
export function MyWork({ team }: { team: MyTeam }) {
  const query = useQuery(fewQuery(team.key, { assignee: ['me'], sprint: ['active'] }));
  const items = query.data?.items ?? [];
  return (
    <Section
      id="work"
      title="My work in the sprint"
      count={query.data?.count}
      query={query}
      nothing="Nothing open in the sprint is yours."
      link={
        <Link className="link" to="/t/$team/board" params={{ team: team.key }}>
          Sprint board
        </Link>
      }
    >
      {items.length > 0 && <Rows items={items} zone={team.time_zone} />}
    </Section>
  );
}

/** One's own tasks that are not done, on whosever patches. */
export function MyTasks({ team }: { team: MyTeam }) {
  const query = useQuery(myTasksQuery(team.key));
  const items = query.data?.items ?? [];
  return (
    <Section id="tasks" title="My tasks" count={items.length} query={query} nothing="No open task is yours.">
      {items.length > 0 && (
        <ul className="home-rows">
          {items.slice(0, shown).map(({ key, task, due_at }) => (
            <li key={task.id}>
              <PatchLink patchKey={key} /> <span className="clip">{task.title}</span>
              <span className="home-end">
                {task.state === 'doing' && <span className="badge soft">Doing</span>}
                {task.hours !== null && <span className="muted">{num.format(task.hours)} h</span>}
                <DueChip at={due_at} zone={team.time_zone} />
              </span>
            </li>
          ))}
          {items.length > shown && <li className="muted">and {items.length - shown} more</li>}
        </ul>
      )}
    </Section>
  );
}
