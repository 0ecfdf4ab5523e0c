import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { Exception, ExceptionKind, NewException } from './schema';

/** Which exceptions a list shows; `waiting` are those asked for by others. */
export type ExceptionView = 'waiting' | 'requested' | 'active' | 'expiring' | 'past' | 'all';

export const exceptionKeys = {
  all: (team: string) => ['exceptions', team] as const,
  list: (team: string, view: ExceptionView, kind: string) => ['exceptions', team, 'list', view, kind] as const,
  counts: (team: string) => ['exceptions', team, 'counts'] as const,
  patch: (team: string, key: string) => ['exceptions', team, 'patch', key] as const,
};

export const exceptionListQuery = (team: string, view: ExceptionView, kind: ExceptionKind | undefined) =>
  infiniteQueryOptions({
    queryKey: exceptionKeys.list(team, view, kind ?? ''),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { view, limit: 50, ...(kind && { kind }), ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/exceptions', { params: { path: { team }, query }, signal }));
    },
    getNextPageParam: (last) => last.next_cursor,
  });

export const exceptionCountsQuery = (team: string) =>
  queryOptions({
    queryKey: exceptionKeys.counts(team),
    queryFn: async ({ signal }) => {
      const query = { view: 'waiting', limit: 1 } as const;
      return (await call(api.GET('/teams/{team}/exceptions', { params: { path: { team }, query }, signal }))).counts;
    },
  });

export const exceptionsOfQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: exceptionKeys.patch(team, key),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/exceptions', { params: { path: { team }, query: { key, limit: 50 } }, signal })),
  });

const at = (team: string, e: Exception) => ({ path: { team, id: e.id } });

export const requestException = (team: string, body: NewException) =>
  call(api.POST('/teams/{team}/exceptions', { params: { path: { team } }, body }));

export const editException = (team: string, e: Exception, { key: _, ...body }: NewException) =>
  call(api.PATCH('/teams/{team}/exceptions/{id}', { params: at(team, e), body: { ...body, version: e.version } }));

export const renewException = (team: string, e: Exception, reason: string, expires_on: string | null) =>
  call(api.POST('/teams/{team}/exceptions/{id}/renew', { params: at(team, e), body: { reason, expires_on } }));

export type Decision = 'approve' | 'reject' | 'withdraw' | 'end' | 'review';

/** One step of an exception, as it was seen. */
export function decideException(team: string, e: Exception, step: Decision, note: string): Promise<Exception> {
  const options = { params: at(team, e), body: { version: e.version, ...(note && { note }) } };
  switch (step) {
    case 'approve':
      return call(api.POST('/teams/{team}/exceptions/{id}/approve', options));
    case 'reject':
      return call(api.POST('/teams/{team}/exceptions/{id}/reject', options));
    case 'withdraw':
      return call(api.POST('/teams/{team}/exceptions/{id}/withdraw', options));
    case 'end':
      return call(api.POST('/teams/{team}/exceptions/{id}/end', options));
    case 'review':
      return call(api.POST('/teams/{team}/exceptions/{id}/review', options));
  }
}
