import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Decision, decideException, exceptionKeys } from '../../api/exceptions';
import { patchKeys } from '../../api/patches';
import { isConflict, toProblem } from '../../api/problem';
import { useMe, usePermission } from '../../api/queries';
import type { Exception } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { kindLabel, stepsFor } from '../../lib/exceptions';
import { Button } from '../Button';
import { Dialog, FormActions } from '../Dialog';
import { Field, Textarea } from '../Field';
import { toast, toastError } from '../toast';
import { ExceptionDialog } from './ExceptionDialog';

const done: Record<Decision, string> = {
  approve: 'approved',
  reject: 'rejected',
  withdraw: 'withdrawn',
  end: 'ended',
  review: 'reviewed: it stands',
};

const asked = {
  approve: { title: 'Approve', label: 'Note', action: 'Approve', required: false },
  reject: { title: 'Reject', label: 'Why', action: 'Reject', required: true },
  end: { title: 'End', label: 'Why', action: 'End exception', required: false },
} as const;

/** Takes one step of an exception and reads again what it changes. */
export function useSteps(team: string) {
  const client = useQueryClient();
  return async (e: Exception, step: Decision, note = '') => {
    try {
      await decideException(team, e, step, note);
      toast({ text: `${e.key}: exception ${done[step]}` });
    } catch (error) {
      if (isConflict(error)) toast({ text: toProblem(error).detail });
      else toastError(error, `The exception of ${e.key} was not changed`);
    }
    for (const queryKey of [exceptionKeys.all(team), patchKeys.all(team), sprintKeys.all(team)])
      void client.invalidateQueries({ queryKey });
  };
}

/** The buttons for what this person may do with an exception. */
export function Steps({ team, exception: e, zone }: { team: string; exception: Exception; zone: string }) {
  const take = useSteps(team);
  const me = useMe();
  const may = {
    approve: usePermission('approve', team),
    rank: usePermission('rank', team),
    work: usePermission('work', team),
  };
  const [asking, setAsking] = useState<keyof typeof asked | 'edit' | 'renew' | null>(null);
  const can = stepsFor(e, me?.user.id ?? '', may);
  const close = () => setAsking(null);
  const button = (shown: boolean, text: string, run: () => void, primary = false): ReactNode =>
    shown && (
      <Button small variant={primary ? 'primary' : 'plain'} aria-label={`${text} ${e.key}`} onClick={run}>
        {text}
      </Button>
    );
  return (
    <span className="exception-steps">
      {button(can.decide, 'Approve', () => setAsking('approve'), true)}
      {button(can.decide, 'Reject', () => setAsking('reject'))}
      {button(can.review, 'Let it stand', () => void take(e, 'review'), true)}
      {button(can.edit, 'Edit', () => setAsking('edit'))}
      {button(can.withdraw, 'Withdraw', () => void take(e, 'withdraw'))}
      {button(can.renew, 'Renew', () => setAsking('renew'))}
      {button(can.end, 'End', () => setAsking('end'))}
      {e.state === 'requested' && may.approve && !can.decide && (
        <small className="muted">Somebody else approves your request.</small>
      )}
      {(asking === 'edit' || asking === 'renew') && (
        <ExceptionDialog team={team} patchKey={e.key} zone={zone} of={e} renew={asking === 'renew'} onClose={close} />
      )}
      {asking && asking !== 'edit' && asking !== 'renew' && (
        <NoteDialog
          {...asked[asking]}
          exception={e}
          onClose={close}
          onDone={(note) => {
            close();
            void take(e, asking, note);
          }}
        />
      )}
    </span>
  );
}

interface NoteProps {
  title: string;
  label: string;
  action: string;
  required: boolean;
  exception: Exception;
  onClose: () => void;
  onDone: (note: string) => void;
}

function NoteDialog({ title, label, action, required, exception: e, onClose, onDone }: NoteProps) {
  const [note, setNote] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${title} exception of ${e.key}`}
      description={`${kindLabel[e.kind]}, asked for by ${e.requested_by.name}: ${e.reason}`}
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onDone(note.trim());
        }}
      >
        <Field label={label} required={required}>
          <Textarea
            rows={3}
            required={required}
            maxLength={2000}
            value={note}
            onChange={(x) => setNote(x.target.value)}
          />
        </Field>
        <FormActions onCancel={onClose}>{action}</FormActions>
      </form>
    </Dialog>
  );
}
