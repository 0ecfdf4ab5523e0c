import { useQueryClient } from '@tanstack/react-query';
import { type MouseEvent, useRef } from 'react';
import { boardKey } from '../../api/board';
import { isConflict } from '../../api/problem';
import { usePermission, whoMay } from '../../api/queries';
import type { Blocker, MyTeam, Standup } from '../../api/schema';
import { standupKeys, updateBlocker } from '../../api/standup';
import { dateTime, dayText, longDate, plural } from '../../lib/format';
import { DueChip, dueState, Glyph, Person } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { PatchLink } from '../../ui/links';
import { toast, toastError } from '../../ui/toast';
import { ageText } from './entry';

interface Props {
  team: MyTeam;
  day: string;
  today: string;
  blockers: readonly Blocker[];
  onEdit: (blocker: Blocker) => void;
}

/** What stops the team, the oldest first, until somebody resolves it. */
export function BlockerStrip({ team, day, today, blockers, onEdit }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const mayWork = usePermission('work', team.key);
  const resolve = useResolve(team.key, day);
  const onResolve = (e: MouseEvent<HTMLElement>, blocker: Blocker) => {
    // the button goes away with its row: the focus moves to the neighbour's
    const row = e.currentTarget.closest('li');
    const beside = row?.nextElementSibling ?? row?.previousElementSibling;
    (beside?.querySelector<HTMLElement>('[data-resolve]') ?? heading.current)?.focus();
    void resolve(blocker);
  };
  return (
    <section className="sheet standup-blockers" aria-labelledby="standup-blockers">
      <h2 id="standup-blockers" ref={heading} tabIndex={-1}>
        Open blockers <span className="badge count">{blockers.length}</span>
      </h2>
      {blockers.length === 0 && (
        <p className="muted">Nothing stopped the team {day < today ? 'that day' : 'so far'}.</p>
      )}
      <ol>
        {blockers.map((b) => (
          <BlockerRow
            key={b.id}
            blocker={b}
            zone={team.time_zone}
            days={b.days}
            reason={!mayWork && whoMay.work}
            onEdit={() => onEdit(b)}
            onResolve={(e) => onResolve(e, b)}
          />
        ))}
      </ol>
    </section>
  );
}

interface RowProps {
  blocker: Blocker;
  zone: string;
  /** Its age in working days. */
  days: number;
  reason: string | false;
  onEdit: () => void;
  onResolve: (e: MouseEvent<HTMLElement>) => void;
}

function BlockerRow({ blocker: b, zone, days, reason, onEdit, onResolve }: RowProps) {
  const since = `Since ${dateTime(b.since, zone)}, reported by ${b.reported_by}: ${plural(days, 'working day')}`;
  return (
    <li>
      <span className="badge blocked" title={since}>
        <Glyph name="stop" size={11} />
        {ageText(days)}
      </span>
      <div className="standup-blocker">
        <p>
          <PatchLink patchKey={b.key} /> {b.title}{' '}
          {b.due_at && (
            <span className="standup-due">
              {dueState(b.due_at, zone).level !== 'over' && 'due '}
              <DueChip at={b.due_at} zone={zone} done={!!b.resolved_at} />
            </span>
          )}
        </p>
        <p>
          <span className="muted">Needed</span> {b.needed}
        </p>
        <p>
          <span className="muted">Next step</span> {b.next_step || <span className="muted">none yet</span>}
        </p>
        {b.escalate_on && (
          <p>
            {b.escalated_at ? (
              <span className="badge escalated">Escalated since {dayText(b.escalate_on)}</span>
            ) : (
              <span className="muted">Escalates on {dayText(b.escalate_on)}</span>
            )}
          </p>
        )}
      </div>
      <span className="standup-owner">
        <span className="sr">Owner </span>
        {b.owner ? <Person name={b.owner.name} /> : <span className="muted">No owner yet</span>}
      </span>
      {b.resolved_at ? (
        <span className="muted">Resolved {longDate(b.resolved_at, zone)}</span>
      ) : (
        <span className="standup-buttons">
          <Button small reason={reason} aria-label={`Edit the blocker of ${b.key}`} onClick={onEdit}>
            Edit…
          </Button>
          <Button small reason={reason} aria-label={`Resolve the blocker of ${b.key}`} data-resolve onClick={onResolve}>
            Resolve
          </Button>
        </span>
      )}
    </li>
  );
}

/** Gone at once; Undo opens the same blocker again, with its age. */
function useResolve(team: string, day: string) {
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: standupKeys.all(team) });
    void client.invalidateQueries({ queryKey: boardKey(team) });
  };
  return async (blocker: Blocker) => {
    const key = standupKeys.day(team, day);
    await client.cancelQueries({ queryKey: key });
    client.setQueryData<Standup>(
      key,
      (old) => old && { ...old, blockers: old.blockers.filter((b) => b.id !== blocker.id) },
    );
    try {
      const now = await updateBlocker(team, blocker.id, { resolved: true, version: blocker.version });
      toast({
        text: `The blocker of ${blocker.key} is resolved`,
        undo: () => updateBlocker(team, blocker.id, { resolved: false, version: now.version }).finally(refresh),
      });
    } catch (error) {
      if (isConflict(error)) toast({ text: `Somebody changed the blocker of ${blocker.key} first: look at it again` });
      else toastError(error, `The blocker of ${blocker.key} was not resolved`);
    } finally {
      refresh();
    }
  };
}
