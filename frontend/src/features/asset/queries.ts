import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Criticality, Environment, Exposure } from '../../api/schema';
import type { UrlState } from '../../app/url';

export const assetKeys = {
  all: (team: string) => ['assets', team] as const,
  list: (team: string, filters: AssetFilters) => ['assets', team, 'list', filters] as const,
  one: (team: string, id: string) => ['assets', team, 'one', id] as const,
};

export interface AssetFilters {
  q?: string;
  environment?: Environment;
  criticality?: Criticality;
  exposure?: Exposure;
}

export const environments: readonly Environment[] = ['production', 'staging', 'test', 'development', 'unknown'];
export const criticalities: readonly Criticality[] = ['low', 'medium', 'high', 'critical'];
export const exposures: readonly Exposure[] = ['isolated', 'internal', 'unknown', 'internet'];

const oneOf = <T extends string>(list: readonly T[], value: string | undefined) => list.find((v) => v === value);

/** The filters of an address; what it says wrongly is left out. */
export function filtersOf(url: UrlState): AssetFilters {
  const environment = oneOf(environments, url.environment);
  const criticality = oneOf(criticalities, url.criticality);
  const exposure = oneOf(exposures, url.exposure);
  return {
    ...(url.q && { q: url.q.slice(0, 200) }),
    ...(environment && { environment }),
    ...(criticality && { criticality }),
    ...(exposure && { exposure }),
  };
}

export const assetsQuery = (team: string, filters: AssetFilters) =>
  infiniteQueryOptions({
    queryKey: assetKeys.list(team, filters),
    queryFn: ({ signal, pageParam }) =>
      call(
        api.GET('/teams/{team}/assets', {
          params: { path: { team }, query: { ...filters, limit: 200, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export const assetQuery = (team: string, id: string) =>
  queryOptions({
    queryKey: assetKeys.one(team, id),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/assets/{id}', { params: { path: { team, id } }, signal })),
  });

/** The filtered list, page by page; a changed filter keeps the old rows until the new ones are there. */
export const useAssets = (team: string, filters: AssetFilters) =>
  useInfiniteQuery({ ...assetsQuery(team, filters), placeholderData: keepPreviousData });
