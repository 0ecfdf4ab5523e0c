import { useFieldArray, useFormContext } from 'react-hook-form';
import type { TeamRules } from '../../api/schema';
import { num } from '../../lib/format';
import { parsePoints } from '../../lib/points';
import { Button } from '../../ui/Button';
import { Field, Select } from '../../ui/Field';
import { Glyph } from '../../ui/Glyph';
import type { Ways } from './ways';

const kinds = [
  ['fibonacci', 'Fibonacci'],
  ['powers_of_two', 'Powers of two'],
  ['t_shirt', 'T-shirt sizes'],
  ['own', 'Own values'],
] as const;

/** A shipped scale, or an own one: each value has a name on its card and the points it counts. */
export function ScaleFields({ scales }: { scales: TeamRules['scales'] }) {
  const { register, watch, setValue } = useFormContext<Ways>();
  const kind = watch('scale.kind');
  const shipped = scales.find((s) => s.kind === kind);
  const choose = (next: Ways['scale']['kind']) => {
    // an own scale begins with the values of the one before it
    if (next === 'own' && shipped) {
      const values = shipped.values.map((v) => ({ label: v.label, points: String(v.points) }));
      setValue('scale', { kind: next, values }, { shouldDirty: true });
    } else setValue('scale.kind', next, { shouldDirty: true });
  };
  return (
    <div className="form">
      <Field label="Point scale" required className="narrow-field">
        <Select
          options={kinds}
          {...register('scale.kind', { onChange: (e) => choose(e.target.value as Ways['scale']['kind']) })}
        />
      </Field>
      {shipped ? (
        <ul className="chips plain-list" aria-label="Values of the scale">
          {shipped.values.map((v) => (
            <li key={v.label} className="chip">
              {v.label}
              {v.label !== String(v.points) && v.points % 1 === 0 && (
                <span className="muted"> {num.format(v.points)}</span>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <OwnValues />
      )}
    </div>
  );
}

function OwnValues() {
  const { register, control, formState } = useFormContext<Ways>();
  const { fields, append, remove } = useFieldArray({ control, name: 'scale.values' });
  const wrong = formState.errors.scale?.values;
  return (
    <div className="own-scale">
      <ul className="plain-list">
        {fields.map((f, i) => (
          <li key={f.id} className="inline-form">
            <input
              className="control short"
              aria-label={`Name of value ${i + 1}`}
              maxLength={12}
              {...register(`scale.values.${i}.label`, { required: 'Each value has a name.' })}
            />
            <input
              className="control short"
              inputMode="decimal"
              aria-label={`Points of value ${i + 1}`}
              {...register(`scale.values.${i}.points`, {
                validate: (v) => typeof parsePoints(v) === 'number' || 'Points are halves from 0 to 1000.',
              })}
            />
            <span className="muted">points</span>
            <button
              type="button"
              className="icon-btn"
              aria-label={`Remove value ${i + 1}`}
              disabled={fields.length <= 2}
              onClick={() => remove(i)}
            >
              <Glyph name="cross" size={11} />
            </button>
            {wrong?.[i] && <p className="field-error">{wrong[i]?.label?.message ?? wrong[i]?.points?.message}</p>}
          </li>
        ))}
      </ul>
      <Button
        small
        reason={fields.length >= 20 && 'Twenty values are enough'}
        onClick={() => append({ label: '', points: '' })}
      >
        Add value
      </Button>
    </div>
  );
}
