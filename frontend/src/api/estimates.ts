import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import { patchKeys } from './patches';
import type { EstimationTable, NewEstimation } from './schema';

export const estimateKeys = {
  all: (team: string) => ['estimations', team] as const,
  list: (team: string, closed: boolean) => ['estimations', team, 'list', closed] as const,
  table: (team: string, id: string) => ['estimations', team, 'table', id] as const,
};

export const estimationsQuery = (team: string, closed: boolean) =>
  infiniteQueryOptions({
    queryKey: estimateKeys.list(team, closed),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, closed, ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/estimations', { params: { path: { team }, query }, signal }));
    },
    getNextPageParam: (last) => last.next_cursor,
  });

export const tableQuery = (team: string, id: string) =>
  queryOptions({
    queryKey: estimateKeys.table(team, id),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/estimations/{id}', { params: { path: { team, id } }, signal })),
  });

/** Below the patch's own key, so that both are read again with it. */
export const suggestionQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: [...patchKeys.detail(team, key), 'suggestion'] as const,
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/patches/{key}/estimate-suggestion', { params: { path: { team, key } }, signal })),
    staleTime: 60_000,
  });

export const estimatesQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: [...patchKeys.detail(team, key), 'estimates'] as const,
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/patches/{key}/estimates', { params: { path: { team, key } }, signal })),
  });

/** `intent` is the same for every try of one start. */
export const openEstimation = (team: string, body: NewEstimation, intent: string) =>
  call(
    api.POST('/teams/{team}/estimations', { params: { path: { team }, header: { 'Idempotency-Key': intent } }, body }),
  );

/** A round of a patch in the queue. */
export interface RoundRef {
  key: string;
  round: number;
}

/** What can be done at one table; each answers with the table as it is then. */
export function tableActions(team: string, id: string) {
  const params = { path: { team, id } };
  return {
    vote: (at: RoundRef, value: string | null): Promise<EstimationTable> =>
      call(api.PUT('/teams/{team}/estimations/{id}/vote', { params, body: { ...at, value } })),
    reveal: (at: RoundRef): Promise<EstimationTable> =>
      call(api.POST('/teams/{team}/estimations/{id}/reveal', { params, body: at })),
    again: (at: RoundRef): Promise<EstimationTable> =>
      call(api.POST('/teams/{team}/estimations/{id}/again', { params, body: at })),
    settle: (at: RoundRef, points: number, version: number): Promise<EstimationTable> =>
      call(api.PUT('/teams/{team}/estimations/{id}/final', { params, body: { ...at, points, version } })),
    turn: (key: string): Promise<EstimationTable> =>
      call(api.PUT('/teams/{team}/estimations/{id}/current', { params, body: { key } })),
    add: (keys: string[]): Promise<EstimationTable> =>
      call(api.POST('/teams/{team}/estimations/{id}/items', { params, body: { keys } })),
    close: (): Promise<EstimationTable> => call(api.POST('/teams/{team}/estimations/{id}/close', { params })),
  };
}

export const sayHere = (team: string, id: string, as: 'voting' | 'watching' | 'gone') =>
  call(api.PUT('/teams/{team}/estimations/{id}/presence', { params: { path: { team, id } }, body: { as } }));
