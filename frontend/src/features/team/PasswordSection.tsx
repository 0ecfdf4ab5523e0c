import { useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { useMe } from '../../api/queries';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Section } from '../../ui/Section';
import { toast } from '../../ui/toast';
import { teamKeys } from './queries';
import { rules } from './rules';

export function PasswordSection() {
  const me = useMe();
  const client = useQueryClient();
  const form = useForm({ defaultValues: { current: '', new: '', again: '' } });
  const { register, formState, getValues, reset } = form;
  const { errors } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    await call(api.POST('/session/password', { body: { current: values.current, new: values.new } }));
    reset();
    toast({ text: 'Password changed. Every other session has ended.' });
    await client.invalidateQueries({ queryKey: teamKeys.sessions });
  });
  return (
    <Section title="Password" text="Changing it ends every other session of yours.">
      <form className="form narrow" onSubmit={onSubmit} noValidate>
        {/* tells password managers whose password this is */}
        <input
          type="text"
          className="sr"
          autoComplete="username"
          value={me?.user.email ?? ''}
          readOnly
          tabIndex={-1}
          aria-label="E-mail"
        />
        <Field label="Current password" required error={errors.current?.message}>
          <Input
            type="password"
            autoComplete="current-password"
            {...register('current', { required: 'Give your current password.' })}
          />
        </Field>
        <Field label="New password" required error={errors.new?.message} hint="At least 10 characters.">
          <Input type="password" autoComplete="new-password" {...register('new', rules.password)} />
        </Field>
        <Field label="New password again" required error={errors.again?.message}>
          <Input
            type="password"
            autoComplete="new-password"
            {...register('again', { validate: (v) => v === getValues('new') || 'The two differ.' })}
          />
        </Field>
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" busy={busy}>
            {busy ? 'Changing…' : 'Change password'}
          </Button>
        </div>
      </form>
    </Section>
  );
}
