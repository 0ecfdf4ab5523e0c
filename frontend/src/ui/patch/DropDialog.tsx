import { useState } from 'react';
import type { Drop, Patch } from '../../api/schema';
import { plural } from '../../lib/format';
import { Dialog, FormActions } from '../Dialog';
import { Field, Input, Select, Textarea } from '../Field';

export const dropReasons = [
  ['risk_accepted', 'Risk accepted'],
  ['superseded', 'Superseded by a later patch'],
  ['false_positive', 'False positive'],
  ['duplicate', 'Duplicate'],
] as const satisfies readonly (readonly [Drop['reason'], string])[];

interface Props {
  patches: readonly Patch[];
  onClose: () => void;
  onDrop: (reason: Omit<Drop, 'version'>) => void;
}

/** Why patches leave the backlog. An accepted risk needs a day on which it comes back. */
export function DropDialog({ patches, onClose, onDrop }: Props) {
  const [reason, setReason] = useState<Drop['reason']>('risk_accepted');
  const [note, setNote] = useState('');
  const [until, setUntil] = useState('');
  const accepted = reason === 'risk_accepted';
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const title = patches.length === 1 ? `Drop ${patches[0]?.key}` : `Drop ${plural(patches.length, 'patch', 'patches')}`;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description="Dropped patches leave the backlog and their sprint. They are not counted as done, and they can be brought back."
    >
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          onClose();
          const day = accepted && until ? { until: new Date(`${until}T00:00:00`).toISOString() } : {};
          onDrop({ reason, ...(note.trim() && { note: note.trim() }), ...day });
        }}
      >
        <Field label="Reason" required>
          <Select options={dropReasons} value={reason} onChange={(e) => setReason(e.target.value as Drop['reason'])} />
        </Field>
        {accepted && (
          <Field
            label="Comes back on"
            hint="On this day the patch returns to the backlog by itself, with its old due date"
            required
          >
            <Input type="date" required min={tomorrow} value={until} onChange={(e) => setUntil(e.target.value)} />
          </Field>
        )}
        <Field label="Note">
          <Textarea rows={3} maxLength={2000} value={note} onChange={(e) => setNote(e.target.value)} />
        </Field>
        <FormActions onCancel={onClose} danger>
          Drop
        </FormActions>
      </form>
    </Dialog>
  );
}
