import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { boardKey } from '../../api/board';
import { patchQuery } from '../../api/patches';
import { useMe, usePermission, whoMay } from '../../api/queries';
import type { Board, Patch, Person } from '../../api/schema';
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
    /** Puts a card into somebody's lane: shown at once, sent when its moves have been answered. */
    give: async (key: string, person: Person | null, after: Promise<void>) => {
      client.setQueriesData<Board>({ queryKey: boardKey(team) }, (board) => board && withAssignee(board, key, person));
      await after;
      const patch = await read(key);
      if (patch) await actions.assign([patch], person);
      else void client.invalidateQueries({ queryKey: boardKey(team) });
    },
    assignMe: async (key: string) => {
      const patch = await read(key);
      if (patch && me) await actions.assign([patch], { id: me.id, name: me.name });
    },
  };
}

function withAssignee(board: Board, key: string, assignee: Person | null): Board {
  const columns = board.columns.map((c) =>
    c.cards.some((x) => x.key === key)
      ? { ...c, cards: c.cards.map((x) => (x.key === key ? { ...x, assignee } : x)) }
      : c,
  );
  return { ...board, columns };
}
