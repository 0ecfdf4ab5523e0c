import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { api, call, idempotencyKey } from '../../api/client';
import type { User, UserPatch } from '../../api/schema';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { toast } from '../../ui/toast';
import { teamKeys } from './queries';
import { rules } from './rules';

export type Editing = { what: 'new' } | { what: 'name' | 'password'; user: User };

interface Values {
  name: string;
  email: string;
  password: string;
  admin: boolean;
}

/** Adds a person, renames one, or sets a new password for somebody who lost it. */
export function UserDialog({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const user = editing.what === 'new' ? null : editing.user;
  const asks = {
    name: editing.what !== 'password',
    email: editing.what === 'new',
    password: editing.what !== 'name',
  };
  const key = useRef(idempotencyKey());
  const client = useQueryClient();
  const form = useForm<Values>({ defaultValues: { name: user?.name ?? '', email: '', password: '', admin: false } });
  const { register, formState } = form;
  const { errors } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const text = user ? await update(user, editing.what === 'name', values) : await add(values, key.current);
    toast({ text });
    onClose();
    await client.invalidateQueries({ queryKey: teamKeys.users });
  });
  const title = !user ? 'Add a person' : asks.name ? `Rename ${user.name}` : `New password for ${user.name}`;
  return (
    <Dialog open onClose={onClose} title={title} description={descriptions[editing.what]}>
      <form className="form" onSubmit={onSubmit} noValidate>
        {asks.name && (
          <Field label="Name" required error={errors.name?.message}>
            <Input autoComplete="off" {...register('name', rules.name)} />
          </Field>
        )}
        {asks.email && (
          <Field label="E-mail" required error={errors.email?.message}>
            <Input type="email" autoComplete="off" {...register('email', rules.email)} />
          </Field>
        )}
        {asks.password && (
          <Field label="Password" required error={errors.password?.message} hint="At least 10 characters.">
            <Input type="password" autoComplete="new-password" {...register('password', rules.password)} />
          </Field>
        )}
        {!user && <Checkbox label="Administrator of this server" {...register('admin')} />}
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {user ? 'Save' : 'Add person'}
        </FormActions>
      </form>
    </Dialog>
  );
}

const descriptions = {
  new: 'They sign in with this password and can change it. An invitation link from a team is the other way.',
  name: undefined,
  password: 'Their sessions end; tell them the new password by a safe way.',
};

async function add(values: Values, key: string): Promise<string> {
  const body = { name: values.name.trim(), email: values.email, password: values.password, admin: values.admin };
  await call(api.POST('/users', { params: { header: { 'Idempotency-Key': key } }, body }));
  return `${body.name} was added`;
}

async function update(user: User, rename: boolean, values: Values): Promise<string> {
  const patch: Partial<UserPatch> = rename ? { name: values.name.trim() } : { password: values.password };
  const body = { ...patch, version: user.version };
  await call(api.PATCH('/users/{id}', { params: { path: { id: user.id } }, body }));
  return rename ? `${user.name} is now ${body.name}` : `${user.name} has a new password`;
}
