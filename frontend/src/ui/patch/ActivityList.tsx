import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { membersQuery } from '../../api/members';
import { activityQuery } from '../../api/patches';
import { activityText } from '../../lib/activity';
import { ago, dateTime } from '../../lib/format';
import { Button } from '../Button';
import { ErrorState, SkeletonRows } from '../states';

/** Who did what, the latest first. */
export function ActivityList({ team, patchKey, zone }: { team: string; patchKey: string; zone: string }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    activityQuery(team, patchKey),
  );
  const { data: people } = useQuery(membersQuery(team));
  if (error && !data)
    return <ErrorState error={error} what="The activity could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} label="Loading activity" />;
  const all = data.pages.flatMap((p) => p.items);
  const nameOf = (id: string) => people?.items.find((m) => m.user.id === id)?.user.name;
  if (all.length === 0) return <p className="muted">Nothing has happened yet.</p>;
  return (
    <>
      <ol className="activity">
        {all.map((a, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no id and never change
          <li key={`${a.at} ${i}`}>
            <b>{a.who}</b> {activityText(a, nameOf)}
            <time dateTime={a.at} title={dateTime(a.at, zone)}>
              {ago(a.at)}
            </time>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show earlier
        </Button>
      )}
    </>
  );
}
