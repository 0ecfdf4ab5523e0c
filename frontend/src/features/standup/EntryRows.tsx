import { Link, useParams } from '@tanstack/react-router';
import type { Ref } from 'react';
import type { Standup, StandupEntry, StandupItem } from '../../api/schema';
import { statusLabel } from '../../lib/domain';
import { dateTime } from '../../lib/format';
import { Glyph, Person } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { TeamLink } from '../../ui/links';
import { EmptyState } from '../../ui/states';
import { rowsOf } from './entry';

interface Props {
  standup: Standup;
  /** The day is over: what is missing stays missing. */
  past: boolean;
  zone: string;
  me: string | undefined;
  /** The button that opens one's own entry. */
  edit: Ref<HTMLButtonElement>;
  onEdit: (() => void) | undefined;
}

/** A row per member, in the same order every day. */
export function EntryRows({ standup, past, zone, me, edit, onEdit }: Props) {
  const rows = rowsOf(standup);
  if (rows.length === 0)
    return (
      <EmptyState
        title={standup.working ? 'Nobody in this team writes stand-ups yet' : 'The team does not work that day'}
        action={standup.working && <TeamLink to="board">Sprint board</TeamLink>}
      >
        {standup.working && 'Members, Scrum masters and product owners do; viewers read along.'}
      </EmptyState>
    );
  return (
    <section className="sheet standup-team" aria-labelledby="standup-team">
      <h2 id="standup-team">Team</h2>
      <ul>
        {rows.map(({ person, entry }) => (
          <li key={person.id}>
            <div className="standup-member">
              <h3>
                <Person name={person.name} />
              </h3>
              {entry?.edited && (
                <span className="muted" title={`First written ${dateTime(entry.written_at, zone)}`}>
                  edited
                </span>
              )}
              {person.id === me && onEdit && (
                <Button ref={edit} small aria-keyshortcuts="e" aria-label="Edit your entry" onClick={onEdit}>
                  Edit
                </Button>
              )}
            </div>
            {entry ? (
              <Entry entry={entry} />
            ) : (
              <p className="standup-none muted">{past ? 'No entry' : 'No entry yet'}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry }: { entry: StandupEntry }) {
  return (
    <>
      <div className="standup-text">
        <h4>Yesterday</h4>
        <p>{entry.yesterday || <span className="muted">–</span>}</p>
      </div>
      <div className="standup-text">
        <h4>Today</h4>
        {(entry.today || entry.items.length === 0) && <p>{entry.today || <span className="muted">–</span>}</p>}
        <ItemChips items={entry.items} />
      </div>
    </>
  );
}

/** The named patches, with a tick where the work is done. */
export function ItemChips({ items }: { items: readonly StandupItem[] }) {
  const { team = '' } = useParams({ strict: false });
  if (items.length === 0) return null;
  return (
    <ul className="standup-items">
      {items.map((i) => (
        <li key={i.key}>
          <Link
            className="standup-item"
            to="/t/$team/patches/$key"
            params={{ team, key: i.key }}
            title={`${i.title}: ${statusLabel[i.status]}`}
          >
            <b>{i.key}</b>
            <span className="clip">{i.title}</span>
            <small data-status={i.status}>
              {i.status === 'verified' && <Glyph name="check" size={11} />}
              {statusLabel[i.status]}
            </small>
          </Link>
        </li>
      ))}
    </ul>
  );
}
