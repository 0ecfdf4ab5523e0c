import { Link, useParams } from '@tanstack/react-router';
import { lazy, type Ref, Suspense, useState } from 'react';
import type { Person as Person_, Standup, StandupEntry, StandupItem, StandupStep } from '../../api/schema';
import { statusLabel } from '../../lib/domain';
import { Glyph, Person } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { TeamLink } from '../../ui/links';
import { EmptyState } from '../../ui/states';
import { stepText } from './DoneItems';
import { rowsOf } from './entry';

const Versions = lazy(() => import('./Versions').then((m) => ({ default: m.Versions })));

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
  const { team = '' } = useParams({ strict: false });
  const [asked, setAsked] = useState<Person_ | null>(null);
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
        {rows.map(({ person, entry, off }) => (
          <li key={person.id} aria-current={standup.walk?.current.id === person.id ? 'step' : undefined}>
            <div className="standup-member">
              <h3>
                <Person name={person.name} />
              </h3>
              {entry?.edited && (
                <Button
                  small
                  aria-label={`Earlier versions of ${person.name}'s entry`}
                  onClick={() => setAsked(person)}
                >
                  Edited
                </Button>
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
              <p className="standup-none muted">{off ? 'Off that day' : past ? 'No entry' : 'No entry yet'}</p>
            )}
          </li>
        ))}
      </ul>
      {asked && (
        <Suspense>
          <Versions team={team} day={standup.date} person={asked} zone={zone} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </section>
  );
}

export function Entry({ entry }: { entry: StandupEntry }) {
  return (
    <>
      <div className="standup-text">
        <h4>Yesterday</h4>
        {(entry.yesterday || entry.yesterday_items.length === 0) && (
          <p>{entry.yesterday || <span className="muted">–</span>}</p>
        )}
        <StepChips steps={entry.yesterday_items} />
      </div>
      <div className="standup-text">
        <h4>Today</h4>
        {(entry.today || entry.items.length === 0) && <p>{entry.today || <span className="muted">–</span>}</p>}
        <ItemChips items={entry.items} />
      </div>
    </>
  );
}

/** What yesterday was about, ticked where it went on. */
export function StepChips({ steps }: { steps: readonly StandupStep[] }) {
  const { team = '' } = useParams({ strict: false });
  if (steps.length === 0) return null;
  return (
    <ul className="standup-items">
      {steps.map((s) => (
        <li key={s.key}>
          <Link
            className="standup-item"
            data-ticked={s.ticked || undefined}
            to="/t/$team/patches/$key"
            params={{ team, key: s.key }}
            title={`${s.title}: ${stepText(s)}`}
          >
            {s.ticked && <Glyph name="check" size={11} />}
            <b>{s.key}</b>
            <span className="clip">{s.title}</span>
            <small data-status={s.to}>{stepText(s)}</small>
          </Link>
        </li>
      ))}
    </ul>
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
