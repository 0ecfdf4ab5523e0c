import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Delivery, Webhook } from '../../api/schema';

export const hookKeys = {
  all: (team: string) => ['webhooks', team] as const,
  list: (team: string) => ['webhooks', team, 'list'] as const,
  log: (team: string, id: string) => ['webhooks', team, 'log', id] as const,
};

export const webhooksQuery = (team: string) =>
  queryOptions({
    queryKey: hookKeys.list(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/webhooks', { params: { path: { team } }, signal })),
    refetchInterval: 30_000,
  });

/** What a webhook was told; looked at again while it is open, as deliveries come without an event. */
export const logQuery = (team: string, id: string) =>
  infiniteQueryOptions({
    queryKey: hookKeys.log(team, id),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/teams/{team}/webhooks/{id}/deliveries', {
          params: { path: { team, id }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: 2000,
  });

export const formatLabel: Record<Webhook['format'], string> = {
  standard: 'Signed JSON (Standard Webhooks)',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  mattermost: 'Mattermost',
};

export const formats = Object.entries(formatLabel) as [Webhook['format'], string][];

export const stateText: Record<Delivery['state'], string> = { waiting: 'Waiting', done: 'Arrived', failed: 'Failed' };
