import './feed.css';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMe } from '../../api/queries';
import type { Feed } from '../../api/schema';
import { useTitle } from '../../app/title';
import { ago, dateTime } from '../../lib/format';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { RowMenu } from '../../ui/Menu';
import { Progress } from '../../ui/Progress';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { TableScroll } from '../../ui/TableScroll';
import { FeedDialog } from './FeedDialog';
import { FeedRuns } from './FeedRuns';
import { feedsQuery, isBusy } from './queries';
import { type FeedActions, useFeedActions } from './useFeedActions';
import { kindLabel, outcomeText, progressText, scheduleText, stateLabel } from './words';

/** Where knowledge and reports come from by themselves. */
export function FeedsPage() {
  useTitle('Feeds');
  const admin = useMe()?.user.admin ?? false;
  const { data, error, refetch } = useQuery(feedsQuery);
  const [editing, setEditing] = useState<Feed | 'new' | null>(null);
  const [history, setHistory] = useState<Feed | null>(null);
  const [removing, setRemoving] = useState<Feed | null>(null);
  const actions = useFeedActions({ edit: setEditing, history: setHistory, remove: setRemoving });
  const resting = data?.items.some((f) => f.shipped && !f.enabled);
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Feeds</h1>
          <p>What is known about vulnerabilities, and reports, fetched by this server on a schedule</p>
        </div>
        <div className="tools">
          {admin && (
            <Button variant="primary" onClick={() => setEditing('new')}>
              <Plus size={15} aria-hidden /> New feed
            </Button>
          )}
        </div>
      </header>
      <div className="feeds">
        {resting && (
          <p className="feed-note">
            The feeds of the publishers are there and switched off: this server asks nobody before an administrator
            switches a feed on. A publisher then sees this server’s address, and nothing about your teams.
          </p>
        )}
        <div className="sheet">
          {error && !data ? (
            <ErrorState error={error} what="The feeds could not be loaded" retry={() => void refetch()} />
          ) : !data ? (
            <SkeletonRows label="Loading feeds" />
          ) : data.items.length === 0 ? (
            <EmptyState
              title="There is no feed"
              action={admin && <Button onClick={() => setEditing('new')}>Add the first feed</Button>}
            >
              A feed brings in what is known about vulnerabilities, or reports, by itself.
            </EmptyState>
          ) : (
            <FeedTable feeds={data.items} admin={admin} actions={actions} />
          )}
        </div>
      </div>
      {editing && (
        <FeedDialog
          feed={editing === 'new' ? null : editing}
          folder={data?.folder ?? ''}
          onClose={() => setEditing(null)}
        />
      )}
      {history && <FeedRuns feed={history} onClose={() => setHistory(null)} />}
      <ConfirmDialog
        open={!!removing}
        onClose={() => setRemoving(null)}
        title={`Delete ${removing?.name ?? 'feed'}?`}
        text="Its settings and its history go. What it has brought in stays."
        action="Delete feed"
        run={() => removing && actions.remove(removing)}
      />
    </div>
  );
}

interface TableProps {
  feeds: Feed[];
  admin: boolean;
  actions: FeedActions;
}

const FeedTable = ({ feeds, admin, actions }: TableProps) => (
  <TableScroll label="Feeds">
    <table className="data feed-table">
      <TableHead columns={['Feed', 'Last result', 'Next run', { text: 'Actions', sr: true }]} />
      <tbody>
        {feeds.map((feed) => (
          <FeedRow key={feed.id} feed={feed} admin={admin} actions={actions} />
        ))}
      </tbody>
    </table>
  </TableScroll>
);

const FeedRow = ({ feed, admin, actions }: { feed: Feed; admin: boolean; actions: FeedActions }) => (
  <tr data-off={!feed.enabled || undefined}>
    <td>
      <b>{feed.name}</b>
      {feed.team && <span className="badge soft">{feed.team}</span>}
      <small className="feed-meta">
        {kindLabel[feed.kind]} · {scheduleText(feed)}
      </small>
      <small className="feed-meta feed-source">{feed.source}</small>
    </td>
    <td>
      <LastRun feed={feed} />
    </td>
    <td className="feed-next">
      {feed.waiting ? (
        'Waits for its turn'
      ) : feed.next_run_at ? (
        <span title={dateTime(feed.next_run_at)}>{soon(feed.next_run_at)}</span>
      ) : (
        <span className="badge count">Off</span>
      )}
      {feed.failures > 1 && <small className="feed-meta">{feed.failures} failures in a row</small>}
    </td>
    <td>
      <div className="feed-tools">
        {admin &&
          (isBusy(feed) ? (
            <Button small onClick={() => void actions.cancel(feed)}>
              Stop
            </Button>
          ) : (
            <Button small aria-label={`Run ${feed.name} now`} onClick={() => void actions.run(feed)}>
              Run now
            </Button>
          ))}
        <RowMenu label={`Actions for ${feed.name}`} entries={() => actions.entries(feed, admin)} />
      </div>
    </td>
  </tr>
);

const soon = (at: string) => (Date.parse(at) <= Date.now() ? 'now' : ago(at));

function LastRun({ feed }: { feed: Feed }) {
  const run = feed.last_run;
  if (!run) return <span className="feed-meta">It has not run yet.</span>;
  if (run.state === 'running') {
    return (
      <div className="feed-progress">
        <Progress label={`Running ${feed.name}`} value={null} />
        <span>{progressText(run)}</span>
      </div>
    );
  }
  return (
    <>
      <span className="badge count state" data-state={run.state}>
        {stateLabel[run.state]}
      </span>{' '}
      <span className="feed-meta" title={dateTime(run.started_at)}>
        {ago(run.started_at)}
      </span>
      <small className="feed-outcome">{outcomeText(run)}</small>
    </>
  );
}
