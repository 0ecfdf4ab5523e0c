import { useFormContext } from 'react-hook-form';
import { statusLabel } from '../../lib/domain';
import { Field, NumberField, Select } from '../../ui/Field';
import { TableHead } from '../../ui/TableHead';
import { alwaysShown, type Ways } from './ways';

const modes = [
  ['off', 'Off'],
  ['warn', 'Warn: the column is marked'],
  ['block', 'Block: a reason lets one more pass'],
] as const;

/** Which columns the board has and how many cards in progress each may hold. */
export function ColumnsFields() {
  const { register, watch, formState } = useFormContext<Ways>();
  const columns = watch('columns');
  const limits = watch('limits');
  return (
    <div className="form">
      <table className="ways-columns" aria-label="Columns of the board">
        <TableHead columns={['Column', 'Shown', 'Limit']} />
        <tbody>
          {columns.map((c, i) => {
            const name = c.status === 'ready' ? 'To do' : statusLabel[c.status];
            const counts = c.status !== 'ready' && c.status !== 'verified';
            return (
              <tr key={c.status}>
                <th scope="row">{name}</th>
                <td>
                  {alwaysShown.includes(c.status) ? (
                    <input type="checkbox" aria-label={`Show ${name}`} checked disabled readOnly />
                  ) : (
                    <input type="checkbox" aria-label={`Show ${name}`} {...register(`columns.${i}.shown`)} />
                  )}
                </td>
                <td>
                  {counts ? (
                    <input
                      type="number"
                      className="control short"
                      min={0}
                      max={500}
                      aria-label={`Limit of ${name}`}
                      {...register(`columns.${i}.limit`, { valueAsNumber: true })}
                    />
                  ) : (
                    <span className="muted">none</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {formState.errors.columns && <p className="field-error">{formState.errors.columns.message}</p>}
      <div className="form narrow">
        <Field label="Limits of work in progress" hint="0 is no limit." required>
          <Select options={modes} {...register('limits')} />
        </Field>
        {limits !== 'off' && (
          <Field
            label="Cards in progress a person"
            hint="0 is no limit."
            error={formState.errors.person_limit?.message}
            required
          >
            <NumberField min={0} max={500} {...register('person_limit', { valueAsNumber: true })} />
          </Field>
        )}
        <Field
          label="A card is old after"
          hint="Working days in one column; 0 is never."
          error={formState.errors.age_days?.message}
          required
        >
          <NumberField min={0} max={365} {...register('age_days', { valueAsNumber: true })} />
        </Field>
      </div>
    </div>
  );
}
