import './estimates.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { rulesQuery } from '../../api/rules';
import type { Patch } from '../../api/schema';
import { parsePoints } from '../../lib/points';
import { Button } from '../Button';
import { Dialog, FormActions } from '../Dialog';
import { Field, Input } from '../Field';

interface Props {
  patches: readonly Patch[];
  onClose: () => void;
  onSave: (points: number | null) => void;
}

/** The same estimate for several patches: of the team's scale, or any; or the team is asked. */
export function EstimateDialog({ patches, onClose, onSave }: Props) {
  const { team = '' } = useParams({ strict: false });
  const { data: rules } = useQuery(rulesQuery(team));
  const [text, setText] = useState('');
  const points = parsePoints(text);
  const bad = points === undefined;
  const save = (value: number | null) => {
    onClose();
    onSave(value);
  };
  return (
    <Dialog open onClose={onClose} title={`Estimate ${patches.length} patches`}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (!bad) save(points);
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
        {rules && (
          <fieldset className="estimate-scale" aria-label="Values of the team's scale">
            {rules.scale.values.map((v) => (
              <Button
                key={v.label}
                small
                title={v.label === String(v.points) ? undefined : `${v.points} points`}
                onClick={() => save(v.points)}
              >
                {v.label}
              </Button>
            ))}
          </fieldset>
        )}
        <p>
          <Link
            className="link"
            to="/t/$team/estimate"
            params={{ team }}
            search={{ keys: patches.map((p) => p.key).join(' ') }}
          >
            Estimate together in planning poker…
          </Link>
        </p>
        <FormActions onCancel={onClose}>Estimate</FormActions>
      </form>
    </Dialog>
  );
}
