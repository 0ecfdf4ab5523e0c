import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { CoverState, Drop, NewPatch, Patch, PatchDetail, PatchList, PatchPatch, Place, paths } from './schema';

type ListQuery = NonNullable<paths['/teams/{team}/patches']['get']['parameters']['query']>;

/** What a list of patches is narrowed to; absent means everything open. */
export type PatchFilter = Omit<ListQuery, 'limit' | 'cursor'>;

/** The page size of the backlog: the most the server gives at once. */
export const pageSize = 200;

export const patchKeys = {
  all: (team: string) => ['patches', team] as const,
  lists: (team: string) => ['patches', team, 'list'] as const,
  list: (team: string, filter: PatchFilter) => ['patches', team, 'list', filter] as const,
  detail: (team: string, key: string) => ['patches', team, 'detail', key] as const,
  risk: (team: string, key: string) => ['patches', team, 'detail', key, 'risk'] as const,
  findings: (team: string, key: string) => ['patches', team, 'detail', key, 'findings'] as const,
  coverage: (team: string, key: string, state: string) => ['patches', team, 'detail', key, 'coverage', state] as const,
  activity: (team: string, key: string) => ['patches', team, 'detail', key, 'activity'] as const,
};

export type PatchPages = InfiniteData<PatchList, string | undefined>;

/** The backlog in windows of 200, the next one fetched while scrolling. */
export const patchListQuery = (team: string, filter: PatchFilter) =>
  infiniteQueryOptions({
    queryKey: patchKeys.list(team, filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => fetchPatches(team, filter, pageParam, signal),
    getNextPageParam: (last: PatchList) => last.next_cursor ?? undefined,
  });

/** One page of patches. */
export function fetchPatches(
  team: string,
  filter: PatchFilter,
  cursor?: string,
  signal?: AbortSignal,
  limit = pageSize,
) {
  const query = { ...filter, limit, ...(cursor && { cursor }) };
  return call(api.GET('/teams/{team}/patches', { params: { path: { team }, query }, ...(signal && { signal }) }));
}

export const patchQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: patchKeys.detail(team, key),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/patches/{key}', { params: { path: { team, key } }, signal })),
  });

export const patchRiskQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: patchKeys.risk(team, key),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/patches/{key}/risk', { params: { path: { team, key } }, signal })),
  });

const nextCursor = (last: { next_cursor: string | null }) => last.next_cursor ?? undefined;

/** Where a patch has arrived, asset by asset. */
export const coverageQuery = (team: string, key: string, state: CoverState | '') =>
  infiniteQueryOptions({
    queryKey: patchKeys.coverage(team, key, state),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(state && { state }), ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/patches/{key}/coverage', { params: { path: { team, key }, query }, signal }));
    },
    getNextPageParam: nextCursor,
  });

export const findingsQuery = (team: string, key: string) =>
  infiniteQueryOptions({
    queryKey: patchKeys.findings(team, key),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/patches/{key}/findings', { params: { path: { team, key }, query }, signal }));
    },
    getNextPageParam: nextCursor,
  });

// ---- changes: each answers with the patch as it is now

const at = (team: string, key: string) => ({ path: { team, key } });

/** `intent` is the same for every try of one creation, see lib/intent.ts. */
export const createPatch = (team: string, body: NewPatch, intent: string) =>
  call(
    api.POST('/teams/{team}/patches', {
      params: { path: { team }, header: { 'Idempotency-Key': intent } },
      body,
    }),
  );

export const updatePatch = (team: string, key: string, body: PatchPatch): Promise<PatchDetail> =>
  call(api.PATCH('/teams/{team}/patches/{key}', { params: at(team, key), body }));

export const placePatch = (team: string, key: string, body: Place): Promise<Patch> =>
  call(api.POST('/teams/{team}/patches/{key}/place', { params: at(team, key), body }));

export const unplacePatch = (team: string, key: string, version: number): Promise<Patch> =>
  call(api.DELETE('/teams/{team}/patches/{key}/place', { params: { ...at(team, key), query: { version } } }));

export const dropPatch = (team: string, key: string, body: Drop): Promise<Patch> =>
  call(api.POST('/teams/{team}/patches/{key}/drop', { params: at(team, key), body }));

export const restorePatch = (team: string, key: string, version: number): Promise<Patch> =>
  call(api.DELETE('/teams/{team}/patches/{key}/drop', { params: { ...at(team, key), query: { version } } }));

// ---- cache: a changed patch shows everywhere at once

/** Replaces a patch in every loaded list and in its own page; its place in the lists stays. */
export function spreadPatch(client: QueryClient, team: string, patch: Patch): void {
  client.setQueriesData<PatchPages>({ queryKey: patchKeys.lists(team) }, (data) => data && replaceIn(data, patch));
  client.setQueryData<PatchDetail>(patchKeys.detail(team, patch.key), (old) => old && { ...old, ...patch });
}

function replaceIn(data: PatchPages, patch: Patch): PatchPages {
  const page = data.pages.findIndex((p) => p.items.some((i) => i.key === patch.key));
  const old = data.pages[page];
  if (!old) return data;
  // the detail has more fields than a row; a row keeps only its own weight because pages are replaced on refetch
  const items = old.items.map((i) => (i.key === patch.key ? { ...i, ...patch } : i));
  return { ...data, pages: data.pages.with(page, { ...old, items }) };
}

/** Every row of the loaded windows, in order. */
export const rowsOf = (data: { pages: PatchList[] } | undefined): Patch[] => data?.pages.flatMap((p) => p.items) ?? [];
