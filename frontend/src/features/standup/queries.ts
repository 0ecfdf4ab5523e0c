import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { BlockerPatch, NewBlocker, PutStandupEntry, Standup, StandupEntry } from '../../api/schema';

export const standupKeys = {
  all: (team: string) => ['standups', team] as const,
  day: (team: string, day: string) => ['standups', team, day] as const,
};

export const standupQuery = (team: string, day: string) =>
  queryOptions({
    queryKey: standupKeys.day(team, day),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/standups/{date}', { params: { path: { team, date: day } }, signal })),
  });

/** The team's working week and holidays; under the key of the settings page, whose changes then show here too. */
export const calendarQuery = (team: string) =>
  queryOptions({
    queryKey: ['team', team] as const,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}', { params: { path: { team } }, signal })),
    staleTime: 5 * 60_000,
  });

export const putEntry = (team: string, day: string, body: PutStandupEntry) =>
  call(api.PUT('/teams/{team}/standups/{date}', { params: { path: { team, date: day } }, body }));

/** `intent` is the same for every try of one report, see lib/intent.ts. */
export const createBlocker = (team: string, body: NewBlocker, intent: string) =>
  call(api.POST('/teams/{team}/blockers', { params: { path: { team }, header: { 'Idempotency-Key': intent } }, body }));

export const updateBlocker = (team: string, id: string, body: BlockerPatch) =>
  call(api.PATCH('/teams/{team}/blockers/{id}', { params: { path: { team, id } }, body }));

/** The stand-up with a person's entry as it is now. */
export function withEntry(standup: Standup | undefined, entry: StandupEntry): Standup | undefined {
  if (!standup) return undefined;
  const others = standup.entries.filter((e) => e.member.id !== entry.member.id);
  return {
    ...standup,
    entries: [...others, entry],
    missing: standup.missing.filter((p) => p.id !== entry.member.id),
  };
}
