import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, call } from '../../api/client';
import type { AssetChange, AssetEdit, AssetFilter } from '../../api/schema';
import { plural } from '../../lib/format';
import { toast } from '../../ui/toast';
import { assetKeys } from './queries';

/** Which assets a change is about: some by id, or all that match a filter. */
export type Selection = { ids: string[] } | { filter: AssetFilter };

type Progress = (edit: AssetEdit) => void;

/** Changes of many assets; what they did can be undone from the toast. */
export interface AssetEdits {
  change(selection: Selection, change: AssetChange, text: string, progress?: Progress): Promise<void>;
  merge(into: string, from: string[], text: string): Promise<void>;
}

export function useAssetEdits(team: string): AssetEdits {
  const client = useQueryClient();
  return useMemo(() => makeEdits(client, team), [client, team]);
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

function makeEdits(client: QueryClient, team: string): AssetEdits {
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: assetKeys.all(team) });
    await client.invalidateQueries({ queryKey: ['patches', team] });
  };
  /** Looks again until the server has finished; a large change goes on there even when nobody looks. */
  const finish = async (edit: AssetEdit, progress?: Progress): Promise<AssetEdit> => {
    let now = edit;
    progress?.(now);
    while (now.state === 'running') {
      await pause(500);
      now = await call(api.GET('/teams/{team}/asset-edits/{id}', { params: { path: { team, id: edit.id } } }));
      progress?.(now);
    }
    return now;
  };
  return {
    async change(selection, change, text, progress) {
      const body = { ...selection, change };
      const begun = await call(api.POST('/teams/{team}/asset-edits', { params: { path: { team } }, body }));
      const done = await finish(begun, progress);
      await refresh();
      if (done.changed === 0) {
        toast({ text: 'Nothing to change: they were like that already' });
        return;
      }
      const undo = async () => {
        const path = { team, id: done.id };
        await finish(await call(api.POST('/teams/{team}/asset-edits/{id}/undo', { params: { path } })));
        await refresh();
      };
      toast({ text: `${plural(done.changed, 'asset')} ${text}`, undo });
    },
    async merge(into, from, text) {
      const body = { into, from };
      const merged = await call(api.POST('/teams/{team}/asset-merges', { params: { path: { team } }, body }));
      await refresh();
      const undo = async () => {
        await call(api.POST('/teams/{team}/asset-merges/{id}/undo', { params: { path: { team, id: merged.id } } }));
        await refresh();
      };
      toast({ text, undo });
    },
  };
}
