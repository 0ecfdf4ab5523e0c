import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { estimateKeys, sayHere } from '../../api/estimates';
import type { EstimationTable } from '../../api/schema';

/** The server takes somebody as gone after 30 seconds without a sign of life. */
const every = 10_000;

/** Says that this person is at the table for as long as its page is open, and shows who else is. */
export function useHere(team: string, id: string, live: boolean, votes: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!live) return;
    let over = false;
    const say = async () => {
      const seats = await sayHere(team, id, votes ? 'voting' : 'watching').catch(() => null); // the next one may get through
      if (!seats || over) return;
      client.setQueryData<EstimationTable>(estimateKeys.table(team, id), (t) => t && { ...t, present: seats.items });
    };
    void say();
    const timer = setInterval(() => void say(), every);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [client, team, id, live, votes]);
  useEffect(() => {
    if (!live) return;
    return () => void sayHere(team, id, 'gone').catch(() => null);
  }, [team, id, live]);
}
