import { useState } from 'react';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, Input } from '../../ui/Field';

interface Props {
  title: string;
  text: string;
  action: string;
  onClose: () => void;
  onDone: (reason: string) => void;
}

/** Asks why; for what the ledger keeps. */
export function ReasonDialog({ title, text, action, onClose, onDone }: Props) {
  const [reason, setReason] = useState('');
  return (
    <Dialog open onClose={onClose} title={title} description={text}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          onClose();
          onDone(reason.trim());
        }}
      >
        <Field label="Reason">
          <Input maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
        </Field>
        <FormActions onCancel={onClose}>{action}</FormActions>
      </form>
    </Dialog>
  );
}
