import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { patchQuery } from '../../api/patches';
import { useMe, usePermission, whoMay } from '../../api/queries';
import type { Patch, Person } from '../../api/schema';
import { usePatchActions } from '../../ui/patch/actions';
import { toast, toastError } from '../../ui/toast';

/** Assigning a card: a card knows little of its patch, so the patch is read first. */
export function useCardPatch(team: string) {
  const client = useQueryClient();
  const actions = usePatchActions(team);
  const me = useMe()?.user;
  const may = usePermission('work', team);
  const [asked, setAsked] = useState<Patch | null>(null);
  const read = async (key: string) => {
    if (!may) {
      toast({ text: whoMay.work });
      return null;
    }
    return client.fetchQuery({ ...patchQuery(team, key), staleTime: 0 }).catch((error: unknown) => {
      toastError(error);
      return null;
    });
  };
  return {
    asked,
    ask: async (key: string) => setAsked(await read(key)),
    close: () => setAsked(null),
    assign: (person: Person | null) => void (asked && actions.assign([asked], person)),
    assignMe: async (key: string) => {
      const patch = await read(key);
      if (patch && me) await actions.assign([patch], { id: me.id, name: me.name });
    },
  };
}
