import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { wordsQuery } from '../../api/assets';
import { api, call, idempotencyKey } from '../../api/client';
import type { Asset, NewAsset } from '../../api/schema';
import { FormActions } from '../../ui/Dialog';
import { Field, Input, Select, Textarea } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { TagInput } from '../../ui/TagInput';
import { toast } from '../../ui/toast';
import { assetKeys, criticalities, environments, exposures } from './queries';
import { criticalityLabel, environmentLabel, exposureLabel, kinds } from './words';

type Values = Required<NewAsset>;

const fresh: Values = {
  name: '',
  kind: 'host',
  environment: 'production',
  criticality: 'medium',
  exposure: 'unknown',
  regulations: [],
  owner: '',
  tags: [],
  identifiers: [],
  description: '',
};

const valuesOf = (a: Asset): Values => ({
  name: a.name,
  kind: a.kind,
  environment: a.environment,
  criticality: a.criticality,
  exposure: a.exposure,
  regulations: a.regulations,
  owner: a.owner,
  tags: a.tags,
  identifiers: a.identifiers,
  description: a.description,
});

const options = <T extends string>(list: readonly T[], words: Record<T, string>) =>
  list.map((v) => [v, words[v]] as const);

interface AssetFormProps {
  team: string;
  asset: Asset | null;
  onDone: () => void;
  readOnly?: boolean;
}

export function AssetForm({ team, asset, onDone, readOnly = false }: AssetFormProps) {
  const save = useSave(team, asset);
  const inUse = useQuery(wordsQuery(team)).data;
  const form = useForm<Values>({ defaultValues: asset ? valuesOf(asset) : fresh });
  const { register, watch, setValue, formState } = form;
  const { errors, isDirty } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    await save(values);
    onDone();
  });
  return (
    <form className="form asset-form" onSubmit={onSubmit} noValidate>
      <Field label="Name" required error={errors.name?.message}>
        <Input
          autoComplete="off"
          maxLength={300}
          {...register('name', { validate: (v) => !!v.trim() || 'Give it the name your scanner uses.' })}
        />
      </Field>
      <div className="form-row">
        <Field label="Kind" error={errors.kind?.message}>
          <Input list="asset-kinds" maxLength={40} {...register('kind')} />
        </Field>
        <Field label="Environment" required error={errors.environment?.message}>
          <Select options={options(environments, environmentLabel)} {...register('environment')} />
        </Field>
      </div>
      <datalist id="asset-kinds">
        {kinds.map((k) => (
          <option key={k} value={k} />
        ))}
      </datalist>
      <div className="form-row">
        <Field label="Criticality" required error={errors.criticality?.message} hint="What is lost when it fails.">
          <Select options={options(criticalities, criticalityLabel)} {...register('criticality')} />
        </Field>
        <Field label="Exposure" required error={errors.exposure?.message} hint="Who can reach it.">
          <Select options={options(exposures, exposureLabel)} {...register('exposure')} />
        </Field>
      </div>
      <Field label="Regulations" error={errors.regulations?.message} hint="Enter or a comma adds one.">
        <TagInput
          value={watch('regulations')}
          onChange={(v) => setValue('regulations', v, { shouldDirty: true })}
          suggestions={inUse?.regulations.map((r) => r.word) ?? []}
          max={20}
          disabled={readOnly}
        />
      </Field>
      <Field label="Owner" error={errors.owner?.message}>
        <Input maxLength={100} {...register('owner')} />
      </Field>
      <Field label="Tags" error={errors.tags?.message}>
        <TagInput
          value={watch('tags')}
          onChange={(v) => setValue('tags', v, { shouldDirty: true })}
          suggestions={inUse?.tags.map((t) => t.word) ?? []}
          disabled={readOnly}
        />
      </Field>
      <Field
        label="Addresses and serial numbers"
        error={errors.identifiers?.message}
        hint="They tell which assets are the same machine."
      >
        <TagInput
          value={watch('identifiers')}
          onChange={(v) => setValue('identifiers', v, { shouldDirty: true })}
          disabled={readOnly}
        />
      </Field>
      <Field label="Description" error={errors.description?.message}>
        <Textarea maxLength={4000} {...register('description')} />
      </Field>
      <FormProblem problem={problem} />
      {!readOnly && (
        <FormActions onCancel={onDone} busy={busy} reason={asset && !isDirty && 'Nothing has changed'}>
          {busy ? 'Saving…' : asset ? 'Save' : 'Add asset'}
        </FormActions>
      )}
    </form>
  );
}

/** Saves, and offers the way back: a change can be undone by the values it had. */
function useSave(team: string, asset: Asset | null) {
  const client = useQueryClient();
  const key = useRef(idempotencyKey());
  const refresh = () => client.invalidateQueries({ queryKey: assetKeys.all(team) });
  const update = (id: string, values: Values, version: number) =>
    call(api.PATCH('/teams/{team}/assets/{id}', { params: { path: { team, id } }, body: { ...values, version } }));
  return async (values: Values) => {
    const body = { ...values, name: values.name.trim() };
    if (!asset) {
      const header = { 'Idempotency-Key': key.current };
      const made = await call(api.POST('/teams/{team}/assets', { params: { path: { team }, header }, body }));
      toast({ text: `${made.name} was added` });
      return refresh();
    }
    const changed = await update(asset.id, body, asset.version);
    const undo = async () => {
      await update(asset.id, valuesOf(asset), changed.version);
      await refresh();
    };
    toast({ text: `${changed.name} was changed; its patches are scored again`, undo });
    return refresh();
  };
}
