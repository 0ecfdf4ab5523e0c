import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { createPatch, patchKeys } from '../../api/patches';
import { makeIntent } from '../../lib/intent';
import { parsePoints } from '../../lib/points';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, Input, Select, Textarea } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { toast } from '../../ui/toast';

interface Values {
  title: string;
  description: string;
  component: string;
  fixed_version: string;
  kind: 'patch' | 'improvement';
  points: string;
  vulnerabilities: string;
}

const empty: Values = {
  title: '',
  description: '',
  component: '',
  fixed_version: '',
  kind: 'patch',
  points: '',
  vulnerabilities: '',
};

/** Adds a patch by hand; most come from imports. */
export function CreatePatchDialog({
  team,
  onClose,
  onCreated,
}: {
  team: string;
  onClose: () => void;
  onCreated: (key: string) => void;
}) {
  const client = useQueryClient();
  const [intent] = useState(makeIntent);
  const form = useForm<Values>({ defaultValues: empty });
  const { onSubmit, problem, busy } = useSend(form, async (v) => {
    const body = bodyOf(v);
    const made = await createPatch(team, body, intent(body));
    toast({ text: `${made.key} added` });
    await client.invalidateQueries({ queryKey: patchKeys.lists(team) });
    onClose();
    onCreated(made.key);
  });
  const { errors } = form.formState;
  return (
    <Dialog open onClose={onClose} title="New patch">
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Title" error={errors.title?.message} required>
          <Input
            maxLength={300}
            {...form.register('title', {
              required: 'A patch needs a title',
              validate: (t) => t.trim() !== '' || 'A patch needs a title',
            })}
          />
        </Field>
        <div className="form-row">
          <Field label="Component" error={errors.component?.message}>
            <Input maxLength={300} {...form.register('component')} />
          </Field>
          <Field label="Fixed version" error={errors.fixed_version?.message}>
            <Input maxLength={100} {...form.register('fixed_version')} />
          </Field>
        </div>
        <Field
          label="Vulnerabilities"
          hint="CVE or GHSA ids; their signals make the score"
          error={errors.vulnerabilities?.message}
        >
          <Input placeholder="CVE-2024-3400" {...form.register('vulnerabilities')} />
        </Field>
        <div className="form-row">
          <Field label="Points" error={errors.points?.message}>
            <Input
              inputMode="decimal"
              {...form.register('points', { validate: (t) => parsePoints(t) !== undefined || 'Halves from 0 to 1000' })}
            />
          </Field>
          <Field label="Kind" required>
            <Select
              options={[
                ['patch', 'Patch'],
                ['improvement', 'Improvement'],
              ]}
              {...form.register('kind')}
            />
          </Field>
        </div>
        <Field label="Description" error={errors.description?.message}>
          <Textarea rows={4} maxLength={20000} {...form.register('description')} />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Add patch
        </FormActions>
      </form>
    </Dialog>
  );
}

function bodyOf(v: Values) {
  const ids = [...new Set(v.vulnerabilities.split(/[\s,;]+/).filter(Boolean))];
  const points = parsePoints(v.points);
  return {
    title: v.title.trim(),
    kind: v.kind,
    ...(v.description && { description: v.description }),
    ...(v.component.trim() && { component: v.component.trim() }),
    ...(v.fixed_version.trim() && { fixed_version: v.fixed_version.trim() }),
    ...(typeof points === 'number' && { points }),
    ...(ids.length > 0 && { vulnerabilities: ids }),
  };
}
