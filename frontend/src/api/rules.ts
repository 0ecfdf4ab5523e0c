import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';

export const rulesKey = (team: string) => ['rules', team] as const;

/** How the team works: its scale, its board, what it calls ready and done. */
export const rulesQuery = (team: string) =>
  queryOptions({
    queryKey: rulesKey(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/rules', { params: { path: { team } }, signal })),
    staleTime: 60_000,
  });
