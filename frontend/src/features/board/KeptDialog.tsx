import { useState } from 'react';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Input } from '../../ui/Field';
import type { Kept } from './many';

interface Props {
  kept: Kept;
  onClose: () => void;
  onPass: (reason: string) => void;
}

/** Which of many cards were not moved, and why; a reason moves those that a rule stopped. */
export function KeptDialog({ kept, onClose, onPass }: Props) {
  const [reason, setReason] = useState('');
  const lines = kept.text.split('\n');
  const none = kept.cards.length === 0 ? 'They were changed meanwhile; look at them as they are now' : false;
  return (
    <Dialog open onClose={onClose} title={`${plural(lines.length, 'card')} not moved to ${kept.name}`}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (none || reason.trim() === '') return;
          onClose();
          onPass(reason.trim());
        }}
      >
        <ul className="kept-cards">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {!none && (
          <Field label="Reason to move them all the same" required>
            <Input value={reason} maxLength={500} onChange={(e) => setReason(e.target.value)} />
          </Field>
        )}
        <Actions>
          <Button onClick={onClose}>Leave them</Button>
          <Button variant="primary" type="submit" reason={none || (reason.trim() === '' && 'Give the reason first')}>
            Move them
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
