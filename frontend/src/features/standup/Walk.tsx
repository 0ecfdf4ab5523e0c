import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isConflict } from '../../api/problem';
import type { Standup, StandupPace, StandupWalk } from '../../api/schema';
import { Person } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { announce } from '../../ui/LiveRegion';
import { PatchLink } from '../../ui/links';
import { toastError } from '../../ui/toast';
import { Entry } from './EntryRows';
import { clockText } from './entry';
import { standupKeys, walk } from './queries';

/** Asks the server for a step; what somebody else did first is shown instead. */
export function useWalk(team: string, day: string) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const go = async (pace: StandupPace['pace'], current?: string) => {
    setBusy(true);
    try {
      const now = await walk(team, day, { pace, ...(current && { current }) });
      client.setQueryData<Standup>(standupKeys.day(team, day), (old) => old && { ...old, walk: now.walk });
    } catch (error) {
      if (!isConflict(error)) toastError(error);
    }
    await client.invalidateQueries({ queryKey: standupKeys.day(team, day), exact: true });
    setBusy(false);
  };
  return { go, busy };
}

interface Props {
  team: string;
  standup: Standup;
  walk: StandupWalk;
  /** When the stand-up was read, by this machine's clock. */
  readAt: number;
  /** The signed-in person leads, or may. */
  leads: boolean;
}

/** Whose turn it is, on everybody's screen alike; the time is the server's. */
export function Walk({ team, standup, walk: w, readAt, leads }: Props) {
  const { go, busy } = useWalk(team, standup.date);
  const ahead = Date.parse(standup.now) - readAt; // how far the server's clock is ahead of this one
  const next = useRef<HTMLButtonElement>(null);
  const entry = standup.entries.find((e) => e.member.id === w.current.id);
  const own = standup.blockers.filter((b) => b.owner?.id === w.current.id);
  useEffect(() => announce(`It is ${w.current.name}'s turn`), [w.current.name]);
  const last = w.position === w.total;
  return (
    <section className="sheet standup-walk" aria-labelledby="standup-walk">
      <header>
        <h2 id="standup-walk">
          <Person name={w.current.name} />
        </h2>
        <span className="muted">
          {w.position > 0 && `${w.position} of ${w.total}, `}led by {w.started_by.name}
        </span>
        <Timer since={w.since} from={w.started_at} ahead={ahead} />
        {leads && (
          <span className="standup-buttons">
            <Button reason={w.position <= 1 && 'This is the first'} onClick={() => void go('previous', w.current.id)}>
              Previous
            </Button>
            <Button ref={next} variant="primary" busy={busy} onClick={() => void go('next', w.current.id)}>
              {last ? 'Finish' : 'Next'}
            </Button>
            {!last && <Button onClick={() => void go('stop', w.current.id)}>Stop</Button>}
          </span>
        )}
      </header>
      {entry ? (
        <div className="standup-fields">
          <h3 className="sr">Entry of the day</h3>
          <Entry entry={entry} />
        </div>
      ) : (
        <p className="muted">No entry yet</p>
      )}
      {own.length > 0 && (
        <ul className="plain-list">
          {own.map((b) => (
            <li key={b.id}>
              Clears the blocker of <PatchLink patchKey={b.key} />: {b.next_step || b.needed}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Timer({ since, from, ahead }: { since: string; from: string; ahead: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const spent = (at: string) => clockText(now + ahead - Date.parse(at));
  return (
    <span className="standup-timer" role="timer" aria-live="off">
      <b>{spent(since)}</b> <small title="Since the stand-up began">{spent(from)} in all</small>
    </span>
  );
}
