import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { AssetFilter, Criticality, Environment, Exposure } from '../../api/schema';
import type { UrlState } from '../../app/url';

export const assetKeys = {
  all: (team: string) => ['assets', team] as const,
  list: (team: string, filters: AssetFilters) => ['assets', team, 'list', filters] as const,
  one: (team: string, id: string) => ['assets', team, 'one', id] as const,
};

export type AssetSort = 'name' | 'criticality' | 'exposure' | 'findings' | 'seen';

/** What a list is narrowed to and how it is sorted. */
export interface AssetFilters extends AssetFilter {
  sort?: AssetSort;
}

export const environments: readonly Environment[] = ['production', 'staging', 'test', 'development', 'unknown'];
export const criticalities: readonly Criticality[] = ['low', 'medium', 'high', 'critical'];
export const exposures: readonly Exposure[] = ['isolated', 'internal', 'unknown', 'internet'];
export const sorts: readonly AssetSort[] = ['name', 'criticality', 'exposure', 'findings', 'seen'];

const oneOf = <T extends string>(list: readonly T[], value: string | undefined) => list.find((v) => v === value);

/** The filters of an address; what it says wrongly is left out. */
export function filtersOf(url: UrlState): AssetFilters {
  const environment = oneOf(environments, url.environment);
  const criticality = oneOf(criticalities, url.criticality);
  const exposure = oneOf(exposures, url.exposure);
  const sort = oneOf(sorts, url.sort);
  const days = Number(url.days);
  return {
    ...(url.q && { q: url.q.slice(0, 200) }),
    ...(environment && { environment }),
    ...(criticality && { criticality }),
    ...(exposure && { exposure }),
    ...(url.tag && { tag: url.tag.slice(0, 60) }),
    ...(url.owner && { owner: url.owner.slice(0, 100) }),
    ...(url.group && { group: url.group.slice(0, 40) }),
    ...(url.component && { component: url.component.slice(0, 200) }),
    ...(url.stale === '1' && { stale: true }),
    ...(Number.isInteger(days) && days > 0 && days <= 3650 && { stale_days: days }),
    ...(url.retired === '1' && { retired: true }),
    ...(sort && sort !== 'name' && { sort }),
  };
}

/** Takes every filter out of an address; the order stays. */
export const noFilters: UrlState = Object.fromEntries(
  ['q', 'environment', 'criticality', 'exposure', 'tag', 'owner', 'group', 'component', 'stale', 'days', 'retired'].map(
    (name) => [name, undefined],
  ),
);

/** The filter without the order, as a change of all that match sends it. */
export function onlyFilter({ sort: _, ...filter }: AssetFilters): AssetFilter {
  return filter;
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

/** Words in use, offered while typing. */
export const duplicatesQuery = (team: string) =>
  queryOptions({
    queryKey: [...assetKeys.all(team), 'duplicates'],
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/asset-duplicates', { params: { path: { team } }, signal })),
  });

const paged = { initialPageParam: '', getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor };
const page = (cursor: string, limit: number) => ({ limit, ...(cursor && { cursor }) });

export const componentsQuery = (team: string, id: string, q: string) =>
  infiniteQueryOptions({
    queryKey: [...assetKeys.one(team, id), 'components', q],
    queryFn: ({ signal, pageParam }) =>
      call(
        api.GET('/teams/{team}/assets/{id}/components', {
          params: { path: { team, id }, query: { ...page(pageParam, 200), ...(q && { q }) } },
          signal,
        }),
      ),
    ...paged,
    placeholderData: keepPreviousData,
  });

export type FindingStatus = 'open' | 'not_seen' | 'not_affected' | 'fixed';

export const assetFindingsQuery = (team: string, id: string, status: FindingStatus | '') =>
  infiniteQueryOptions({
    queryKey: [...assetKeys.one(team, id), 'findings', status],
    queryFn: ({ signal, pageParam }) =>
      call(
        api.GET('/teams/{team}/assets/{id}/findings', {
          params: { path: { team, id }, query: { ...page(pageParam, 100), ...(status && { status }) } },
          signal,
        }),
      ),
    ...paged,
  });

export const assetActivityQuery = (team: string, id: string) =>
  infiniteQueryOptions({
    queryKey: [...assetKeys.one(team, id), 'activity'],
    queryFn: ({ signal, pageParam }) =>
      call(
        api.GET('/teams/{team}/assets/{id}/activity', {
          params: { path: { team, id }, query: page(pageParam, 50) },
          signal,
        }),
      ),
    ...paged,
  });

/** The filtered list, page by page; a changed filter keeps the old rows until the new ones are there. */
export const useAssets = (team: string, filters: AssetFilters) =>
  useInfiniteQuery({ ...assetsQuery(team, filters), placeholderData: keepPreviousData });
