import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { toProblem } from '../../api/problem';
import { enter, metaQuery } from '../../api/queries';
import type { InviteOffer } from '../../api/schema';
import { useTitle } from '../../app/title';
import { roleLabel } from '../../lib/domain';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Segmented } from '../../ui/Segmented';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { AuthPage, CookieNotice, cookiesWork } from './AuthPage';
import { rules } from './rules';

/** Joins a team by a link: with a new account, or with the one somebody already has. */
export function InvitePage() {
  useTitle('Invitation');
  const { secret = '' } = useParams({ strict: false });
  const { data, error, refetch } = useQuery({
    queryKey: ['invite', secret],
    queryFn: ({ signal }) => call(api.GET('/invites/{secret}', { params: { path: { secret } }, signal })),
  });
  return (
    <AuthPage>
      {error ? (
        <Refused error={error} retry={() => void refetch()} />
      ) : data ? (
        <Offer offer={data} secret={secret} />
      ) : (
        <SkeletonRows rows={5} label="Loading the invitation" />
      )}
    </AuthPage>
  );
}

/** A link that leads nowhere, and one that could not be read. */
const Refused = ({ error, retry }: { error: Error; retry: () => void }) =>
  toProblem(error).status === 404 ? (
    <EmptyState title="This invitation cannot be used" page>
      It was used, taken back, or has expired; or the link was cut on its way. Ask whoever invited you for a new one.
    </EmptyState>
  ) : (
    <ErrorState page error={error} what="This invitation cannot be opened" retry={retry} />
  );

const ways = [
  ['new', 'New account'],
  ['known', 'I have an account'],
] as const;

function Offer({ offer, secret }: { offer: InviteOffer; secret: string }) {
  const [way, setWay] = useState<'new' | 'known'>('new');
  const meta = useQuery(metaQuery).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({ defaultValues: { email: offer.email ?? '', name: '', password: '' } });
  const { register, formState } = form;
  const { errors } = formState;
  const { onSubmit, problem, busy } = useSend(form, async ({ email, name, password }) => {
    const body = way === 'new' ? { email, name, password } : { email, password };
    enter(client, await call(api.POST('/invites/{secret}', { params: { path: { secret } }, body })));
    await navigate({ to: '/t/$team/backlog', params: { team: offer.team_key } });
  });
  return (
    <>
      <h1>Join {offer.team_name}</h1>
      <p>
        {offer.invited_by} invites you to the team as {roleLabel[offer.role]}.
      </p>
      <form className="form" onSubmit={onSubmit} noValidate>
        <CookieNotice meta={meta} />
        <Segmented label="Account" value={way} onChange={setWay} options={ways} />
        <Field label="E-mail" required error={errors.email?.message}>
          <Input type="email" autoComplete="username" readOnly={!!offer.email} {...register('email', rules.email)} />
        </Field>
        {way === 'new' && (
          <Field label="Name" required error={errors.name?.message}>
            <Input autoComplete="name" {...register('name', { ...rules.name, shouldUnregister: false })} />
          </Field>
        )}
        <Field
          label="Password"
          required
          error={errors.password?.message}
          hint={way === 'new' ? 'At least 10 characters.' : 'The password of your account here.'}
        >
          <Input
            key={way}
            type="password"
            autoComplete={way === 'new' ? 'new-password' : 'current-password'}
            {...register('password', way === 'new' ? rules.password : { required: 'Give your password.' })}
          />
        </Field>
        <FormProblem problem={problem} />
        <Button
          type="submit"
          variant="primary"
          busy={busy}
          reason={!cookiesWork(meta) && 'Signing in cannot work here'}
        >
          {busy ? 'Joining…' : `Join ${offer.team_name}`}
        </Button>
      </form>
    </>
  );
}
