import { useQuery } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { membersQuery } from '../../../api/members';
import type { Task } from '../../../api/schema';
import { taskKinds } from '../../../api/tasks';
import { Dialog, FormActions } from '../../Dialog';
import { Field, Input, NumberField, Select } from '../../Field';
import { FormProblem, useSend } from '../../form';
import type { TaskActions } from './useTasks';

interface Values {
  title: string;
  kind: Task['kind'];
  state: Task['state'];
  assignee_id: string;
  hours: string;
}

const states = [
  ['to_do', 'To do'],
  ['doing', 'Doing'],
  ['done', 'Done'],
] as const;

/** Everything about one task. */
export function TaskDialog({
  team,
  task,
  actions,
  onClose,
}: {
  team: string;
  task: Task;
  actions: TaskActions;
  onClose: () => void;
}) {
  const { data } = useQuery(membersQuery(team));
  const form = useForm<Values>({
    defaultValues: {
      title: task.title,
      kind: task.kind,
      state: task.state,
      assignee_id: task.assignee?.id ?? '',
      hours: task.hours === null ? '' : String(task.hours),
    },
  });
  const { register, formState } = form;
  const { errors } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (v) => {
    await actions.save(task, {
      title: v.title.trim(),
      kind: v.kind,
      state: v.state,
      ...(v.assignee_id !== (task.assignee?.id ?? '') && { assignee_id: v.assignee_id || null }),
      hours: v.hours === '' ? null : Number(v.hours),
    });
    onClose();
  });
  const people = (data?.items ?? []).filter((m) => !m.disabled && m.role !== 'viewer').map((m) => m.user);
  if (task.assignee && !people.some((p) => p.id === task.assignee?.id)) people.push(task.assignee);
  return (
    <Dialog open onClose={onClose} title="Edit the task">
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="What is to be done" required error={errors.title?.message}>
          <Input maxLength={200} {...register('title', { required: 'Say what is to be done.' })} />
        </Field>
        <Field label="Kind" required>
          <Select options={taskKinds} {...register('kind')} />
        </Field>
        <Field label="State" required>
          <Select options={states} {...register('state')} />
        </Field>
        <Field label="Assignee" error={errors.assignee_id?.message}>
          <Select
            key={people.length}
            options={[['', 'Nobody'], ...people.map((p) => [p.id, p.name] as const)]}
            {...register('assignee_id')}
          />
        </Field>
        <Field label="Estimate in hours" error={errors.hours?.message}>
          <NumberField min={0.25} max={1000} step={0.25} {...register('hours')} />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Save
        </FormActions>
      </form>
    </Dialog>
  );
}
