import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { useForm } from 'react-hook-form';
import { boardKey, boardQuery } from '../../api/board';
import { usePauseLive } from '../../api/live';
import { membersQuery } from '../../api/members';
import { patchKeys } from '../../api/patches';
import { isConflict } from '../../api/problem';
import type { Blocker, Member } from '../../api/schema';
import { createBlocker, standupKeys, standupQuery, updateBlocker } from '../../api/standup';
import { makeIntent } from '../../lib/intent';
import { keyOf } from '../../lib/patchKey';
import { Dialog, FormActions } from '../Dialog';
import { Field, Input, Select, Textarea } from '../Field';
import { FormProblem, useSend } from '../form';
import { CardOptions } from '../patch/CardOptions';
import { toast } from '../toast';

interface Props {
  team: string;
  /** The one that is changed, as it stands in the stand-up of a day; null reports a new one. */
  blocker: Blocker | null;
  day?: string;
  /** The patch of a new one, where it is known. */
  patchKey?: string;
  onClose: () => void;
}

interface Values {
  key: string;
  needed: string;
  next_step: string;
  owner_id: string;
  escalate_on: string;
}

const required = (what: string) => ({ validate: (v: string) => !!v.trim() || what });

/** What stops a patch, what would free it, and who sees to that. */
export function BlockerDialog({ team, blocker, day = 'today', patchKey, onClose }: Props) {
  const { data: board } = useQuery(boardQuery(team));
  const { data: members } = useQuery(membersQuery(team));
  const cards = board?.columns.flatMap((c) => c.cards).filter((c) => c.status !== 'verified') ?? [];
  const listId = useId();
  usePauseLive(true);
  const form = useForm<Values>({ defaultValues: valuesOf(blocker, patchKey) });
  const { register, watch, formState } = form;
  const { errors } = formState;
  const { save, other } = useSave(team, day, blocker);
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    await save(values);
    onClose();
  });
  const onKeyDown = (e: KeyboardEvent<HTMLFormElement>) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.currentTarget.requestSubmit();
  };
  const about = blocker?.key ?? patchKey;
  const title = cards.find((c) => c.key === keyOf(watch('key'), team))?.title;
  return (
    <Dialog open onClose={onClose} title={about ? `Blocker of ${about}` : 'Report a blocker'}>
      <form className="form" onSubmit={onSubmit} onKeyDown={onKeyDown} noValidate>
        {!about && (
          <Field label="Patch" required error={errors.key?.message} hint={title ?? `Its key, such as ${team}-7`}>
            <Input
              list={listId}
              maxLength={30}
              autoComplete="off"
              {...register('key', { validate: (v) => !!keyOf(v, team) || `Type a key such as ${team}-7.` })}
            />
            <CardOptions id={listId} cards={cards} />
          </Field>
        )}
        <Field label="What is needed" required error={errors.needed?.message}>
          <Textarea rows={3} maxLength={1000} {...register('needed', required('Say what would free it.'))} />
        </Field>
        <Field label="Next step" error={errors.next_step?.message}>
          <Textarea rows={2} maxLength={1000} {...register('next_step')} />
        </Field>
        <Field label="Owner" error={errors.owner_id?.message} hint="Who sees to it that it is cleared">
          <Select
            key={members ? 'loaded' : 'loading'}
            options={owners(members?.items ?? [], blocker)}
            {...register('owner_id')}
          />
        </Field>
        <Field label="Escalate on" error={errors.escalate_on?.message} hint="Told to everybody if it is open that day">
          <Input type="date" {...register('escalate_on')} />
        </Field>
        {other && <OtherBlocker blocker={other} />}
        <FormProblem problem={other ? null : problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {other ? 'Save over it' : blocker ? 'Save' : 'Report'}
        </FormActions>
      </form>
    </Dialog>
  );
}

const valuesOf = (b: Blocker | null, patchKey = ''): Values => ({
  key: b?.key ?? patchKey,
  needed: b?.needed ?? '',
  next_step: b?.next_step ?? '',
  owner_id: b?.owner?.id ?? '',
  escalate_on: b?.escalate_on ?? '',
});

/** Who may work here; an owner who has left stays to be seen. */
function owners(members: readonly Member[], blocker: Blocker | null): [string, string][] {
  const people = members.filter((m) => !m.disabled && m.role !== 'viewer').map((m) => m.user);
  const owner = blocker?.owner;
  if (owner && !people.some((p) => p.id === owner.id)) people.push(owner);
  return [['', 'Nobody yet'], ...people.map((p): [string, string] => [p.id, p.name])];
}

/** Reports or changes; after a conflict `other` is what somebody else wrote, and the next try goes over it. */
function useSave(team: string, day: string, blocker: Blocker | null) {
  const client = useQueryClient();
  const [intent] = useState(makeIntent);
  const [other, setOther] = useState<Blocker | null>(null);
  const write = async ({ key, needed, next_step, owner_id, escalate_on }: Values) => {
    const texts = {
      needed: needed.trim(),
      next_step: next_step.trim(),
      owner_id: owner_id || null,
      escalate_on: escalate_on || null,
    };
    if (blocker) return updateBlocker(team, blocker.id, { ...texts, version: (other ?? blocker).version });
    const body = { ...texts, key: keyOf(key, team) ?? key };
    return createBlocker(team, body, intent(body));
  };
  const save = async (values: Values) => {
    try {
      const now = await write(values);
      toast({ text: blocker ? `The blocker of ${now.key} is saved` : `${now.key} is blocked` });
    } catch (error) {
      if (blocker && isConflict(error)) {
        const fresh = await client.fetchQuery({ ...standupQuery(team, day), staleTime: 0 }).catch(() => null);
        setOther(fresh?.blockers.find((b) => b.id === blocker.id) ?? null);
      }
      throw error;
    }
    void client.invalidateQueries({ queryKey: standupKeys.all(team) });
    void client.invalidateQueries({ queryKey: boardKey(team) });
    void client.invalidateQueries({ queryKey: patchKeys.detail(team, keyOf(values.key, team) ?? values.key) });
  };
  return { save, other };
}

const OtherBlocker = ({ blocker: b }: { blocker: Blocker }) => (
  <div className="other-version" role="alert">
    <b>Somebody changed it first. It now says:</b>
    <p>Needed: {b.needed}</p>
    <p>Next step: {b.next_step || 'none yet'}</p>
    <p>Owner: {b.owner?.name ?? 'nobody yet'}</p>
    {b.escalate_on && <p>Escalates on {b.escalate_on}</p>}
  </div>
);
