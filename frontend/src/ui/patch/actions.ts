import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { dropPatch, patchKeys, restorePatch, updatePatch } from '../../api/patches';
import { isConflict, type ProblemError } from '../../api/problem';
import type { Drop, Patch, PatchPatch, Person } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { plural } from '../../lib/format';
import { toast, toastError } from '../toast';
import { refreshAround, showPatch } from './cache';
import { conflictOf, conflictText } from './conflict';

type Change = Omit<PatchPatch, 'version'>;

/** What people do to patches, wherever they are shown: shown at once, taken back when the server refuses. */
export interface PatchActions {
  estimate(patches: readonly Patch[], points: number | null): Promise<void>;
  assign(patches: readonly Patch[], person: Person | null): Promise<void>;
  edit(patch: Patch, change: Change, text: string): Promise<void>;
  drop(patches: readonly Patch[], reason: Omit<Drop, 'version'>): Promise<void>;
  restore(patch: Patch): Promise<void>;
}

export function usePatchActions(team: string): PatchActions {
  const client = useQueryClient();
  return useMemo(() => makeActions(client, team), [client, team]);
}

export const pointsText = (points: number | null) => (points === null ? 'no estimate' : plural(points, 'point'));

function makeActions(client: QueryClient, team: string): PatchActions {
  /** One patch: optimistic, then as the server answers. Throws what went wrong, after rolling back. */
  const send = async (patch: Patch, change: Change, shown: Partial<Patch>): Promise<Patch> => {
    showPatch(client, team, { ...patch, ...shown });
    try {
      const now = await updatePatch(team, patch.key, { ...change, version: patch.version });
      showPatch(client, team, now);
      refreshAround(client, team, now);
      return now;
    } catch (error) {
      const current = isConflict(error) ? conflictOf(error).item : null;
      showPatch(client, team, current ?? patch);
      throw error;
    }
  };

  const many = async (
    patches: readonly Patch[],
    one: (p: Patch) => Promise<Patch>,
    text: (n: number) => string,
    back: (old: Patch, now: Patch) => Promise<unknown>,
  ) => {
    const done: [old: Patch, now: Patch][] = [];
    for (const patch of patches) {
      try {
        done.push([patch, await one(patch)]);
      } catch (error) {
        explain(error, patch.key, 'changed');
        break; // the next ones would most likely fail alike
      }
    }
    if (done.length === 0) return;
    toast({
      text: text(done.length),
      undo: async () => {
        for (const [old, now] of done) await back(old, now);
      },
    });
  };

  const named = (patches: readonly Patch[], n: number) =>
    n === 1 ? (patches[0]?.key ?? '') : plural(n, 'patch', 'patches');

  const afterStatus = (patch: Patch) => {
    showPatch(client, team, patch);
    void client.invalidateQueries({ queryKey: patchKeys.all(team) });
    void client.invalidateQueries({ queryKey: sprintKeys.all(team) });
  };

  return {
    estimate: (patches, points) =>
      many(
        patches.filter((p) => p.points !== points),
        (p) => send(p, { points }, { points }),
        (n) => `${named(patches, n)}: ${pointsText(points)}`,
        (old, now) => send(now, { points: old.points }, { points: old.points }),
      ),
    assign: (patches, person) =>
      many(
        patches.filter((p) => p.assignee?.id !== person?.id),
        (p) => send(p, { assignee_id: person?.id ?? null }, { assignee: person }),
        (n) => `${named(patches, n)} ${person ? `assigned to ${person.name}` : 'unassigned'}`,
        (old, now) => send(now, { assignee_id: old.assignee?.id ?? null }, { assignee: old.assignee }),
      ),
    async edit(patch, change, text) {
      await send(patch, change, change as Partial<Patch>); // the caller's form shows what went wrong
      toast({ text });
    },
    drop: (patches, reason) =>
      many(
        patches,
        async (p) => {
          const now = await dropPatch(team, p.key, { ...reason, version: p.version });
          afterStatus(now);
          return now;
        },
        (n) => `${named(patches, n)} dropped`,
        async (_, now) => afterStatus(await restorePatch(team, now.key, now.version)),
      ),
    async restore(patch) {
      try {
        afterStatus(await restorePatch(team, patch.key, patch.version));
        toast({ text: `${patch.key} is back in the backlog` });
      } catch (error) {
        explain(error, patch.key, 'changed');
      }
    },
  };
}

/** Says why something did not happen; a conflict by the name of who was first. */
export function explain(error: unknown, key: string, verb: string, review?: () => void): void {
  if (!isConflict(error) || !conflictOf(error as ProblemError).item) {
    toastError(error, `${key} was not changed`);
    return;
  }
  const text = conflictText(key, verb, conflictOf(error));
  toast(review ? { text, action: { label: 'Review', run: review } } : { text });
}
