import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Feed } from '../../api/schema';

export const feedKeys = {
  all: ['feeds'] as const,
  list: ['feeds', 'list'] as const,
  runs: (id: string) => ['feeds', 'runs', id] as const,
};

export const isBusy = (feed: Feed) => feed.waiting || feed.last_run?.state === 'running';

/** All feeds; asked for every second while one runs, else from time to time. */
export const feedsQuery = queryOptions({
  queryKey: feedKeys.list,
  queryFn: ({ signal }) => call(api.GET('/feeds', { signal })),
  refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? 1000 : 15_000),
});

export const feedRunsQuery = (id: string) =>
  queryOptions({
    queryKey: feedKeys.runs(id),
    queryFn: ({ signal }) => call(api.GET('/feeds/{id}/runs', { params: { path: { id } }, signal })),
    select: (list) => list.items,
    refetchInterval: ({ state }) => (state.data?.items[0]?.state === 'running' ? 1000 : false),
  });
