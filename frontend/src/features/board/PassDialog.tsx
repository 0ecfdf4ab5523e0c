import { useState } from 'react';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Input } from '../../ui/Field';
import type { Stopped } from './mover';

interface Props {
  stopped: Stopped;
  onClose: () => void;
  onPass: (reason: string) => void;
}

/** A rule of the team stops the card; whoever gives the reason moves it all the same, and the reason is kept. */
export function PassDialog({ stopped, onClose, onPass }: Props) {
  const [reason, setReason] = useState('');
  const empty = reason.trim() === '';
  return (
    <Dialog open onClose={onClose} title={`${stopped.key} was not moved`} description={stopped.text}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (empty) return;
          onClose();
          onPass(reason.trim());
        }}
      >
        <Field label="Reason to move it all the same" required>
          <Input value={reason} maxLength={500} onChange={(e) => setReason(e.target.value)} />
        </Field>
        <Actions>
          <Button onClick={onClose}>Leave it</Button>
          <Button variant="primary" type="submit" reason={empty && 'Give the reason first'}>
            Move it
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
