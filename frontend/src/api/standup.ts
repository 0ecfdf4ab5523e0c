import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { BlockerPatch, NewBlocker } from './schema';

export const standupKeys = {
  all: (team: string) => ['standups', team] as const,
  day: (team: string, day: string) => ['standups', team, day] as const,
  draft: (team: string, day: string) => ['standups', team, day, 'draft'] as const,
  versions: (team: string, day: string, member: string) => ['standups', team, day, 'versions', member] as const,
  ageing: (team: string) => ['standups', team, 'ageing'] as const,
};

/** A day, or `today` in the team's zone. */
export const standupQuery = (team: string, day: string) =>
  queryOptions({
    queryKey: standupKeys.day(team, day),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/standups/{date}', { params: { path: { team, date: day } }, signal })),
  });

/** The team's working week and holidays; under the key of the settings page, whose changes then show here too. */
export const workingDaysQuery = (team: string) =>
  queryOptions({
    queryKey: ['team', team] as const,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}', { params: { path: { team } }, signal })),
    staleTime: 5 * 60_000,
  });

/** `intent` is the same for every try of one report, see lib/intent.ts. */
export const createBlocker = (team: string, body: NewBlocker, intent: string) =>
  call(api.POST('/teams/{team}/blockers', { params: { path: { team }, header: { 'Idempotency-Key': intent } }, body }));

export const updateBlocker = (team: string, id: string, body: BlockerPatch) =>
  call(api.PATCH('/teams/{team}/blockers/{id}', { params: { path: { team, id } }, body }));
