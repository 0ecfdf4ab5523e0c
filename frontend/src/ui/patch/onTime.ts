import { useQuery } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { OnTime } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { plural } from '../../lib/format';

type Answer = Promise<ReadonlyMap<string, OnTime>>;

/** At most so many keys go into one question. */
const most = 100;

/**
 * Gathers what is asked within a moment into one question a team: rows that come into sight ask for themselves, and
 * those that are not in sight do not ask.
 */
export function gatherer(send: (team: string, keys: string[]) => Promise<readonly OnTime[]>, moment = 40) {
  const open = new Map<string, { keys: Set<string>; answer: Answer }>();
  const begin = (team: string) => {
    const keys = new Set<string>();
    const answer: Answer = new Promise((resolve) => setTimeout(resolve, moment)).then(async () => {
      if (open.get(team)?.keys === keys) open.delete(team);
      return new Map((await send(team, [...keys])).map((i) => [i.item, i]));
    });
    const batch = { keys, answer };
    open.set(team, batch);
    return batch;
  };
  return async (team: string, key: string): Promise<OnTime | null> => {
    const batch = open.get(team) ?? begin(team);
    batch.keys.add(key);
    if (batch.keys.size >= most) open.delete(team);
    return (await batch.answer).get(key) ?? null;
  };
}

const ask = gatherer(async (team, keys) => {
  return (await call(api.GET('/teams/{team}/on-time', { params: { path: { team }, query: { keys } } }))).items;
});

/** The chance of one open patch to be done before its due date; null where nothing can be foretold. */
export const useOnTime = (team: string, key: string) =>
  useQuery({
    queryKey: [...sprintKeys.forecast(team), 'on time', key],
    queryFn: () => ask(team, key),
    staleTime: 30_000,
  });

/** "72 %: 14 points to do up to and with it, 2 sprints end before it is due." */
export function inTimeText(item: OnTime, p: number): string {
  const share = p > 0.995 ? 'Almost certain' : p < 0.005 ? 'Hardly any' : `${Math.round(p * 100)} %`;
  const above = `${plural(item.cumulative, 'point')} to do up to and with it`;
  const sprints =
    item.sla_sprint <= 0
      ? 'it is due before the coming sprint ends'
      : `${plural(item.sla_sprint, 'sprint')} ${item.sla_sprint === 1 ? 'ends' : 'end'} before it is due`;
  return `${share}: ${above}, and ${sprints}.`;
}

/** Less likely in time than not. */
export const unlikely = (p: number) => p < 0.5;
