import { useState } from 'react';
import { isConflict } from '../../api/problem';
import type { Sprint } from '../../api/schema';
import { createSprint, updateSprint } from '../../api/sprints';
import { makeIntent } from '../../lib/intent';
import { Dialog, FormActions } from '../Dialog';
import { Field, Input, Textarea } from '../Field';
import { FormProblem, useFollowingForm, useSend } from '../form';
import { toast } from '../toast';
import { sprintName } from './totals';

interface Props {
  team: string;
  /** Without one, a new sprint is planned. */
  sprint?: Sprint;
  onClose: () => void;
  onDone: () => void;
}

/** Name, goal and planned dates. Empty dates of a new sprint follow the last one. */
export function SprintForm({ team, sprint, onClose, onDone }: Props) {
  const [intent] = useState(makeIntent);
  const form = useFollowingForm({
    name: sprint?.name ?? '',
    goal: sprint?.goal ?? '',
    start_date: sprint?.start_date ?? '',
    end_date: sprint?.end_date ?? '',
  });
  const { onSubmit, problem, busy } = useSend(form, async (v) => {
    const dates = { ...(v.start_date && { start_date: v.start_date }), ...(v.end_date && { end_date: v.end_date }) };
    const made = { ...(v.name && { name: v.name }), ...(v.goal && { goal: v.goal }), ...dates };
    try {
      const now = sprint
        ? await updateSprint(team, sprint.number, { version: sprint.version, name: v.name, goal: v.goal, ...dates })
        : await createSprint(team, made, intent(made));
      toast({ text: sprint ? `${sprintName(now)} saved` : `${sprintName(now)} planned` });
    } catch (error) {
      if (isConflict(error)) onDone(); // reads the sprint again; what was typed stays
      throw error;
    }
    onDone();
    onClose();
  });
  const { errors } = form.formState;
  return (
    <Dialog open onClose={onClose} title={sprint ? `Edit ${sprintName(sprint)}` : 'Plan a sprint'}>
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Goal" hint="What will be true at its end, in one sentence" error={errors.goal?.message}>
          <Textarea rows={2} maxLength={1000} {...form.register('goal')} />
        </Field>
        <div className="form-row">
          <Field label="First day" error={errors.start_date?.message} required={!!sprint}>
            <Input type="date" {...form.register('start_date')} />
          </Field>
          <Field label="Last day" error={errors.end_date?.message} required={!!sprint}>
            <Input type="date" {...form.register('end_date')} />
          </Field>
        </div>
        {!sprint && <p className="field-hint">Without dates it follows the last sprint and is as long.</p>}
        <Field label="Name" error={errors.name?.message}>
          <Input maxLength={100} {...form.register('name')} />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {sprint ? 'Save' : 'Plan sprint'}
        </FormActions>
      </form>
    </Dialog>
  );
}
