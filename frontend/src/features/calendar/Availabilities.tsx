import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { useMe, usePermission } from '../../api/queries';
import type { ActivityHours, Availability } from '../../api/schema';
import { num } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, NumberField } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Section } from '../../ui/Section';
import { toast } from '../../ui/toast';
import { calendarKeys } from './queries';

const activities: readonly [ActivityHours['activity'], string][] = [
  ['analyse', 'Analyse'],
  ['test', 'Test'],
  ['deploy', 'Deploy'],
  ['verify', 'Verify'],
  ['other', 'Other'],
];

/** How much of a day each person gives to the sprint. */
export function Availabilities({ team, people }: { team: string; people: Availability[] }) {
  const me = useMe()?.user.id;
  const mayManage = usePermission('manage', team);
  const [editing, setEditing] = useState<Availability | null>(null);
  return (
    <Section
      title="Hours for the sprint"
      text="Days × hours × focus make the capacity; focus is the share that meetings and other work leave."
    >
      {people.length === 0 && <p className="field-hint">Nobody works in this team yet.</p>}
      <ul className="plain-list window-list">
        {people.map((p) => (
          <li key={p.user.id}>
            <div className="window-text">
              <b>{p.user.name}</b>
              <span>
                {num.format(p.hours_per_day)} h a day, {Math.round(p.focus * 100)} % for the sprint
                {p.activities.length > 0 && (
                  <span className="muted">
                    {' · '}
                    {p.activities.map((a) => `${a.activity} ${num.format(a.hours)} h`).join(', ')}
                  </span>
                )}
              </span>
            </div>
            {(mayManage || p.user.id === me) && (
              <Button small onClick={() => setEditing(p)} aria-label={`Edit the hours of ${p.user.name}`}>
                Edit…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {editing && <HoursDialog team={team} person={editing} onClose={() => setEditing(null)} />}
    </Section>
  );
}

type Values = Record<ActivityHours['activity'] | 'hours_per_day' | 'focus', number>;

function HoursDialog({ team, person, onClose }: { team: string; person: Availability; onClose: () => void }) {
  const client = useQueryClient();
  const of = (name: ActivityHours['activity']) => person.activities.find((a) => a.activity === name)?.hours ?? 0;
  const form = useForm<Values>({
    defaultValues: {
      hours_per_day: person.hours_per_day,
      focus: Math.round(person.focus * 100),
      ...Object.fromEntries(activities.map(([name]) => [name, of(name)])),
    },
  });
  const { register, formState } = form;
  const { onSubmit, problem, busy } = useSend(form, async (v) => {
    const body = {
      hours_per_day: v.hours_per_day,
      focus: v.focus / 100,
      activities: activities.filter(([a]) => v[a] > 0).map(([activity]) => ({ activity, hours: v[activity] })),
    };
    await call(api.PUT('/teams/{team}/availability/{id}', { params: { path: { team, id: person.user.id } }, body }));
    toast({ text: `Hours of ${person.user.name} kept` });
    await client.invalidateQueries({ queryKey: calendarKeys.all(team) });
    onClose();
  });
  return (
    <Dialog open onClose={onClose} title={`Hours of ${person.user.name}`}>
      <form className="form" onSubmit={onSubmit} noValidate>
        <div className="form-row">
          <Field label="Hours a day" required error={formState.errors.hours_per_day?.message}>
            <NumberField min={0} max={24} step={0.5} {...register('hours_per_day', { valueAsNumber: true })} />
          </Field>
          <Field label="For the sprint, in %" required error={formState.errors.focus?.message}>
            <NumberField min={0} max={100} {...register('focus', { valueAsNumber: true })} />
          </Field>
        </div>
        <p className="field-hint">Divide the day by activity if you like; deploying does not count on freeze days.</p>
        <div className="activity-grid">
          {activities.map(([name, label]) => (
            <Field key={name} label={label} required>
              <NumberField min={0} max={24} step={0.5} {...register(name, { valueAsNumber: true })} />
            </Field>
          ))}
        </div>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Save
        </FormActions>
      </form>
    </Dialog>
  );
}
