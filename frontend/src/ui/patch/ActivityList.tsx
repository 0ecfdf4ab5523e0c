import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { activityOf } from '../../api/content';
import { membersQuery } from '../../api/members';
import type { Activity, ActivityKind } from '../../api/schema';
import { activityText, differences } from '../../lib/activity';
import { ago, dateTime } from '../../lib/format';
import { Button } from '../Button';
import { Select } from '../Field';
import { ErrorState, SkeletonRows } from '../states';

const kinds = [
  ['all', 'Everything'],
  ['edits', 'Edits'],
  ['comments', 'Comments and files'],
  ['moves', 'Moves'],
  ['sprints', 'Sprints'],
  ['scores', 'Scores'],
] as const;

interface Props {
  team: string;
  patchKey: string;
  zone: string;
}

/** What happened to a patch, the latest first. */
export function ActivityList({ team, patchKey, zone }: Props) {
  const [kind, setKind] = useState<ActivityKind | 'all'>('all');
  return (
    <>
      <Select
        className="activity-kind"
        aria-label="Show of the activity"
        options={kinds}
        value={kind}
        onChange={(e) => setKind(e.target.value as typeof kind)}
      />
      <Happenings team={team} patchKey={patchKey} zone={zone} kind={kind} />
    </>
  );
}

function Happenings({ team, patchKey, zone, kind }: Props & { kind: ActivityKind | 'all' }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    activityOf(team, patchKey, kind),
  );
  const { data: people } = useQuery(membersQuery(team));
  if (error && !data)
    return <ErrorState error={error} what="The activity could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} label="Loading activity" />;
  const all = data.pages.flatMap((p) => p.items);
  const nameOf = (id: string) => people?.items.find((m) => m.user.id === id)?.user.name;
  if (all.length === 0)
    return <p className="muted">{kind === 'all' ? 'Nothing since a report brought it.' : 'Nothing of this kind.'}</p>;
  return (
    <>
      <ol className="activity">
        {all.map((a) => (
          <li key={a.id}>
            <b>{a.who}</b> {activityText(a, nameOf)}
            <time dateTime={a.at} title={dateTime(a.at, zone)}>
              {ago(a.at)}
            </time>
            <Differences activity={a} />
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

/** Long texts, before and after, on demand. */
function Differences({ activity }: { activity: Activity }) {
  const all = differences(activity);
  if (all.length === 0) return null;
  return (
    <details className="difference">
      <summary>What changed</summary>
      {all.map((d) => (
        <div key={d.field}>
          {d.from && <del>{d.from}</del>}
          {d.to && <ins>{d.to}</ins>}
        </div>
      ))}
    </details>
  );
}
