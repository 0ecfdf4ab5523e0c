import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useLive } from '../../api/live';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { MyTeam, Sprint, SprintItem } from '../../api/schema';
import { sprintItemsQuery, sprintQuery } from '../../api/sprints';
import { useTitle } from '../../app/title';
import { dateTime, num, plural } from '../../lib/format';
import { DueChip, Kev, Person, Points, Risk, StatusBadge } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { BurndownLink, PatchLink, ReviewLink, SprintReportLink, TeamLink } from '../../ui/links';
import { usePlanning } from '../../ui/sprint/actions';
import { Capacity } from '../../ui/sprint/Capacity';
import { type SprintDialog, SprintDialogs } from '../../ui/sprint/SprintDialogs';
import { spanText, sprintName, stateLabel, totalsText } from '../../ui/sprint/totals';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TableScroll } from '../../ui/TableScroll';
import './sprint.css';

/** One sprint: its totals, its life, its items. */
export function SprintPage() {
  const team = useTeam();
  const n = Number(useParams({ strict: false }).n);
  useTitle(`Sprint ${Number.isInteger(n) ? n : ''}`);
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  if (!Number.isInteger(n) || n < 1)
    return <EmptyState title="A sprint has a number" action={<TeamLink to="sprints">All sprints</TeamLink>} />;
  return <OneSprint key={`${team.key} ${n}`} team={team} n={n} />;
}

function OneSprint({ team, n }: { team: MyTeam; n: number }) {
  const { data, error, refetch } = useQuery(sprintQuery(team.key, n));
  const { refreshAll } = usePlanning(team.key);
  useLive(team.key, (e) => {
    if (e.sprint === n || e.kind === 'sprint.changed' || e.kind === 'patches.changed' || e.kind === 'reset')
      refreshAll();
  });
  if (error && !data)
    return <ErrorState page error={error} what={`Sprint ${n} could not be loaded`} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label={`Loading sprint ${n}`} />;
  return (
    <div className="page long">
      <Head team={team} sprint={data} />
      <section className="sheet sprint-summary" aria-label="Totals">
        <p>{totalsText(data.totals)}</p>
        {data.totals.committed !== null && (
          <p>
            {num.format(data.totals.completed)} completed, {num.format(data.totals.committed)} committed
          </p>
        )}
        {(data.state === 'planned' || data.state === 'active') && (
          <Capacity points={data.totals.points} velocity={data.velocity} />
        )}
        <p className="muted">
          {data.started_at && `Started ${dateTime(data.started_at, data.time_zone)}. `}
          {data.closed_at && `Closed ${dateTime(data.closed_at, data.time_zone)}. `}
          Days are those of {data.time_zone}.
        </p>
      </section>
      <Items team={team} sprint={data} />
    </div>
  );
}

function Head({ team, sprint }: { team: MyTeam; sprint: Sprint }) {
  const [dialog, setDialog] = useState<SprintDialog | null>(null);
  const mayPlan = usePermission('plan', team.key);
  const reason = !mayPlan && whoMay.plan;
  const open = sprint.state === 'planned' || sprint.state === 'active';
  return (
    <header className="page-head">
      <div>
        <h1>
          {sprintName(sprint)}{' '}
          <span className="badge count" data-state={sprint.state}>
            {stateLabel[sprint.state]}
          </span>
        </h1>
        <p>
          {spanText(sprint)}
          {sprint.goal && ` · ${sprint.goal}`}
        </p>
      </div>
      <div className="tools">
        {(sprint.state === 'active' || sprint.state === 'closed') && (
          <>
            {!sprint.imported && <ReviewLink n={sprint.number} />}
            <SprintReportLink n={sprint.number} />
            <BurndownLink n={sprint.number} className="btn" />
          </>
        )}
        {sprint.state === 'active' && <TeamLink to="board">Board</TeamLink>}
        {mayReopen(sprint) && (
          <Button reason={reason} onClick={() => setDialog('reopen')}>
            Reopen…
          </Button>
        )}
        {open && (
          <>
            <Button reason={reason} onClick={() => setDialog('edit')}>
              Edit…
            </Button>
            <Button reason={reason} onClick={() => setDialog('cancel')}>
              Cancel sprint…
            </Button>
            <Button
              variant="primary"
              reason={reason}
              onClick={() => setDialog(sprint.state === 'planned' ? 'start' : 'close')}
            >
              {sprint.state === 'planned' ? 'Start…' : 'Close…'}
            </Button>
          </>
        )}
      </div>
      <SprintDialogs team={team.key} sprint={sprint} dialog={dialog} onClose={() => setDialog(null)} />
    </header>
  );
}

const mayReopen = (s: Sprint) => s.reopenable_until !== null && new Date(s.reopenable_until).getTime() > Date.now();

function Items({ team, sprint }: { team: MyTeam; sprint: Sprint }) {
  const { data, error, refetch } = useQuery(sprintItemsQuery(team.key, sprint.number));
  return (
    <section className="sheet sprint-list" aria-label="Items">
      {error && !data && <ErrorState error={error} what="The items could not be loaded" retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={6} label="Loading items" />}
      {data?.items.length === 0 && (
        <EmptyState
          title="Nothing in this sprint"
          action={
            sprint.state === 'planned' && (
              <TeamLink to="backlog" className="btn primary">
                Choose from the backlog
              </TeamLink>
            )
          }
        />
      )}
      {data && data.items.length > 0 && (
        <TableScroll label="Items of the sprint as a table">
          <table className="data">
            <caption className="sr">Items in backlog order</caption>
            <thead>
              <tr>
                {['Key', 'Title', 'Priority', 'Due', 'Status'].map((h) => (
                  <th key={h} scope="col">
                    {h}
                  </th>
                ))}
                <th scope="col" className="num">
                  Pts
                </th>
                <th scope="col">Assignee</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((item) => (
                <ItemRow key={item.key} item={item} zone={team.time_zone} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {data && sprint.state === 'closed' && data.items.length < sprint.totals.items && !data.truncated && (
        <p className="muted sprint-note">
          {plural(sprint.totals.items - data.items.length, 'more item was', 'more items were')} carried over; the sprint
          report names them.
        </p>
      )}
      {data?.truncated && (
        <p className="muted sprint-note">Only the first 1,000 items are shown; the totals count all.</p>
      )}
    </section>
  );
}

const ItemRow = ({ item: i, zone }: { item: SprintItem; zone: string }) => (
  <tr>
    <th scope="row" className="nowrap">
      <PatchLink patchKey={i.key} />
    </th>
    <td>
      {i.title} {i.kev && <Kev />}{' '}
      {i.unplanned && <span className="badge soft">{i.membership === 'emergency' ? 'Emergency' : 'Added'}</span>}
    </td>
    <td>
      <Risk value={i.priority} band={i.band} pill />
    </td>
    <td className="nowrap">
      <DueChip
        at={i.due_at}
        zone={zone}
        done={i.status === 'verified' || i.status === 'dropped'}
        policy={i.due_policy}
      />
    </td>
    <td>
      <StatusBadge status={i.status} />
    </td>
    <td className="num">
      <Points value={i.points} />
    </td>
    <td>
      <Person name={i.assignee?.name} />
    </td>
  </tr>
);
