import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import { fetchPatches, type PatchFilter, patchKeys } from '../../api/patches';

/** How many rows a card shows before it refers to the full list. */
export const shown = 5;

/** The first patches of a filtered list, and how many there are. */
export const fewQuery = (team: string, filter: PatchFilter) =>
  queryOptions({
    queryKey: [...patchKeys.list(team, filter), 'few'] as const,
    queryFn: ({ signal }) => fetchPatches(team, filter, undefined, signal, shown),
  });

/** What is tested or deployed in the active sprint and waits for somebody who did not do it. */
export const otherEyesQuery = (team: string) => {
  const filter: PatchFilter = { status: ['testing', 'deployed'], sprint: ['active'] };
  return queryOptions({
    queryKey: [...patchKeys.list(team, filter), 'other eyes'] as const,
    queryFn: ({ signal }) => fetchPatches(team, filter, undefined, signal, 100),
  });
};

/** What moved since one looked last; the backlog's notice shares the answer. */
export const movesQuery = (team: string) =>
  queryOptions({
    queryKey: ['news', team, 'moves'] as const,
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/moves', { params: { path: { team }, query: { limit: 100 } }, signal })),
    staleTime: 60_000,
  });
