import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { estimateKeys, type RoundRef, tableActions } from '../../api/estimates';
import { patchKeys } from '../../api/patches';
import type { EstimationTable } from '../../api/schema';
import { toastError } from '../../ui/toast';

/** What can be done at a table. Each shows what the server answers, or says why it refused. */
export interface TableActions {
  busy: boolean;
  vote: (at: RoundRef, value: string | null) => void;
  reveal: (at: RoundRef) => void;
  again: (at: RoundRef) => void;
  settle: (at: RoundRef, points: number, version: number) => void;
  turn: (key: string) => void;
  add: (keys: string[]) => Promise<void>;
  close: () => Promise<void>;
}

export function useTable(team: string, { id }: EstimationTable): TableActions {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const under = useRef(0);
  return useMemo(() => {
    const actions = tableActions(team, id);
    const queryKey = estimateKeys.table(team, id);
    const run = async (what: Promise<EstimationTable>) => {
      under.current += 1;
      setBusy(true);
      try {
        const now = await what;
        await client.cancelQueries({ queryKey }); // an older reading must not come last
        client.setQueryData(queryKey, now);
      } finally {
        under.current -= 1;
        setBusy(under.current > 0);
        void client.invalidateQueries({ queryKey: ['estimations', team, 'list'] });
      }
    };
    const told = (what: Promise<EstimationTable>) =>
      run(what).catch((error) => {
        toastError(error);
        void client.invalidateQueries({ queryKey });
      });
    return {
      busy,
      vote: (at, value) => void told(actions.vote(at, value)),
      reveal: (at) => void told(actions.reveal(at)),
      again: (at) => void told(actions.again(at)),
      settle: (at, points, version) =>
        void told(actions.settle(at, points, version)).then(() =>
          client.invalidateQueries({ queryKey: patchKeys.detail(team, at.key) }),
        ),
      turn: (key) => void told(actions.turn(key)),
      add: (keys) => run(actions.add(keys)),
      close: () => run(actions.close()),
    };
  }, [client, team, id, busy]);
}
