import type { QueryClient } from '@tanstack/react-query';
import { editPatches, undoEdit } from '../../../api/finding';
import { patchKeys } from '../../../api/patches';
import type { BulkChange, BulkResult, Patch } from '../../../api/schema';
import { sprintKeys } from '../../../api/sprints';
import { plural } from '../../../lib/format';
import { toast, toastError } from '../../../ui/toast';

const patchesText = (n: number) => plural(n, 'patch', 'patches');

/** "28 patches changed. 2 not: INF-3: Ana changed this first." */
export function outcomeText(r: BulkResult, verb: string): string {
  const left = r.items.filter((i) => i.outcome !== 'done' && i.outcome !== 'unchanged');
  const same = r.items.length - left.length - r.done;
  const parts = [r.done > 0 || left.length > 0 ? `${patchesText(r.done)} ${verb}` : 'Nothing to change'];
  if (same > 0 && r.done > 0) parts.push(`${patchesText(same)} were so already`);
  const first = left[0];
  if (first) parts.push(`${patchesText(left.length)} not: ${first.key}: ${first.reason}${left.length > 1 ? ' …' : ''}`);
  return parts.join('. ').replace(/\.?$/, '');
}

/** Changes many patches in one call; Undo is one call too. */
export async function changeMany(client: QueryClient, team: string, patches: readonly Patch[], change: BulkChange) {
  const refresh = async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: patchKeys.all(team) }),
      client.invalidateQueries({ queryKey: sprintKeys.all(team) }),
    ]);
  };
  try {
    const items = patches.map((p) => ({ key: p.key, version: p.version }));
    const r = await editPatches(team, items, change);
    const { undo } = r;
    toast({
      text: outcomeText(r, 'changed'),
      ...(undo && {
        undo: async () => {
          const back = await undoEdit(team, undo);
          await refresh();
          toast({ text: outcomeText(back, 'as before') });
        },
      }),
    });
  } catch (error) {
    toastError(error, 'Nothing was changed');
  }
  await refresh();
}
