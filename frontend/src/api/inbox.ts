import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { InboxMarks, NewsKind } from './schema';

export interface InboxFilter {
  unread: boolean;
  kind: NewsKind | undefined;
  team: string | undefined;
}

export const inboxKeys = {
  all: ['inbox'] as const,
  list: (filter: InboxFilter) => ['inbox', 'list', filter] as const,
  count: ['inbox', 'count'] as const,
};

export const inboxListQuery = (filter: InboxFilter) =>
  infiniteQueryOptions({
    queryKey: inboxKeys.list(filter),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const { unread, kind, team } = filter;
      const narrow = { ...(unread && { unread }), ...(kind && { kind }), ...(team && { team }) };
      return call(
        api.GET('/inbox', {
          params: { query: { ...narrow, limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      );
    },
    getNextPageParam: (last) => last.next_cursor,
  });

/** How many entries are unread; other teams than the page's are asked about from time to time. */
export const unreadQuery = queryOptions({
  queryKey: inboxKeys.count,
  queryFn: async ({ signal }) => (await call(api.GET('/inbox', { params: { query: { limit: 1 } }, signal }))).unread,
  refetchInterval: 60_000,
});

export const markInbox = (body: InboxMarks) => call(api.POST('/inbox/marks', { body }));
