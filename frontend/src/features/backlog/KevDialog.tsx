import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import { patchKeys } from '../../api/patches';
import { usePermission, whoMay } from '../../api/queries';
import type { MyTeam, Notice, Patch } from '../../api/schema';
import { openSprintsQuery, sprintKeys } from '../../api/sprints';
import { num } from '../../lib/format';
import { DueChip, Risk } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { toast, toastError } from '../../ui/toast';
import { newsKeys } from './newsQueries';
import { PatchButton } from './PatchButton';
import { useDismiss } from './useDismiss';

/** The patches of vulnerabilities that are known to be exploited now, each with its way into the emergency lane. */
export function KevDialog({ team, notice, onClose }: { team: MyTeam; notice: Notice; onClose: () => void }) {
  const dismiss = useDismiss(team.key);
  const active = useQuery(openSprintsQuery(team.key)).data?.find((s) => s.state === 'active');
  const add = useEmergency(team.key, active?.number, notice.vulnerabilities[0] ?? '');
  const mayRank = usePermission('rank', team.key);
  const reason = !mayRank ? whoMay.rank : !active ? 'There is no active sprint' : undefined;
  const more = notice.patch_count - notice.patches.length;
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="Known to be exploited"
      description={`${notice.vulnerabilities.join(', ')}: these patches were scored again and their due dates shortened.`}
    >
      <ul className="news-list">
        {notice.patches.map((p) => (
          <li key={p.key}>
            <Risk value={p.priority} band={p.band} pill />
            <PatchButton patchKey={p.key} onOpen={onClose} />
            <span className="clip grow">{p.title}</span>
            <DueChip at={p.due_at} zone={team.time_zone} policy={p.due_policy} done={p.status === 'verified'} />
            <Lane patch={p} active={active?.number} reason={reason} onAdd={add} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className="dialog-text">and {num.format(more)} more: filter the backlog by KEV.</p>}
      <Actions>
        <Button onClick={onClose}>Close</Button>
        <Button
          variant="primary"
          onClick={() => {
            onClose();
            void dismiss(notice);
          }}
        >
          Put away
        </Button>
      </Actions>
    </Dialog>
  );
}

interface LaneProps {
  patch: Patch;
  active: number | undefined;
  reason: string | undefined;
  onAdd: (patch: Patch) => Promise<void>;
}

function Lane({ patch: p, active, reason, onAdd }: LaneProps) {
  const [busy, setBusy] = useState(false);
  if (p.status === 'verified' || p.status === 'dropped') return <span className="badge count">Closed</span>;
  if (p.sprint !== null && p.sprint === active) return <span className="badge soft">In Sprint {p.sprint}</span>;
  const run = async () => {
    setBusy(true);
    await onAdd(p);
    setBusy(false);
  };
  return (
    <Button
      small
      busy={busy}
      reason={reason}
      aria-label={`Add ${p.key} to the emergency lane`}
      onClick={() => void run()}
    >
      Emergency lane
    </Button>
  );
}

/** Takes a patch into the active sprint as an emergency; taking it out again is the way back. */
function useEmergency(team: string, n: number | undefined, vulnerability: string) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(
      [newsKeys.all(team), patchKeys.all(team), sprintKeys.all(team)].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  return async (p: Patch) => {
    if (n === undefined) return;
    const params = { path: { team, n, key: p.key } };
    try {
      const body = { how: 'emergency' as const, reason: `${vulnerability} is known to be exploited` };
      await call(api.PUT('/teams/{team}/sprints/{n}/items/{key}', { params, body }));
      const undo = async () => {
        await call(api.DELETE('/teams/{team}/sprints/{n}/items/{key}', { params }));
        await refresh();
      };
      toast({ text: `${p.key} is in Sprint ${n} as an emergency`, undo });
    } catch (error) {
      toastError(error, `${p.key} was not added`);
    }
    await refresh();
  };
}
