import { useState } from 'react';
import type { Patch } from '../../api/schema';
import { parsePoints } from '../../lib/points';
import { Button } from '../Button';
import { Actions, Dialog } from '../Dialog';
import { Field, Input } from '../Field';

interface Props {
  patches: readonly Patch[];
  onClose: () => void;
  onSave: (points: number | null) => void;
}

/** The same estimate for several patches. */
export function EstimateDialog({ patches, onClose, onSave }: Props) {
  const [text, setText] = useState('');
  const points = parsePoints(text);
  const bad = points === undefined;
  return (
    <Dialog open onClose={onClose} title={`Estimate ${patches.length} patches`}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (bad) return;
          onClose();
          onSave(points);
        }}
      >
        <Field
          label="Points for each"
          hint="Halves allowed; empty takes the estimate away"
          error={bad ? 'Halves from 0 to 1000' : undefined}
          required
        >
          <Input inputMode="decimal" autoComplete="off" value={text} onChange={(e) => setText(e.target.value)} />
        </Field>
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit">
            Estimate
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
