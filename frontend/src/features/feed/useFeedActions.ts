import { useQueryClient } from '@tanstack/react-query';
import { History, Pencil, Power, PowerOff, Trash2 } from 'lucide-react';
import { api, call } from '../../api/client';
import type { Feed } from '../../api/schema';
import type { MenuEntry } from '../../ui/Menu';
import { toast, toastError } from '../../ui/toast';
import { feedKeys } from './queries';

interface Asks {
  edit: (feed: Feed) => void;
  history: (feed: Feed) => void;
  remove: (feed: Feed) => void;
}

export type FeedActions = ReturnType<typeof useFeedActions>;

/** What one can do with a feed; everything but deleting can be taken back. */
export function useFeedActions(ask: Asks) {
  const client = useQueryClient();
  const act = async (what: () => Promise<unknown>, failed: string) => {
    try {
      await what();
    } catch (error) {
      toastError(error, failed);
    }
    await client.invalidateQueries({ queryKey: feedKeys.all });
  };
  const path = (feed: Feed) => ({ params: { path: { id: feed.id } } });
  const run = (feed: Feed) => act(() => call(api.POST('/feeds/{id}/run', path(feed))), `${feed.name} was not started`);
  const cancel = (feed: Feed) =>
    act(() => call(api.DELETE('/feeds/{id}/run', path(feed))), `${feed.name} was not stopped`);
  const remove = (feed: Feed) => act(() => call(api.DELETE('/feeds/{id}', path(feed))), `${feed.name} was not deleted`);
  const turn = (feed: Feed, enabled: boolean): Promise<void> =>
    act(async () => {
      const body = { enabled, version: feed.version };
      const changed = await call(api.PATCH('/feeds/{id}', { ...path(feed), body }));
      const text = `${feed.name} is switched ${enabled ? 'on and runs now' : 'off'}`;
      toast({ text, undo: () => turn(changed, !enabled) });
    }, `${feed.name} was not changed`);
  const entries = (feed: Feed, admin: boolean): MenuEntry[] => [
    { label: 'History', icon: History, run: () => ask.history(feed) },
    ...(admin
      ? [
          { label: 'Edit', icon: Pencil, run: () => ask.edit(feed) },
          feed.enabled
            ? { label: 'Switch off', icon: PowerOff, run: () => void turn(feed, false) }
            : { label: 'Switch on', icon: Power, run: () => void turn(feed, true) },
          { label: 'Delete', icon: Trash2, separate: true, danger: true, run: () => ask.remove(feed) },
        ]
      : []),
  ];
  return { run, cancel, remove, entries };
}
