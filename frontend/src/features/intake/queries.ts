import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Import } from '../../api/schema';

export const importKeys = {
  all: (team: string) => ['imports', team] as const,
  list: (team: string) => ['imports', team, 'list'] as const,
  one: (team: string, id: string) => ['imports', team, 'one', id] as const,
};

export const importsQuery = (team: string) =>
  infiniteQueryOptions({
    queryKey: importKeys.list(team),
    queryFn: ({ signal, pageParam }) =>
      call(
        api.GET('/teams/{team}/imports', {
          params: { path: { team }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

/** The kinds of file the server reads: they change only with its version. */
export const formatsQuery = queryOptions({
  queryKey: ['formats'],
  queryFn: ({ signal }) => call(api.GET('/formats', { signal })),
  select: (list) => list.items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const isOver = (job: Import) => job.state === 'done' || job.state === 'refused' || job.state === 'failed';

/** An import; asked for twice a second while it runs. */
export const importQuery = (team: string, id: string) =>
  queryOptions({
    queryKey: importKeys.one(team, id),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/imports/{id}', { params: { path: { team, id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 500),
  });
