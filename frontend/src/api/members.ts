import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';

export const memberKey = (team: string) => ['members', team] as const;

/** The people of a team: who work can be given to. */
export const membersQuery = (team: string) =>
  queryOptions({
    queryKey: memberKey(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/members', { params: { path: { team } }, signal })),
    staleTime: 5 * 60_000,
  });
