import './exception.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { exceptionKeys, exceptionsOfQuery } from '../../api/exceptions';
import { useLive } from '../../api/live';
import { usePermission, whoMay } from '../../api/queries';
import type { Exception } from '../../api/schema';
import { kindLabel, renewalText, stateLabel } from '../../lib/exceptions';
import { longDate } from '../../lib/format';
import { Button } from '../Button';
import { ExceptionDialog } from './ExceptionDialog';
import { Steps } from './steps';

interface Props {
  team: string;
  patchKey: string;
  zone: string;
  /** The patch is open, so an exception can be asked for. */
  open: boolean;
}

/** The exceptions of a patch, what state they are in and what can be done; loaded with the panel's other extras. */
export default function PatchExceptions({ team, patchKey, zone, open }: Props) {
  const client = useQueryClient();
  const { data } = useQuery(exceptionsOfQuery(team, patchKey));
  const mayWork = usePermission('work', team);
  const [asking, setAsking] = useState(false);
  useLive(team, (event) => {
    if (event.kind === 'exception.changed' || event.kind === 'reset')
      void client.invalidateQueries({ queryKey: exceptionKeys.all(team) });
  });
  const waits = data?.items.some((e) => e.state === 'requested');
  return (
    <section className="patch-section" aria-label="Exceptions">
      <h3>Exceptions</h3>
      {data?.items.length === 0 && <p className="muted">None was asked for.</p>}
      <ul className="exception-list plain-list">
        {data?.items.map((e) => (
          <li key={e.id}>
            <ExceptionFacts exception={e} zone={zone} />
            <Steps team={team} exception={e} zone={zone} />
          </li>
        ))}
      </ul>
      {open && (
        <Button
          small
          reason={(!mayWork && whoMay.work) || (waits && 'A request waits for an approver already')}
          onClick={() => setAsking(true)}
        >
          Ask for an exception…
        </Button>
      )}
      {asking && <ExceptionDialog team={team} patchKey={patchKey} zone={zone} onClose={() => setAsking(false)} />}
    </section>
  );
}

/** What an exception says, in a few lines. */
export function ExceptionFacts({ exception: e, zone }: { exception: Exception; zone: string }) {
  const until = e.expires_at && longDate(new Date(Date.parse(e.expires_at) - 1).toISOString(), zone);
  return (
    <div className="exception-facts">
      <p>
        <b>{kindLabel[e.kind]}</b> <span className="chip">{stateLabel[e.state]}</span>
        {until && ` until ${until}`}
        {renewalText(e) && ` · ${renewalText(e)}`}
        {e.review_at && <span className="badge kev">KEV: review</span>}
      </p>
      <p>{e.reason}</p>
      {e.control && <p className="muted">Control: {e.control}</p>}
      {!e.whole && <p className="muted">Only on {e.assets.map((a) => a.name).join(', ')}</p>}
      <p className="muted small">
        Asked for by {e.requested_by.name}, {longDate(e.requested_at, zone)}
        {e.decided_at && `; ${e.state === 'rejected' ? 'rejected' : 'approved'} by ${e.decided_by}`}
        {e.decision && `: “${e.decision}”`}
        {e.ended_at && `; ${stateLabel[e.state].toLowerCase()} ${longDate(e.ended_at, zone)}`}
        {e.ended_reason && ` (${e.ended_reason})`}
      </p>
    </div>
  );
}
