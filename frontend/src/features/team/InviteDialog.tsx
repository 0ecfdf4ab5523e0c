import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call, idempotencyKey } from '../../api/client';
import type { CreatedInvite, Role } from '../../api/schema';
import { roleHelp, roleLabel } from '../../lib/domain';
import { longDate } from '../../lib/format';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, Input, NumberField, Select } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Segmented } from '../../ui/Segmented';
import { ShownOnce } from '../../ui/ShownOnce';
import { toast } from '../../ui/toast';
import { teamKeys } from './queries';
import { rules } from './rules';

const ways = [
  ['link', 'By a link'],
  ['account', 'Who has an account'],
] as const;
const roles = Object.entries(roleLabel) as [Role, string][];

interface Values {
  role: Role;
  email: string;
  days: number;
}

/** Brings somebody into the team: by a link to hand over, or at once when they have an account here. */
export function InviteDialog({ team, onClose }: { team: string; onClose: () => void }) {
  const [way, setWay] = useState<'link' | 'account'>('link');
  const [made, setMade] = useState<CreatedInvite | null>(null);
  const key = useRef(idempotencyKey());
  const client = useQueryClient();
  const form = useForm<Values>({ defaultValues: { role: 'member', email: '', days: 7 } });
  const { register, watch, formState } = form;
  const { errors } = formState;
  const params = { path: { team } };
  const { onSubmit, problem, busy } = useSend(form, async ({ role, email, days }) => {
    if (way === 'account') {
      const member = await call(api.POST('/teams/{team}/members', { params, body: { email, role } }));
      toast({ text: `${member.user.name} is now ${roleLabel[role]}` });
      onClose();
      return client.invalidateQueries({ queryKey: teamKeys.members(team) });
    }
    const body = { role, days, ...(email && { email }) };
    const header = { 'Idempotency-Key': key.current };
    setMade(await call(api.POST('/teams/{team}/invites', { params: { ...params, header }, body })));
    return client.invalidateQueries({ queryKey: teamKeys.invites(team) });
  });
  if (made) return <MadeInvite made={made} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="Invite to the team">
      <form className="form" onSubmit={onSubmit} noValidate>
        <Segmented label="Way" value={way} onChange={setWay} options={ways} />
        <Field label="Role" required error={errors.role?.message} hint={roleHelp[watch('role')]}>
          <Select options={roles} {...register('role')} />
        </Field>
        <Field
          label="E-mail"
          required={way === 'account'}
          error={errors.email?.message}
          hint={way === 'link' ? 'Given, only this address can use the link.' : 'The address they sign in with.'}
        >
          <Input
            type="email"
            autoComplete="off"
            {...register('email', {
              ...rules.email,
              validate: (v) => (way === 'link' && !v.trim()) || rules.email.validate(v),
            })}
          />
        </Field>
        {way === 'link' && (
          <Field label="Valid for days" required error={errors.days?.message}>
            <NumberField
              min={1}
              max={30}
              {...register('days', {
                valueAsNumber: true,
                validate: (v) => (v >= 1 && v <= 30 && Number.isInteger(v)) || 'From 1 to 30 days.',
              })}
            />
          </Field>
        )}
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {way === 'link' ? 'Make link' : 'Add to the team'}
        </FormActions>
      </form>
    </Dialog>
  );
}

function MadeInvite({ made, onClose }: { made: CreatedInvite; onClose: () => void }) {
  const text = `Hand this link to one person before ${longDate(made.invite.expires_at)}. It is shown this once.`;
  return (
    <ShownOnce
      title="The invitation"
      text={text}
      label="Invitation link"
      value={new URL(made.path, location.origin).href}
      onClose={onClose}
    />
  );
}
