import './retro.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMe, useTeam } from '../../api/queries';
import type { MyTeam, Sprint } from '../../api/schema';
import { reportableSprintsQuery } from '../../api/sprints';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { Select } from '../../ui/Field';
import { TeamLink } from '../../ui/links';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { ActionsPart } from './ActionsPart';
import { CardColumns } from './CardColumns';
import { ClosedPart } from './ClosedPart';
import { DiscussPart } from './DiscussPart';
import { FactsPart } from './FactsPart';
import { GroupBoard } from './GroupBoard';
import { PhaseBar } from './PhaseBar';
import { collecting } from './phases';
import { TicketNotice } from './TicketNotice';
import { type Room, useRetro } from './useRetro';

/** Looking back on a sprint together: everybody's screen follows the phases. */
export function RetroPage() {
  useTitle('Retrospective');
  const team = useTeam();
  const me = useMe()?.user.id;
  if (!team || !me) return <EmptyState title="This team does not exist, or you are not in it" />;
  return <OfTeam key={team.key} team={team} me={me} />;
}

function OfTeam({ team, me }: { team: MyTeam; me: string }) {
  const { data, error, refetch } = useQuery(reportableSprintsQuery(team.key));
  const [url, change] = useUrlState();
  if (error && !data)
    return <ErrorState page error={error} what="The sprints could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={8} label="Loading the retrospective" />;
  const sprints = data.filter((s) => !s.imported);
  const sprint = sprints.find((s) => String(s.number) === url.sprint) ?? sprints[0];
  return (
    <div className="page long retro">
      <header className="page-head">
        <div>
          <h1>Retrospective</h1>
          {sprint && <p>{nameOf(sprint)}</p>}
        </div>
        <div className="tools">
          {sprints.length > 1 && sprint && (
            <Select
              aria-label="Sprint"
              value={String(sprint.number)}
              options={sprints.map((s) => [String(s.number), nameOf(s)])}
              onChange={(e) => change({ sprint: e.target.value }, { push: true })}
            />
          )}
          <Link className="btn" to="/t/$team/lessons" params={{ team: team.key }}>
            Lessons
          </Link>
        </div>
      </header>
      {sprint ? (
        <OfSprint key={sprint.number} team={team} me={me} n={sprint.number} />
      ) : (
        <EmptyState
          title="A retrospective looks back on a sprint, and none has started yet"
          action={<TeamLink to="sprints">Plan a sprint</TeamLink>}
        />
      )}
    </div>
  );
}

const nameOf = (s: Sprint) => `${s.name || `Sprint ${s.number}`}${s.state === 'active' ? ' (active)' : ''}`;

function OfSprint({ team, me, n }: { team: MyTeam; me: string; n: number }) {
  const { room, error, refetch } = useRetro(me, team.key, n);
  if (error && !room)
    return <ErrorState page error={error} what="The retrospective could not be loaded" retry={() => void refetch()} />;
  if (!room) return <SkeletonRows rows={8} label="Loading the retrospective" />;
  return (
    <>
      <PhaseBar room={room} />
      <TicketNotice room={room} />
      <Part room={room} zone={team.time_zone} />
    </>
  );
}

function Part({ room, zone }: { room: Room; zone: string }) {
  const { phase } = room.retro;
  if (phase === 'closed') return <ClosedPart room={room} zone={zone} />;
  // the same key in both: what one is typing stays when the phase moves on
  if (phase === 'actions')
    return (
      <>
        <ActionsPart key="actions" room={room} />
        <GroupBoard room={room} />
      </>
    );
  if (phase === 'discuss')
    return (
      <>
        <DiscussPart room={room} />
        <ActionsPart key="actions" room={room} />
      </>
    );
  if (!collecting(phase)) return <GroupBoard room={room} />;
  return (
    <>
      {phase === 'facts' && <FactsPart room={room} />}
      <CardColumns room={room} />
    </>
  );
}
