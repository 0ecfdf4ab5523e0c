import { queryOptions } from '@tanstack/react-query';
import { api, apiBase, call } from './client';
import { type PatchFilter, patchKeys } from './patches';
import type { BulkChange, BulkResult, NewView, PatchColumn, View, ViewChoicesPatch, ViewPatch } from './schema';
import { viewsKey } from './views';

/** Everything about finding and changing many that the first view of the backlog does not need. */

export const facetsQuery = (team: string) =>
  queryOptions({
    queryKey: [...patchKeys.all(team), 'facets'] as const,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/patches/facets', { params: { path: { team } }, signal })),
    staleTime: 60_000,
  });

export const assetNamesQuery = (team: string, q: string) =>
  queryOptions({
    queryKey: ['asset-names', team, q] as const,
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/assets', { params: { path: { team }, query: { q, limit: 20 } }, signal })),
    staleTime: 60_000,
  });

export const assetNameQuery = (team: string, id: string) =>
  queryOptions({
    queryKey: ['asset-names', team, 'one', id] as const,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/assets/{id}', { params: { path: { team, id } }, signal })),
    staleTime: 5 * 60_000,
    retry: false,
  });

const inTeam = (team: string) => ({ path: { team } });
const at = (team: string, id: string) => ({ path: { team, id } });

export const createView = (team: string, body: NewView, intent: string): Promise<View> =>
  call(api.POST('/teams/{team}/views', { params: { ...inTeam(team), header: { 'Idempotency-Key': intent } }, body }));
export const updateView = (team: string, id: string, body: ViewPatch): Promise<View> =>
  call(api.PATCH('/teams/{team}/views/{id}', { params: at(team, id), body }));
export const deleteView = (team: string, id: string) =>
  call(api.DELETE('/teams/{team}/views/{id}', { params: at(team, id) }));
export const restoreView = (team: string, id: string): Promise<View> =>
  call(api.POST('/teams/{team}/views/{id}/restore', { params: at(team, id) }));
export const chooseViews = (team: string, body: ViewChoicesPatch) =>
  call(api.PATCH('/teams/{team}/views/choices', { params: inTeam(team), body }));
export { viewsKey };

export const editPatches = (
  team: string,
  items: { key: string; version: number }[],
  change: BulkChange,
): Promise<BulkResult> =>
  call(api.POST('/teams/{team}/patches/bulk', { params: inTeam(team), body: { items, change } }));
export const undoEdit = (team: string, id: string): Promise<BulkResult> =>
  call(api.POST('/teams/{team}/patches/bulk/{id}/undo', { params: at(team, id) }));

/** Where the browser downloads what the list shows. */
export function exportUrl(team: string, filter: PatchFilter, columns: readonly PatchColumn[], format: 'csv' | 'json') {
  const stored = columns.filter((c) => c !== 'in_time'); // a forecast is for single patches
  const query = new URLSearchParams({ format, columns: stored.join(',') });
  for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
  return `${apiBase}/teams/${encodeURIComponent(team)}/patches/export?${query}`;
}
