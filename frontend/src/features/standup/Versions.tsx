import { useQuery } from '@tanstack/react-query';
import type { Person } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { Dialog } from '../../ui/Dialog';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { Entry } from './EntryRows';
import { versionsQuery } from './queries';

interface Props {
  team: string;
  day: string;
  person: Person;
  zone: string;
  onClose: () => void;
}

/** What an entry said before it was changed, the latest first. */
export function Versions({ team, day, person, zone, onClose }: Props) {
  const { data, error, refetch } = useQuery(versionsQuery(team, day, person.id));
  return (
    <Dialog open wide onClose={onClose} title={`Earlier versions of ${person.name}'s entry`}>
      {error && !data && <ErrorState error={error} what="They could not be loaded" retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} label="Loading earlier versions" />}
      <ol className="standup-versions">
        {data?.items.map((e) => (
          <li key={e.version}>
            <h3>{dateTime(e.written_at, zone)}</h3>
            <div className="standup-fields">
              <Entry entry={e} />
            </div>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
