import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';

export const newsKeys = {
  all: (team: string) => ['news', team] as const,
  moves: (team: string) => ['news', team, 'moves'] as const,
  notices: (team: string) => ['news', team, 'notices'] as const,
};

/** What moved since one looked last; the lists change by events, so this is asked for with them. */
export const movesQuery = (team: string) =>
  queryOptions({
    queryKey: newsKeys.moves(team),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/moves', { params: { path: { team }, query: { limit: 100 } }, signal })),
    staleTime: 60_000,
  });

export const noticesQuery = (team: string) =>
  queryOptions({
    queryKey: newsKeys.notices(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/notices', { params: { path: { team } }, signal })),
    select: (list) => list.items,
    staleTime: 60_000,
  });
