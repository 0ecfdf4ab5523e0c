import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { boardKey } from '../../api/board';
import { patchKeys, patchQuery } from '../../api/patches';
import type { AddItems, Patch, SprintItem } from '../../api/schema';
import { addItems, removeItem, spreadSprint, sprintItemsQuery, sprintKeys } from '../../api/sprints';
import { plural } from '../../lib/format';
import { showPatch } from '../patch/cache';
import { toast, toastError } from '../toast';

/** Between backlog and sprints: shown at once, undone by the inverse call. */
export interface Planning {
  add(patches: readonly Patch[], n: number, how?: Pick<AddItems, 'how' | 'reason'>): Promise<void>;
  remove(patches: readonly Patch[], n: number, reason?: string): Promise<void>;
  /** After a start, close or cancel: everything about sprints and membership is new. */
  refreshAll(): void;
}

export function usePlanning(team: string): Planning {
  const client = useQueryClient();
  return useMemo(() => makePlanning(client, team), [client, team]);
}

const named = (patches: readonly Patch[]) =>
  patches.length === 1 ? (patches[0]?.key ?? '') : plural(patches.length, 'patch', 'patches');

function makePlanning(client: QueryClient, team: string): Planning {
  const refreshAll = () => {
    void client.invalidateQueries({ queryKey: sprintKeys.all(team) });
    void client.invalidateQueries({ queryKey: patchKeys.all(team) });
    void client.invalidateQueries({ queryKey: boardKey(team) });
  };

  /** Reads what the server made of the members of a sprint, with their new versions. */
  const settle = async (n: number) => {
    void client.invalidateQueries({ queryKey: boardKey(team) });
    await Promise.all([
      client.invalidateQueries({ queryKey: sprintKeys.all(team), refetchType: 'none' }),
      client.fetchQuery({ ...sprintItemsQuery(team, n), staleTime: 0 }).then((items) => {
        for (const item of items.items) showPatch(client, team, patchOf(item));
      }),
    ]);
    void client.refetchQueries({ queryKey: sprintKeys.all(team), type: 'active', stale: true });
  };

  const put = async (patches: readonly Patch[], n: number, how?: Pick<AddItems, 'how' | 'reason'>) => {
    for (const p of patches) showPatch(client, team, { ...p, sprint: n });
    try {
      const sprint = await addItems(team, n, { keys: patches.map((p) => p.key), ...how });
      spreadSprint(client, team, sprint);
    } catch (error) {
      for (const p of patches) showPatch(client, team, p);
      throw error;
    }
    await settle(n);
  };

  const take = async (patches: readonly Patch[], n: number, reason?: string) => {
    for (const p of patches) showPatch(client, team, { ...p, sprint: null });
    try {
      for (const p of patches) spreadSprint(client, team, await removeItem(team, n, p.key, reason));
    } finally {
      await settle(n);
      for (const p of patches) {
        const now = await client.fetchQuery({ ...patchQuery(team, p.key), staleTime: 0 });
        showPatch(client, team, now);
      }
    }
  };

  return {
    refreshAll,
    async add(patches, n, how) {
      const moved = patches.filter((p) => p.sprint !== n);
      if (moved.length === 0) return toast({ text: `${named(patches)} already in Sprint ${n}` });
      try {
        await put(moved, n, how);
        const undo = async () => {
          await take(
            moved.filter((p) => p.sprint === null),
            n,
          );
          for (const [from, group] of bySprint(moved)) await put(group, from);
        };
        toast({ text: `${named(moved)} put into Sprint ${n}`, undo });
      } catch (error) {
        toastError(error, `${named(moved)} not put into Sprint ${n}`);
      }
    },
    async remove(patches, n, reason) {
      if (patches.length === 0) return;
      try {
        await take(patches, n, reason);
        toast({ text: `${named(patches)} taken out of Sprint ${n}`, undo: () => put(patches, n) });
      } catch (error) {
        toastError(error, `${named(patches)} not taken out of Sprint ${n}`);
      }
    },
  };
}

/** The sprints that patches came from, with their patches. */
function bySprint(patches: readonly Patch[]): [number, Patch[]][] {
  const groups = new Map<number, Patch[]>();
  for (const p of patches) if (p.sprint !== null) groups.set(p.sprint, [...(groups.get(p.sprint) ?? []), p]);
  return [...groups];
}

export function patchOf({ membership: _m, unplanned: _u, ...patch }: SprintItem): Patch {
  return patch;
}
