import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';

export const viewsKey = (team: string) => ['views', team] as const;

/** One's own and the shared views, and what one chose for the list. */
export const viewsQuery = (team: string) =>
  queryOptions({
    queryKey: viewsKey(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/views', { params: { path: { team } }, signal })),
    staleTime: 5 * 60_000,
  });
