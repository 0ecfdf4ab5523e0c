import { useQuery } from '@tanstack/react-query';
import type { Feed, FeedRun } from '../../api/schema';
import { bytesText, dateTime, plural } from '../../lib/format';
import { Dialog } from '../../ui/Dialog';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { feedRunsQuery } from './queries';
import { progressText, stateLabel, tookText } from './words';

/** The last runs of a feed, with everything they said. */
export function FeedRuns({ feed, onClose }: { feed: Feed; onClose: () => void }) {
  const { data, error, refetch } = useQuery(feedRunsQuery(feed.id));
  return (
    <Dialog open onClose={onClose} title={`History of ${feed.name}`} wide>
      {error && !data ? (
        <ErrorState error={error} what="The history could not be loaded" retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={4} label="Loading the history" />
      ) : data.length === 0 ? (
        <EmptyState title="It has not run yet">Run it now, or switch it on.</EmptyState>
      ) : (
        <ol className="feed-runs">
          {data.map((run) => (
            <RunView key={run.id} run={run} />
          ))}
        </ol>
      )}
    </Dialog>
  );
}

const RunView = ({ run }: { run: FeedRun }) => (
  <li>
    <span className="badge count state" data-state={run.state}>
      {stateLabel[run.state]}
    </span>{' '}
    {dateTime(run.started_at)}
    <small className="feed-meta">
      {[
        run.who ? `asked by ${run.who}` : 'by schedule',
        tookText(run) && `took ${tookText(run)}`,
        run.status !== null && `HTTP ${run.status}`,
        run.bytes > 0 && bytesText(run.bytes),
        run.files > 0 && plural(run.files, 'file'),
        run.applied > 0 && plural(run.applied, 'record'),
        run.state === 'running' && progressText(run),
      ]
        .filter(Boolean)
        .join(' · ')}
    </small>
    {run.error && <p className="feed-error">{run.error}</p>}
    {run.summary.length > 0 && (
      <ul>
        {run.summary.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    )}
  </li>
);
