import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { openEstimation } from '../../api/estimates';
import { usePauseLive } from '../../api/live';
import type { EstimationMode, NewEstimation } from '../../api/schema';
import { makeIntent } from '../../lib/intent';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input, NumberField, Textarea } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Segmented } from '../../ui/Segmented';

interface Props {
  team: string;
  zone: string;
  /** Chosen in the backlog, with spaces between; empty offers the highest ones. */
  keys: string;
  onClose: () => void;
  onStarted: (id: string) => void;
}

interface Values {
  name: string;
  top: string;
  keys: string;
  auto_reveal: boolean;
  deadline: string;
}

const splitKeys = (text: string) => text.split(/[\s,;]+/).filter(Boolean);

/** Which patches, with whom, and how long. */
export function StartDialog({ team, zone, keys, onClose, onStarted }: Props) {
  usePauseLive(true);
  const [mode, setMode] = useState<EstimationMode>('live');
  const [intent] = useState(makeIntent);
  const form = useForm<Values>({
    defaultValues: { name: `Refinement ${today()}`, top: keys ? '0' : '10', keys, auto_reveal: true, deadline: '' },
  });
  const { register, formState } = form;
  const { errors } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const body = bodyOf(values, mode);
    onStarted((await openEstimation(team, body, intent(body))).id);
  });
  return (
    <Dialog open onClose={onClose} title="Start an estimation">
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Name" required error={errors.name?.message}>
          <Input maxLength={100} {...register('name', { validate: (v) => !!v.trim() || 'Say what is estimated.' })} />
        </Field>
        <Segmented
          label="How"
          value={mode}
          onChange={setMode}
          options={[
            ['live', 'At the table'],
            ['async', 'Until a deadline'],
          ]}
        />
        <Field
          label="Highest patches without an estimate"
          error={errors.top?.message}
          hint="From the backlog, in rank order"
        >
          <NumberField min={0} max={100} step={1} {...register('top', { min: 0, max: 100 })} />
        </Field>
        <Field label="These patches" error={errors.keys?.message} hint={`Keys such as ${team}-7, with spaces between`}>
          <Textarea rows={2} {...register('keys')} />
        </Field>
        {mode === 'live' ? (
          <Checkbox label="Reveal as soon as everybody present has voted" {...register('auto_reveal')} />
        ) : (
          <Field
            label="Deadline"
            required
            error={errors.deadline?.message}
            hint={`In your browser's time zone; the team's is ${zone}`}
          >
            <Input
              type="datetime-local"
              {...register('deadline', {
                shouldUnregister: true,
                validate: (v) => !!v || 'Say until when votes are taken.',
              })}
            />
          </Field>
        )}
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Start
        </FormActions>
      </form>
    </Dialog>
  );
}

const today = () => new Date().toLocaleDateString('en', { day: 'numeric', month: 'short' });

const bodyOf = (v: Values, mode: EstimationMode): NewEstimation => ({
  name: v.name.trim(),
  mode,
  keys: splitKeys(v.keys),
  top: Math.max(0, Math.min(100, Math.round(Number(v.top) || 0))),
  ...(mode === 'live' && { auto_reveal: v.auto_reveal }),
  ...(mode === 'async' && { deadline: new Date(v.deadline).toISOString() }),
});
