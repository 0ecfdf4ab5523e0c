import { useQuery } from '@tanstack/react-query';
import { usePermission, whoMay } from '../../api/queries';
import type { RetroAction, SprintSummary, SummaryLine } from '../../api/schema';
import { sprintSummaryQuery } from '../../api/sprints';
import { plural } from '../../lib/format';
import { StatusBadge } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { PatchLink, ReviewLink, SprintReportLink } from '../../ui/links';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { decideAction } from './queries';
import type { Room } from './useRetro';

/** What happened, and what came of what was wanted the last times. */
export function FactsPart({ room }: { room: Room }) {
  return (
    <>
      <OpenActions room={room} />
      <Facts room={room} />
    </>
  );
}

function OpenActions({ room }: { room: Room }) {
  const { retro, place, mayWork } = room;
  const mayRank = usePermission('rank');
  if (retro.open_actions.length === 0) return null;
  const decide = (a: RetroAction, decision: 'done' | 'keep' | 'drop') =>
    void room.run(() => decideAction(place, a.id, decision), `${a.key} was not decided`);
  return (
    <section className="sheet retro-part" aria-labelledby="retro-open">
      <h2 id="retro-open">
        Open actions <span className="badge count">{retro.open_actions.length}</span>
      </h2>
      <ul className="plain-list retro-actions">
        {retro.open_actions.map((a) => (
          <li key={a.id}>
            <p>
              <PatchLink patchKey={a.key} /> {a.title} <StatusBadge status={a.status} />
            </p>
            <p className="muted">
              {a.owner?.name ?? 'Nobody'} · due in sprint {a.due_sprint}
              {a.due_sprint <= retro.sprint && ' (now)'} · from sprint {a.sprint}
              {a.kept > 0 && ` · put off ${plural(a.kept, 'time')}`}
            </p>
            <span className="retro-buttons">
              <Button
                small
                aria-label={`${a.key} is done`}
                reason={!mayWork && whoMay.work}
                onClick={() => decide(a, 'done')}
              >
                Done
              </Button>
              <Button
                small
                aria-label={`Keep ${a.key}`}
                reason={!mayWork && whoMay.work}
                onClick={() => decide(a, 'keep')}
              >
                Keep
              </Button>
              <Button
                small
                aria-label={`Drop ${a.key}`}
                reason={!room.mayLead && !mayRank && 'Scrum masters and product owners drop actions'}
                onClick={() => decide(a, 'drop')}
              >
                Drop
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ room }: { room: Room }) {
  const { team, n } = room.place;
  const { data, error, refetch } = useQuery(sprintSummaryQuery(team, n));
  if (error && !data)
    return <ErrorState error={error} what="The facts could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the facts" />;
  const days = data.blockers.reduce((sum, b) => sum + b.days, 0);
  return (
    <section className="sheet retro-part" aria-labelledby="retro-facts">
      <h2 id="retro-facts">Facts of the sprint</h2>
      <p>
        {data.headline}. {days > 0 ? `${plural(days, 'working day')} blocked.` : 'Nothing was blocked.'}
      </p>
      <div className="retro-facts">
        <Lines title="Due dates missed" lines={data.due_missed} />
        <Lines title="Emergencies" lines={data.emergencies} />
        <Lines title="Reopened" lines={data.reopened} />
        <Lines title={data.sprint.state === 'active' ? 'Still open' : 'Carried over'} lines={data.carried} />
        <Lines title="Largest changes of estimates" lines={misses(data)} points />
        <Blockers summary={data} />
      </div>
      <span className="retro-buttons">
        <ReviewLink n={n} />
        <SprintReportLink n={n} />
      </span>
    </section>
  );
}

/** The largest changes of an estimate; a first estimate is none. */
const misses = (s: SprintSummary) =>
  s.re_estimated
    .filter((l) => l.points !== 0)
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, 5);

const shown = 8;

function Lines({ title, lines, points }: { title: string; lines: readonly SummaryLine[]; points?: boolean }) {
  return (
    <div>
      <h3>
        {title} <span className="badge count">{lines.length}</span>
      </h3>
      {lines.length === 0 && <p className="muted">None</p>}
      <ul className="plain-list">
        {lines.slice(0, shown).map((l) => (
          <li key={`${l.item} ${l.at}`}>
            {l.key ? <PatchLink patchKey={l.key} /> : l.item} {l.title}
            {points && ` ${l.points > 0 ? '+' : ''}${l.points}`}
            {l.times > 1 && ` (${l.times} times)`}
          </li>
        ))}
      </ul>
      {lines.length > shown && <p className="muted">and {lines.length - shown} more</p>}
    </div>
  );
}

function Blockers({ summary }: { summary: SprintSummary }) {
  return (
    <div>
      <h3>
        Blockers <span className="badge count">{summary.blockers.length}</span>
      </h3>
      {summary.blockers.length === 0 && <p className="muted">None</p>}
      <ul className="plain-list">
        {summary.blockers.slice(0, shown).map((b) => (
          <li key={`${b.key} ${b.needed}`}>
            <PatchLink patchKey={b.key} /> {b.needed} ({plural(b.days, 'day')})
          </li>
        ))}
      </ul>
    </div>
  );
}
