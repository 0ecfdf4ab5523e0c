import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useLive } from '../../api/live';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { MyTeam, Sprint } from '../../api/schema';
import { sprintListQuery, velocityQuery } from '../../api/sprints';
import { useTitle } from '../../app/title';
import { VelocityBars } from '../../charts/VelocityBars';
import { num } from '../../lib/format';
import { Button } from '../../ui/Button';
import { LoadMore } from '../../ui/LoadMore';
import { BurndownLink, ReviewLink, SprintLink, SprintReportLink, TeamLink } from '../../ui/links';
import { usePlanning } from '../../ui/sprint/actions';
import { SprintForm } from '../../ui/sprint/SprintForm';
import { spanText, sprintName, stateLabel } from '../../ui/sprint/totals';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { TableScroll } from '../../ui/TableScroll';
import './sprint.css';

const HistoryDialog = lazy(() => import('./HistoryDialog'));

/** Every sprint of the team, and what it usually achieves. */
export function SprintsPage() {
  useTitle('Sprints');
  const team = useTeam();
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  return <Sprints key={team.key} team={team} />;
}

function Sprints({ team }: { team: MyTeam }) {
  const query = useInfiniteQuery(sprintListQuery(team.key));
  const mayPlan = usePermission('plan', team.key);
  const { refreshAll } = usePlanning(team.key);
  const [creating, setCreating] = useState(false);
  const [importing, setImporting] = useState(false);
  useLive(team.key, (e) => {
    if (e.kind === 'sprint.changed' || e.kind === 'reset') refreshAll();
  });
  const sprints = query.data?.pages.flatMap((p) => p.items);
  const create = (
    <Button variant="primary" reason={!mayPlan && whoMay.plan} onClick={() => setCreating(true)}>
      <Plus size={15} aria-hidden />
      Plan a sprint
    </Button>
  );
  return (
    <div className="page long">
      <header className="page-head">
        <h1>Sprints</h1>
        <div className="tools">
          <TeamLink to="backlog">Plan from the backlog</TeamLink>
          <Button reason={!mayPlan && whoMay.plan} onClick={() => setImporting(true)}>
            Import past sprints…
          </Button>
          {create}
        </div>
      </header>
      <VelocityPanel team={team.key} />
      <div className="sheet sprint-list">
        {query.error && !sprints && (
          <ErrorState error={query.error} what="The sprints could not be loaded" retry={() => void query.refetch()} />
        )}
        {query.isPending && <SkeletonRows rows={6} label="Loading sprints" />}
        {sprints?.length === 0 && (
          <EmptyState title="No sprint yet" action={create}>
            A sprint is a fixed span in which the team finishes a set of patches. Plan the first one.
          </EmptyState>
        )}
        {sprints && sprints.length > 0 && <SprintTable sprints={sprints} />}
        {query.hasNextPage && <LoadMore more busy={query.isFetchingNextPage} load={() => void query.fetchNextPage()} />}
      </div>
      {creating && <SprintForm team={team.key} onClose={() => setCreating(false)} onDone={refreshAll} />}
      <Suspense>{importing && <HistoryDialog team={team.key} onClose={() => setImporting(false)} />}</Suspense>
    </div>
  );
}

function SprintTable({ sprints }: { sprints: Sprint[] }) {
  return (
    <TableScroll label="Sprints">
      <table className="data">
        <caption className="sr">Sprints, the latest first</caption>
        <TableHead
          columns={[
            'Sprint',
            'State',
            'Goal',
            'Dates',
            { text: 'Committed', num: true },
            { text: 'Completed', num: true },
            { text: 'Report', sr: true },
          ]}
        />
        <tbody>
          {sprints.map((s) => (
            <tr key={s.number}>
              <th scope="row" className="nowrap">
                <SprintLink n={s.number}>{sprintName(s)}</SprintLink>
              </th>
              <td>
                <span className="badge count" data-state={s.state}>
                  {stateLabel[s.state]}
                </span>
                {s.imported && <span className="muted"> imported</span>}
              </td>
              <td className="goal-cell">{s.goal || <span className="muted">–</span>}</td>
              <td className="nowrap">{spanText(s)}</td>
              <td className="num nowrap">
                {s.totals.committed === null
                  ? `${num.format(s.totals.points)} planned`
                  : num.format(s.totals.committed)}
              </td>
              <td className="num">{s.state === 'planned' ? '–' : num.format(s.totals.completed)}</td>
              <td className="num">
                {(s.state === 'active' || s.state === 'closed') && (
                  <span className="nowrap">
                    {!s.imported && (
                      <>
                        <ReviewLink n={s.number} className="link" /> ·{' '}
                      </>
                    )}
                    <SprintReportLink n={s.number} className="link" /> · <BurndownLink n={s.number} className="link" />
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function VelocityPanel({ team }: { team: string }) {
  const { data, error, refetch } = useQuery(velocityQuery(team));
  return (
    <section className="sheet velocity" aria-labelledby="velocity-title">
      <div className="velocity-head">
        <h2 id="velocity-title">Velocity</h2>
        {data && <p>{velocityText(data)}</p>}
      </div>
      {error && !data && (
        <ErrorState error={error} what="The velocity could not be loaded" retry={() => void refetch()} />
      )}
      {!data && !error && <SkeletonRows rows={4} label="Loading the velocity" />}
      {data && data.sprints.length > 0 && (
        <>
          <ul className="legend">
            <li data-line="committed">Committed</li>
            <li data-line="completed">Completed</li>
            {data.enough && <li data-line="guideline">Mean</li>}
            {data.enough && <li data-line="cone">Range</li>}
          </ul>
          <VelocityBars
            sprints={data.sprints}
            mean={data.enough ? data.mean : null}
            low={data.enough ? data.low : null}
            high={data.enough ? data.high : null}
          />
        </>
      )}
    </section>
  );
}

export function velocityText(v: {
  enough: boolean;
  mean?: number | null | undefined;
  low?: number | null | undefined;
  high?: number | null | undefined;
  sprints: readonly unknown[];
}): string {
  if (!v.enough || typeof v.mean !== 'number')
    return `Not enough sprints yet: a mean needs three closed ones, ${v.sprints.length === 0 ? 'none is' : `${v.sprints.length} ${v.sprints.length === 1 ? 'is' : 'are'}`} closed.`;
  const range =
    typeof v.low === 'number' && typeof v.high === 'number'
      ? `, from ${num.format(v.low)} to ${num.format(v.high)}`
      : '';
  return `${num.format(Math.round(v.mean * 10) / 10)} points a sprint${range}.`;
}
