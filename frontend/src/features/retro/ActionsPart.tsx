import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { membersQuery } from '../../api/members';
import type { RetroAction } from '../../api/schema';
import { openSprintsQuery } from '../../api/sprints';
import { makeIntent } from '../../lib/intent';
import { StatusBadge } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { Field, Input, Select } from '../../ui/Field';
import { FormProblem, useFollowingForm, useSend } from '../../ui/form';
import { PatchLink } from '../../ui/links';
import { toast } from '../../ui/toast';
import { groupName } from './phases';
import { createAction } from './queries';
import type { Room } from './useRetro';

/** What the team will do: items of the backlog, with an owner and a sprint. */
export function ActionsPart({ room }: { room: Room }) {
  return (
    <section className="sheet retro-part" aria-labelledby="retro-actions">
      <h2 id="retro-actions">
        Actions <span className="badge count">{room.retro.actions.length}</span>
      </h2>
      <ActionList actions={room.retro.actions} />
      {room.mayWork && <NewAction room={room} />}
    </section>
  );
}

export function ActionList({ actions }: { actions: readonly RetroAction[] }) {
  if (actions.length === 0) return <p className="muted">None yet.</p>;
  return (
    <ul className="plain-list retro-actions">
      {actions.map((a) => (
        <li key={a.id}>
          <p>
            <PatchLink patchKey={a.key} /> {a.title} <StatusBadge status={a.status} />
          </p>
          <p className="muted">
            {a.owner?.name ?? 'Nobody'} · due in sprint {a.due_sprint}
          </p>
        </li>
      ))}
    </ul>
  );
}

interface Values {
  title: string;
  owner_id: string;
  due_sprint: number;
  group_id: string;
}

function NewAction({ room }: { room: Room }) {
  const { retro, place } = room;
  const { data: members } = useQuery(membersQuery(place.team));
  const { data: sprints } = useQuery(openSprintsQuery(place.team));
  const [intent] = useState(makeIntent);
  const later = sprints?.find((s) => s.number > place.n)?.number ?? place.n + 1;
  const fresh = { title: '', owner_id: '', due_sprint: later, group_id: retro.discussing_id ?? '' };
  const form = useFollowingForm<Values>(fresh);
  const { errors } = form.formState;
  const { onSubmit, problem, busy } = useSend(form, async ({ group_id, ...rest }) => {
    const body = { ...rest, title: rest.title.trim(), group_id: group_id || null };
    await createAction(place, body, intent(body));
    form.reset(fresh);
    await room.run(async () => {}, '');
    toast({ text: 'The action is in the backlog' });
  });
  const people = members?.items.filter((m) => !m.disabled && m.role !== 'viewer').map((m) => m.user) ?? [];
  return (
    <form className="form retro-action" onSubmit={onSubmit} noValidate>
      <Field label="Action" required error={errors.title?.message}>
        <Input
          maxLength={300}
          {...form.register('title', { validate: (v) => !!v.trim() || 'Say what is to be done.' })}
        />
      </Field>
      <Field label="Owner" required error={errors.owner_id?.message}>
        <Select
          options={[['', 'Choose…'], ...people.map((p): [string, string] => [p.id, p.name])]}
          {...form.register('owner_id', { required: 'An action needs an owner.' })}
        />
      </Field>
      <Field label="Due in sprint" required error={errors.due_sprint?.message}>
        <Input type="number" min={place.n + 1} {...form.register('due_sprint', { valueAsNumber: true })} />
      </Field>
      <Field label="Follows from" error={errors.group_id?.message}>
        <Select
          options={[['', 'No group'], ...retro.groups.map((g): [string, string] => [g.id, groupName(retro, g)])]}
          {...form.register('group_id')}
        />
      </Field>
      <Button type="submit" variant="primary" busy={busy}>
        Add the action
      </Button>
      <FormProblem problem={problem} />
    </form>
  );
}
