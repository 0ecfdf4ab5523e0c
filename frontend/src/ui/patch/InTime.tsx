import { useQuery } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { OnTime } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { num, plural } from '../../lib/format';

const onTimeQuery = (team: string) => ({
  queryKey: [...sprintKeys.forecast(team), 'on time'] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call(api.GET('/teams/{team}/on-time', { params: { path: { team }, query: { first: 500 } }, signal })),
  staleTime: 30_000,
});

/** The chance that a patch is done before its due date, at the pace of the last sprints. */
export function InTime({ team, patchKey }: { team: string; patchKey: string }) {
  const { data } = useQuery(onTimeQuery(team));
  const item = data?.items.find((i) => i.item === patchKey);
  if (!item || item.p_on_time === null) return null;
  return (
    <section className="patch-section">
      <h3>Chance to be in time</h3>
      <p>{inTimeText(item, item.p_on_time)}</p>
    </section>
  );
}

/** "72 %: 14 points down to it, 2 sprints end before it is due." */
export function inTimeText(item: OnTime, p: number): string {
  const share = p > 0.995 ? 'Almost certain' : p < 0.005 ? 'Hardly any' : `${Math.round(p * 100)} %`;
  const above = `${num.format(item.cumulative)} points down to it`;
  const sprints =
    item.sla_sprint <= 0
      ? 'it is due before the coming sprint ends'
      : `${plural(item.sla_sprint, 'sprint')} ${item.sla_sprint === 1 ? 'ends' : 'end'} before it is due`;
  return `${share}: ${above}, and ${sprints}.`;
}
