import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { boardKey } from '../../../api/board';
import { membersQuery } from '../../../api/members';
import { updatePatch } from '../../../api/patches';
import { toProblem } from '../../../api/problem';
import { whoMay } from '../../../api/queries';
import type { PatchDetail } from '../../../api/schema';
import { Button } from '../../Button';
import { Actions, Dialog } from '../../Dialog';
import { Checkbox } from '../../Field';
import { ErrorState, SkeletonRows } from '../../states';
import { toast } from '../../toast';
import { refreshAround, showPatch } from '../cache';

interface Props {
  team: string;
  patch: PatchDetail;
  mayWork: boolean;
}

/** Who works on a patch beside the one who is responsible. */
export default function CoAssignees({ team, patch, mayWork }: Props) {
  const [open, setOpen] = useState(false);
  const names = patch.co_assignees.map((p) => p.name).join(', ');
  return (
    <>
      <Button
        small
        reason={!mayWork && whoMay.work}
        onClick={() => setOpen(true)}
        aria-label={names ? `Co-assignees: ${names}. Change` : 'Add co-assignees'}
      >
        {names ? `with ${names}` : 'Add co-assignees'}
      </Button>
      {open && <ChooseDialog team={team} patch={patch} onClose={() => setOpen(false)} />}
    </>
  );
}

function ChooseDialog({ team, patch, onClose }: Omit<Props, 'mayWork'> & { onClose: () => void }) {
  const { data, error, refetch } = useQuery(membersQuery(team));
  const client = useQueryClient();
  const before = patch.co_assignees.map((p) => p.id);
  const [chosen, setChosen] = useState<readonly string[]>(before);
  const [problem, setProblem] = useState('');
  const people = (data?.items ?? [])
    .filter((m) => (!m.disabled && m.role !== 'viewer') || before.includes(m.user.id))
    .map((m) => m.user)
    .filter((u) => u.id !== patch.assignee?.id);
  const send = async (ids: readonly string[], version: number) => {
    const now = await updatePatch(team, patch.key, { co_assignee_ids: [...ids], version });
    showPatch(client, team, now);
    refreshAround(client, team, now);
    void client.invalidateQueries({ queryKey: boardKey(team) });
    return now;
  };
  const save = async () => {
    try {
      const now = await send(chosen, patch.version);
      onClose();
      const names = now.co_assignees.map((p) => p.name).join(', ');
      toast({
        text: names ? `${patch.key}: with ${names}` : `${patch.key}: nobody else works on it`,
        undo: () => send(before, now.version),
      });
    } catch (e) {
      setProblem(toProblem(e).detail);
    }
  };
  const tick = (id: string, on: boolean) => setChosen(on ? [...chosen, id] : chosen.filter((c) => c !== id));
  return (
    <Dialog open onClose={onClose} title={`Who else works on ${patch.key}`}>
      <div className="form">
        <p className="field-hint">
          {patch.assignee?.name ?? 'The assignee'} stays responsible; limits of work in progress count only the
          assignee.
        </p>
        {error && <ErrorState error={error} what="The team could not be loaded" retry={() => void refetch()} />}
        {!data && !error && <SkeletonRows rows={4} />}
        {people.map((p) => (
          <Checkbox
            key={p.id}
            label={p.name}
            checked={chosen.includes(p.id)}
            onChange={(e) => tick(p.id, e.target.checked)}
          />
        ))}
        {problem && (
          <p className="field-error" role="alert">
            {problem}
          </p>
        )}
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={() => void save()}>
            Save
          </Button>
        </Actions>
      </div>
    </Dialog>
  );
}
