import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call, idempotencyKey } from '../../api/client';
import type { Scope } from '../../api/schema';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input, Select } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { ShownOnce } from '../../ui/ShownOnce';
import { teamKeys } from './queries';
import { rules } from './rules';

const scopes: [Scope, string][] = [
  ['all', 'Everything you may do'],
  ['read', 'Reading only'],
  ['backlog', 'Reading, and changing the backlog and assets'],
  ['imports', 'Reading, and importing reports'],
  ['sprints', 'Reading, and planning sprints'],
  ['board', 'Reading, and moving cards'],
  ['people', 'Reading, and managing people and teams'],
];

const lifetimes = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'One year'],
  ['', 'Never'],
] as const;

const expiry = (days: string) => (days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null);

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  const key = useRef(idempotencyKey());
  const client = useQueryClient();
  const form = useForm<{ name: string; scopes: Scope[]; days: string }>({
    defaultValues: { name: '', scopes: ['imports'], days: '90' },
  });
  const { register, formState } = form;
  const { errors } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (v) => {
    const body = { name: v.name.trim(), scopes: v.scopes, expires_at: expiry(v.days) };
    const made = await call(api.POST('/tokens', { params: { header: { 'Idempotency-Key': key.current } }, body }));
    setSecret(made.secret);
    await client.invalidateQueries({ queryKey: teamKeys.tokens });
  });
  if (secret) {
    return (
      <ShownOnce
        title="Your new token"
        text="It is shown this once. Keep it like a password."
        label="Token"
        value={secret}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog open onClose={onClose} title="New API token">
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Name" required error={errors.name?.message} hint="What will use it: “nightly Trivy import”.">
          <Input autoComplete="off" {...register('name', rules.name)} />
        </Field>
        <fieldset className="fieldset">
          <legend>Scopes</legend>
          <div className="checks">
            {scopes.map(([scope, text]) => (
              <Checkbox
                key={scope}
                value={scope}
                label={
                  <>
                    <b>{scope}</b> · {text}
                  </>
                }
                {...register('scopes', { validate: (v) => v.length > 0 || 'Choose at least one scope.' })}
              />
            ))}
          </div>
          {errors.scopes && <p className="field-error">{errors.scopes.message}</p>}
        </fieldset>
        <Field label="Expires after" required>
          <Select options={lifetimes} {...register('days')} />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {busy ? 'Making…' : 'Make token'}
        </FormActions>
      </form>
    </Dialog>
  );
}
