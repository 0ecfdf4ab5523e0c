import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { useFieldArray, useForm } from 'react-hook-form';
import { api, call, idempotencyKey } from '../../api/client';
import type { AssetGroup, GroupCondition } from '../../api/schema';
import { Button, IconButton } from '../../ui/Button';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, Input, Select, Textarea } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { toast } from '../../ui/toast';
import { assetKeys } from './queries';
import { fieldLabel, opLabel } from './rule';

interface Values {
  name: string;
  description: string;
  rule: { field: GroupCondition['field']; op: GroupCondition['op']; values: string }[];
}

const sent = (v: Values) => ({
  name: v.name.trim(),
  description: v.description,
  rule: v.rule.map((c) => ({
    field: c.field,
    op: c.op,
    values: c.values
      .split(',')
      .map((w) => w.trim())
      .filter(Boolean),
  })),
});

/** A group's name and its rule. */
export function GroupDialog({ team, group, onClose }: { team: string; group: AssetGroup | null; onClose: () => void }) {
  const client = useQueryClient();
  const key = useRef(idempotencyKey());
  const form = useForm<Values>({
    defaultValues: {
      name: group?.name ?? '',
      description: group?.description ?? '',
      rule: group?.rule.map((c) => ({ ...c, values: c.values.join(', ') })) ?? [],
    },
  });
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'rule' });
  const { errors } = form.formState;
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const body = sent(values);
    if (group) {
      const params = { path: { team, id: group.id } };
      await call(api.PATCH('/teams/{team}/asset-groups/{id}', { params, body: { ...body, version: group.version } }));
    } else {
      const params = { path: { team }, header: { 'Idempotency-Key': key.current } };
      await call(api.POST('/teams/{team}/asset-groups', { params, body }));
    }
    toast({ text: `${body.name} was saved` });
    await client.invalidateQueries({ queryKey: assetKeys.all(team) });
    onClose();
  });
  return (
    <Dialog open onClose={onClose} title={group ? `Edit ${group.name}` : 'New group'} wide>
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Name" required error={errors.name?.message}>
          <Input maxLength={100} {...form.register('name', { validate: (v) => !!v.trim() || 'Give it a name.' })} />
        </Field>
        <Field label="Description" error={errors.description?.message}>
          <Textarea rows={2} maxLength={4000} {...form.register('description')} />
        </Field>
        <fieldset className="rule">
          <legend>Rule: assets of which all of this is true</legend>
          {fields.map((f, i) => (
            <div key={f.id} className="rule-line">
              <Select
                aria-label={`Property ${i + 1}`}
                options={Object.entries(fieldLabel)}
                {...form.register(`rule.${i}.field`)}
              />
              <Select
                aria-label={`Comparison ${i + 1}`}
                options={Object.entries(opLabel)}
                {...form.register(`rule.${i}.op`)}
              />
              <Input
                aria-label={`Values ${i + 1}`}
                placeholder="pci, hipaa"
                maxLength={600}
                {...form.register(`rule.${i}.values`)}
              />
              <IconButton label={`Remove condition ${i + 1}`} onClick={() => remove(i)}>
                <Trash2 size={16} />
              </IconButton>
            </div>
          ))}
          <Button
            small
            onClick={() => append({ field: 'tag', op: 'is', values: '' })}
            reason={fields.length >= 10 && 'At most ten'}
          >
            Add a condition
          </Button>
          <p className="field-hint">
            Several values are separated by commas; one of them is enough. Without a condition the group holds only what
            is put there by hand.
          </p>
        </fieldset>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {busy ? 'Saving…' : 'Save'}
        </FormActions>
      </form>
    </Dialog>
  );
}
