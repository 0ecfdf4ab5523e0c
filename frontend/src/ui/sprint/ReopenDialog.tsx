import { useState } from 'react';
import type { Sprint } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { Dialog, FormActions } from '../Dialog';
import { Field, Textarea } from '../Field';
import { toastError } from '../toast';
import { takeBack } from './reopening';
import { sprintName } from './totals';

interface Props {
  team: string;
  sprint: Sprint;
  onClose: () => void;
  onDone: () => void;
}

/** Says what reopening does before it is done; the reason stands in the report. */
export function ReopenDialog({ team, sprint, onClose, onDone }: Props) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await takeBack(team, sprint, reason.trim());
      onDone();
      onClose();
    } catch (error) {
      toastError(error, `${sprintName(sprint)} was not reopened`);
      onDone();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Reopen ${sprintName(sprint)}?`}
      description={
        <>
          Items that were carried or dropped at the close return to it, unless they moved on since. Velocity leaves it
          out until it is closed anew; the figures of this close stay in its report.
          {sprint.reopenable_until && ` Possible until ${dateTime(sprint.reopenable_until, sprint.time_zone)}.`}
        </>
      }
    >
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void run();
        }}
      >
        <Field label="Reason" required>
          <Textarea rows={2} required maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
        </Field>
        <FormActions onCancel={onClose} busy={busy} reason={!reason.trim() && 'Say why first'}>
          Reopen sprint
        </FormActions>
      </form>
    </Dialog>
  );
}
