import { useState } from 'react';
import type { Move } from '../../api/schema';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Select } from '../../ui/Field';

type Reason = NonNullable<Move['reopen_reason']>;

const reasons = [
  ['rolled_back', 'It was rolled back'],
  ['failed_verification', 'It failed verification'],
  ['other', 'Another reason'],
] as const satisfies readonly (readonly [Reason, string])[];

/** Done work that comes back is counted again: the ledger keeps why. */
export function ReopenDialog({
  patchKey,
  onClose,
  onReopen,
}: {
  patchKey: string;
  onClose: () => void;
  onReopen: (reason: Reason) => void;
}) {
  const [reason, setReason] = useState<Reason>('rolled_back');
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Reopen ${patchKey}`}
      description="It was done. Reopened, its points count as remaining again."
    >
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          onClose();
          onReopen(reason);
        }}
      >
        <Field label="Why" required>
          <Select options={reasons} value={reason} onChange={(e) => setReason(e.target.value as Reason)} />
        </Field>
        <Actions>
          <Button onClick={onClose}>Leave it done</Button>
          <Button variant="primary" type="submit">
            Reopen
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
