import { useFieldArray, useFormContext } from 'react-hook-form';
import { Button } from '../../ui/Button';
import { Field, Select } from '../../ui/Field';
import { Glyph } from '../../ui/Glyph';
import type { Ways } from './ways';

const modes = [
  ['off', 'Off'],
  ['warn', 'Warn'],
  ['block', 'Block: a reason lets it pass'],
] as const;

const autos = [
  ['', 'somebody ticks it'],
  ['estimated', 'it has points'],
  ['assigned', 'it has an assignee'],
  ['described', 'it has a description'],
  ['unblocked', 'it has no open blocker'],
  ['tasks_done', 'all its tasks are done'],
] as const;

/** The points of a definition: each ticked by a person, or seen by the server. */
export function DefinitionFields({ name }: { name: 'ready' | 'done' }) {
  const { register, control, formState } = useFormContext<Ways>();
  const { fields, append, remove } = useFieldArray({ control, name: `${name}.items` });
  const wrong = formState.errors[name];
  return (
    <div className="form">
      <Field label="How strictly" required className="narrow-field">
        <Select options={modes} {...register(`${name}.mode`)} />
      </Field>
      {fields.length === 0 && <p className="field-hint">No points yet. Add what must be so.</p>}
      <ul className="plain-list definition">
        {fields.map((f, i) => (
          <li key={f.id} className="inline-form">
            <input
              className="control grow"
              aria-label={`Point ${i + 1}`}
              maxLength={120}
              {...register(`${name}.items.${i}.text`, { required: 'Say what must be so.' })}
            />
            <select
              className="control select"
              aria-label={`How point ${i + 1} is met`}
              {...register(`${name}.items.${i}.auto`)}
            >
              {autos.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
            <button type="button" className="icon-btn" aria-label={`Remove point ${i + 1}`} onClick={() => remove(i)}>
              <Glyph name="cross" size={11} />
            </button>
            {wrong?.items?.[i]?.text && <p className="field-error">{wrong.items[i]?.text?.message}</p>}
          </li>
        ))}
      </ul>
      {wrong?.message && <p className="field-error">{wrong.message}</p>}
      <p>
        <Button
          small
          reason={fields.length >= 20 && 'Twenty points are enough'}
          onClick={() => append({ text: '', auto: '' })}
        >
          Add point
        </Button>
      </p>
    </div>
  );
}
