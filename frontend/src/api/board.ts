import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { Move, Patch } from './schema';

export const boardKey = (team: string) => ['board', team] as const;

export const boardQuery = (team: string) =>
  queryOptions({
    queryKey: boardKey(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/board', { params: { path: { team } }, signal })),
  });

/** Gives a patch another status and a place in that column. */
export const movePatch = (team: string, key: string, body: Move): Promise<Patch> =>
  call(api.POST('/teams/{team}/patches/{key}/move', { params: { path: { team, key } }, body }));
