import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FormProvider, useFieldArray, useForm, useFormContext } from 'react-hook-form';
import { usePauseLive } from '../../api/live';
import { usePermission } from '../../api/queries';
import type { TaskKind, TaskTemplates as Templates } from '../../api/schema';
import { saveTemplates, taskKeys, taskKinds, templatesQuery } from '../../api/tasks';
import { Button } from '../../ui/Button';
import { Field, Input, Switch } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Glyph } from '../../ui/Glyph';
import { Section } from '../../ui/Section';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { toast } from '../../ui/toast';
import { SaveBar } from './SaveBar';

interface Step {
  kind: TaskKind;
  title: string;
  hours: string;
}
interface Values {
  automatic: boolean;
  templates: { name: string; pattern: string; tasks: Step[] }[];
}

const valuesOf = (t: Templates): Values => ({
  automatic: t.automatic,
  templates: t.templates.map((m) => ({
    ...m,
    tasks: m.tasks.map((s) => ({ ...s, hours: s.hours === null || s.hours === undefined ? '' : String(s.hours) })),
  })),
});

const bodyOf = (v: Values): Omit<Templates, 'version'> => ({
  automatic: v.automatic,
  templates: v.templates.map((m) => ({
    name: m.name.trim(),
    pattern: m.pattern.trim(),
    tasks: m.tasks.map((s) => ({ ...s, title: s.title.trim(), hours: s.hours === '' ? null : Number(s.hours) })),
  })),
});

const empty: Step = { kind: 'other', title: '', hours: '' };

/** The lists of tasks that patches begin with. */
export default function TaskTemplates({ team }: { team: string }) {
  const { data, error, refetch } = useQuery(templatesQuery(team));
  if (error && !data)
    return <ErrorState error={error} what="The task templates could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} label="Loading the task templates" />;
  return <TemplatesForm key={data.version} team={team} saved={data} />;
}

function TemplatesForm({ team, saved }: { team: string; saved: Templates }) {
  const mayPlan = usePermission('plan', team);
  const client = useQueryClient();
  const form = useForm<Values>({ defaultValues: valuesOf(saved) });
  const { register, control, formState, reset } = form;
  const { fields, append, remove } = useFieldArray({ control, name: 'templates' });
  usePauseLive(formState.isDirty);
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const now = await saveTemplates(team, { ...bodyOf(values), version: saved.version });
    reset(valuesOf(now));
    client.setQueryData(taskKeys.templates(team), now);
    toast({ text: 'Task templates saved' });
    await client.invalidateQueries({ queryKey: ['rules', team] });
  });
  return (
    <FormProvider {...form}>
      <form onSubmit={onSubmit} noValidate>
        <fieldset className="fieldset" disabled={!mayPlan}>
          <div className="columns">
            <Section
              title="Task templates"
              text="The first whose pattern fits a patch counts. A pattern is a product or component, where * stands for any text: openssl, Windows *, or * alone for every patch."
            >
              <div className="form">
                {!mayPlan && (
                  <p className="readonly-note">Only Scrum masters and administrators change the templates.</p>
                )}
                <Switch
                  label="Apply by itself"
                  hint="A patch that comes into a sprint gets the tasks of the template that fits it, never twice."
                  {...register('automatic')}
                />
                {fields.length === 0 && <p className="field-hint">No templates yet.</p>}
                {fields.map((f, i) => (
                  <TemplateFields key={f.id} index={i} onRemove={() => remove(i)} />
                ))}
                <p>
                  <Button
                    small
                    reason={fields.length >= 50 && 'Fifty templates are enough'}
                    onClick={() => append({ name: '', pattern: '', tasks: [empty] })}
                  >
                    Add template
                  </Button>
                </p>
                <FormProblem problem={problem} />
              </div>
            </Section>
          </div>
        </fieldset>
        {mayPlan && (
          <SaveBar
            what="task templates"
            busy={busy}
            dirty={formState.isDirty}
            problem={problem}
            onDiscard={() => reset()}
            onAgain={() => {
              void client.invalidateQueries({ queryKey: taskKeys.templates(team) });
              void client.invalidateQueries({ queryKey: ['rules', team] });
            }}
          />
        )}
      </form>
    </FormProvider>
  );
}

function TemplateFields({ index, onRemove }: { index: number; onRemove: () => void }) {
  const { register, control, formState } = useFormContext<Values>();
  const { fields, append, remove } = useFieldArray({ control, name: `templates.${index}.tasks` });
  const wrong = formState.errors.templates?.[index];
  const at = `templates.${index}` as const;
  return (
    <fieldset className="definition template">
      <legend>{`Template ${index + 1}`}</legend>
      <div className="inline-form">
        <Field label="Name" required error={wrong?.name?.message} className="grow">
          <Input maxLength={80} {...register(`${at}.name`, { required: 'Give the template a name.' })} />
        </Field>
        <Field label="Pattern" required error={wrong?.pattern?.message} className="grow">
          <Input
            maxLength={200}
            placeholder="Windows *"
            {...register(`${at}.pattern`, { required: 'Say which patches it is for; * is for all.' })}
          />
        </Field>
        <Button small onClick={onRemove}>
          Remove template
        </Button>
      </div>
      <ul className="plain-list definition">
        {fields.map((f, i) => (
          <li key={f.id} className="inline-form">
            <select
              className="control select short"
              aria-label={`Kind of task ${i + 1}`}
              {...register(`${at}.tasks.${i}.kind`)}
            >
              {taskKinds.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
            <input
              className="control grow"
              aria-label={`Task ${i + 1}`}
              maxLength={200}
              {...register(`${at}.tasks.${i}.title`, { required: 'Say what is to be done.' })}
            />
            <input
              className="control short"
              type="number"
              min={0.25}
              max={1000}
              step={0.25}
              placeholder="hours"
              aria-label={`Hours of task ${i + 1}`}
              {...register(`${at}.tasks.${i}.hours`)}
            />
            <button
              type="button"
              className="icon-btn"
              aria-label={`Remove task ${i + 1}`}
              disabled={fields.length < 2}
              onClick={() => remove(i)}
            >
              <Glyph name="cross" size={11} />
            </button>
            {wrong?.tasks?.[i]?.title && <p className="field-error">{wrong.tasks[i]?.title?.message}</p>}
          </li>
        ))}
      </ul>
      <p>
        <Button small reason={fields.length >= 20 && 'Twenty tasks are enough'} onClick={() => append(empty)}>
          Add task
        </Button>
      </p>
    </fieldset>
  );
}
