import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { enter, metaQuery } from '../../api/queries';
import type { SetUp } from '../../api/schema';
import { useTitle } from '../../app/title';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { browserZone, TimeZoneField } from '../../ui/TimeZoneField';
import { AuthPage, CookieNotice, cookiesWork } from './AuthPage';
import { keyFrom, rules } from './rules';

type Values = Required<SetUp>;

/** The first visit to an empty server: its first administrator and the first team. */
export function SetUpPage() {
  useTitle('Set up');
  const meta = useQuery(metaQuery).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm<Values>({
    defaultValues: { name: '', email: '', password: '', team_name: '', team_key: '', time_zone: browserZone() },
  });
  const { register, setValue, watch, formState } = form;
  const { errors, dirtyFields } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (body) => {
    const me = await call(api.POST('/setup', { body }));
    enter(client, me);
    await navigate({ to: '/t/$team/backlog', params: { team: body.team_key } });
  });
  const suggestKey = (name: string) => {
    if (!dirtyFields.team_key) setValue('team_key', keyFrom(name), { shouldDirty: false });
  };
  return (
    <AuthPage>
      <h1>Set up Patchline</h1>
      <p>This server is empty. Make its first administrator and the first team; you can add people afterwards.</p>
      <form className="form" onSubmit={onSubmit} noValidate>
        <CookieNotice meta={meta} />
        <h2>You</h2>
        <Field label="Name" required error={errors.name?.message}>
          <Input autoFocus autoComplete="name" {...register('name', rules.name)} />
        </Field>
        <Field label="E-mail" required error={errors.email?.message}>
          <Input type="email" autoComplete="username" {...register('email', rules.email)} />
        </Field>
        <Field label="Password" required error={errors.password?.message} hint="At least 10 characters.">
          <Input type="password" autoComplete="new-password" {...register('password', rules.password)} />
        </Field>
        <h2>Your first team</h2>
        <Field label="Team name" required error={errors.team_name?.message}>
          <Input
            autoComplete="off"
            placeholder="Infrastructure"
            {...register('team_name', { ...rules.name, onChange: (e) => suggestKey(e.target.value) })}
          />
        </Field>
        <Field
          label="Key"
          required
          error={errors.team_key?.message}
          hint="Starts every patch’s number, such as INF-42."
        >
          <Input autoComplete="off" {...register('team_key', rules.key)} />
        </Field>
        <TimeZoneField
          value={watch('time_zone')}
          onChange={(z) => setValue('time_zone', z)}
          error={errors.time_zone?.message}
        />
        <FormProblem problem={problem} />
        <Button
          type="submit"
          variant="primary"
          busy={busy}
          reason={!cookiesWork(meta) && 'Signing in cannot work here'}
        >
          {busy ? 'Setting up…' : 'Set up'}
        </Button>
      </form>
    </AuthPage>
  );
}
