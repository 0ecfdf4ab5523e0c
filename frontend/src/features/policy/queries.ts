import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { DuePolicy, NewPolicy, PolicyTrial } from '../../api/schema';

export const policyKeys = {
  all: (team: string) => ['policies', team] as const,
  list: (team: string) => ['policies', team, 'list'] as const,
  versions: (team: string, id: string) => ['policies', team, 'versions', id] as const,
};

export const policiesQuery = (team: string) =>
  queryOptions({
    queryKey: policyKeys.list(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/policies', { params: { path: { team } }, signal })),
    // a run tells of itself by events; without a live stream this looks again while one is under way
    refetchInterval: (query) => (query.state.data?.runs.some(underWay) ? 3000 : false),
  });

export const underWay = (run: { state: string }) => run.state === 'queued' || run.state === 'running';

export const versionsQuery = (team: string, id: string) =>
  queryOptions({
    queryKey: policyKeys.versions(team, id),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/policies/{id}', { params: { path: { team, id } }, signal })),
  });

export const previewQuery = (team: string, trial: PolicyTrial) =>
  queryOptions({
    queryKey: [...policyKeys.all(team), 'preview', trial],
    queryFn: ({ signal }) =>
      call(api.POST('/teams/{team}/policies/preview', { params: { path: { team } }, body: trial, signal })),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export const switchPolicy = (team: string, id: string, enabled: boolean) =>
  call(api.POST('/teams/{team}/policies/{id}/switch', { params: { path: { team, id } }, body: { enabled } }));

export const retirePolicy = (team: string, id: string) =>
  call(api.DELETE('/teams/{team}/policies/{id}', { params: { path: { team, id } } }));

/** Writes a new policy, or the next version of one. */
export const savePolicy = (team: string, of: DuePolicy | null, body: NewPolicy) =>
  of
    ? call(
        api.PUT('/teams/{team}/policies/{id}', {
          params: { path: { team, id: of.id } },
          body: { ...body, version: of.version },
        }),
      )
    : call(api.POST('/teams/{team}/policies', { params: { path: { team } }, body }));
