import { useState } from 'react';
import type { Sprint } from '../../api/schema';
import { cancelSprint } from '../../api/sprints';
import { ConfirmDialog } from '../Dialog';
import { Field, Textarea } from '../Field';
import { toast } from '../toast';
import { sprintName } from './totals';

interface Props {
  team: string;
  sprint: Sprint;
  onClose: () => void;
  onDone: () => void;
}

/** A cancelled sprint cannot be revived, so it is asked for. */
export function CancelDialog({ team, sprint, onClose, onDone }: Props) {
  const [reason, setReason] = useState('');
  const run = async () => {
    await cancelSprint(team, sprint.number, sprint.version, reason.trim());
    toast({ text: `${sprintName(sprint)} cancelled` });
    onDone();
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Cancel ${sprintName(sprint)}?`}
      text="Its items return to the backlog. A cancelled sprint cannot be started again."
      action="Cancel sprint"
      run={run}
    >
      <Field label="Reason">
        <Textarea rows={2} maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
