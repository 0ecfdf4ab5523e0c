import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { enter, metaQuery } from '../../api/queries';
import type { SignIn } from '../../api/schema';
import { safeNext } from '../../app/next';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { AuthPage, CookieNotice, cookiesWork } from './AuthPage';
import { DemoPeople } from './DemoPeople';

export function SignInPage() {
  useTitle('Sign in');
  const meta = useQuery(metaQuery).data;
  const [url] = useUrlState();
  const client = useQueryClient();
  const router = useRouter();
  const form = useForm<SignIn>({ defaultValues: { email: '', password: '' } });
  const { register, formState, reset } = form;
  const { errors } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (body) => {
    const me = await call(api.POST('/session', { body: { ...body, email: body.email.trim() } }));
    enter(client, me);
    router.history.push(safeNext(url.next));
  });
  return (
    <AuthPage>
      <h1>Sign in</h1>
      <form className="form" onSubmit={onSubmit} noValidate>
        {url.ended && !problem && (
          <div className="notice calm" role="status">
            Your session has ended. Sign in to go on where you were.
          </div>
        )}
        <CookieNotice meta={meta} />
        {meta?.demo && <DemoPeople onChoose={(values) => reset(values)} />}
        <Field label="E-mail" required error={errors.email?.message}>
          <Input
            type="email"
            autoFocus
            autoComplete="username"
            {...register('email', { required: 'Give your e-mail address.' })}
          />
        </Field>
        <Field label="Password" required error={errors.password?.message}>
          <Input
            type="password"
            autoComplete="current-password"
            {...register('password', { required: 'Give your password.' })}
          />
        </Field>
        <FormProblem problem={problem} />
        <Button
          type="submit"
          variant="primary"
          busy={busy}
          reason={!cookiesWork(meta) && 'Signing in cannot work here'}
        >
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </AuthPage>
  );
}
