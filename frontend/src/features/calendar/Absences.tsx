import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { membersQuery } from '../../api/members';
import { useMe, usePermission, whoMay } from '../../api/queries';
import type { Absence, Calendar } from '../../api/schema';
import { longDay } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input, Select } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Section } from '../../ui/Section';
import { toast, toastError } from '../../ui/toast';
import { calendarKeys } from './queries';

/** Who is away in the next weeks; everybody notes their own days. */
export function Absences({ team, calendar }: { team: string; calendar: Calendar }) {
  const [adding, setAdding] = useState(false);
  const mayWork = usePermission('work', team);
  const none = calendar.absences.length === 0 && calendar.holidays.length === 0;
  return (
    <Section
      title="Days off"
      text={`From ${longDay(calendar.from)} to ${longDay(calendar.to)}. They make a sprint's capacity smaller.`}
      action={
        <Button small reason={!mayWork && whoMay.work} onClick={() => setAdding(true)}>
          Add days off…
        </Button>
      }
    >
      {none && <p className="field-hint">Everybody is there.</p>}
      <ul className="plain-list window-list">
        {calendar.holidays.map((day) => (
          <li key={day}>
            <div className="window-text">
              <b>Holiday</b>
              <span>{longDay(day)}</span>
            </div>
          </li>
        ))}
        {calendar.absences.map((a) => (
          <AbsenceRow key={a.id} team={team} absence={a} />
        ))}
      </ul>
      {adding && <AbsenceDialog team={team} first={calendar.from} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function AbsenceRow({ team, absence: a }: { team: string; absence: Absence }) {
  const client = useQueryClient();
  const me = useMe()?.user.id;
  const mayManage = usePermission('manage', team);
  const who = a.user?.name ?? 'The team';
  const refresh = () => client.invalidateQueries({ queryKey: calendarKeys.all(team) });
  const remove = async () => {
    try {
      await call(api.DELETE('/teams/{team}/absences/{id}', { params: { path: { team, id: a.id } } }));
      const { from, to, half, note } = a;
      const body = { from, to, half, note, user_id: a.user?.id ?? null };
      const undo = async () => {
        await call(api.POST('/teams/{team}/absences', { params: { path: { team } }, body }));
        await refresh();
      };
      toast({ text: `${who}: days off taken back`, undo });
    } catch (error) {
      toastError(error, 'The days off were not taken back');
    }
    await refresh();
  };
  return (
    <li>
      <div className="window-text">
        <b>{who}</b>
        <span>
          {longDay(a.from)}
          {a.to !== a.from && ` – ${longDay(a.to)}`}
          {a.half && ', half days'}
          {a.note && <span className="muted"> {a.note}</span>}
        </span>
      </div>
      {(mayManage || a.user?.id === me) && (
        <Button small onClick={() => void remove()} aria-label={`Take back days off of ${who} from ${longDay(a.from)}`}>
          Take back
        </Button>
      )}
    </li>
  );
}

interface Values {
  user_id: string;
  from: string;
  to: string;
  half: boolean;
  note: string;
}

function AbsenceDialog({ team, first, onClose }: { team: string; first: string; onClose: () => void }) {
  const client = useQueryClient();
  const me = useMe()?.user;
  const mayManage = usePermission('manage', team);
  const { data: members } = useQuery({ ...membersQuery(team), enabled: mayManage });
  const form = useForm<Values>({
    defaultValues: { user_id: me?.id ?? '', from: first, to: first, half: false, note: '' },
  });
  const { register, formState, watch } = form;
  const { onSubmit, problem, busy } = useSend(form, async ({ user_id, ...rest }) => {
    const body = { ...rest, user_id: user_id || null };
    await call(api.POST('/teams/{team}/absences', { params: { path: { team } }, body }));
    toast({ text: 'Days off noted' });
    await client.invalidateQueries({ queryKey: calendarKeys.all(team) });
    onClose();
  });
  const others = (members?.items ?? []).filter((m) => m.role !== 'viewer' && m.user.id !== me?.id);
  const people: [string, string][] = [
    [me?.id ?? '', me?.name ?? 'Me'],
    ...(mayManage
      ? [['', 'The whole team'] as [string, string], ...others.map((m): [string, string] => [m.user.id, m.user.name])]
      : []),
  ];
  return (
    <Dialog open onClose={onClose} title="Days off">
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Who" required error={formState.errors.user_id?.message}>
          <Select options={people} {...register('user_id')} />
        </Field>
        <div className="form-row">
          <Field label="From" required error={formState.errors.from?.message}>
            <Input type="date" {...register('from', { required: 'Choose a day.' })} />
          </Field>
          <Field label="To" required error={formState.errors.to?.message}>
            <Input type="date" min={watch('from')} {...register('to', { required: 'Choose a day.' })} />
          </Field>
        </div>
        <Checkbox label="Half of each day" {...register('half')} />
        <Field label="Note">
          <Input maxLength={200} {...register('note')} />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Add days off
        </FormActions>
      </form>
    </Dialog>
  );
}
