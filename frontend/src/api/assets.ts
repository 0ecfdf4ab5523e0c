import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';

/** What several features ask about assets. The backlog filters by a group, a patch shows where it has arrived. */
export const wordsQuery = (team: string) =>
  queryOptions({
    queryKey: ['assets', team, 'words'] as const,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/asset-words', { params: { path: { team } }, signal })),
    staleTime: 60_000,
  });

export const groupsQuery = (team: string) =>
  queryOptions({
    queryKey: ['assets', team, 'groups'] as const,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/asset-groups', { params: { path: { team } }, signal })),
    staleTime: 60_000,
  });
