import { useState } from 'react';
import type { Patch } from '../../api/schema';
import { num } from '../../lib/format';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, Input, NumberField } from '../../ui/Field';

interface Props {
  patch: Patch;
  /** Its position now, from 1. */
  position: number;
  /** The last position that is loaded. */
  last: number;
  onClose: () => void;
  onPlace: (position: number, reason: string) => void;
}

/** Places a patch at a position, and says why. */
export function PlaceDialog({ patch, position, last, onClose, onPlace }: Props) {
  const [at, setAt] = useState(String(position));
  const [reason, setReason] = useState(patch.placement?.reason ?? '');
  const target = Number(at);
  const valid = Number.isInteger(target) && target >= 1 && target <= last;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Place ${patch.key}`}
      description="A placed patch keeps its place while risk moves the others around it."
    >
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (!valid) return;
          onClose();
          onPlace(target, reason.trim());
        }}
      >
        <Field label="Position" error={valid ? undefined : `From 1 to ${num.format(last)}`} required>
          <NumberField min={1} max={last} step={1} value={at} onChange={(e) => setAt(e.target.value)} />
        </Field>
        <Field label="Reason" hint="Shown with the pin">
          <Input maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
        </Field>
        <FormActions onCancel={onClose}>Place</FormActions>
      </form>
    </Dialog>
  );
}
