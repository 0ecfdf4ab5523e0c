import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { type LiveEvent, useLive } from '../../api/live';
import {
  type PatchFilter,
  type PatchPages,
  pageSize,
  patchKeys,
  patchListQuery,
  patchQuery,
  rowsOf,
} from '../../api/patches';
import { sprintKeys } from '../../api/sprints';
import { viewsKey } from '../../api/views';
import { useGathered } from '../../lib/useGathered';
import { refreshAround, showPatch } from '../../ui/patch/cache';

/** How many rows before the end of the loaded ones the next window is fetched. */
const ahead = 120;

/** The list of the page, with the windows that scrolling needs. */
export function useBacklog(team: string, filter: PatchFilter) {
  const query = useInfiniteQuery({ ...patchListQuery(team, filter), placeholderData: keepPreviousData });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => rowsOf(data), [data]);
  const lastSeen = useRef(0);
  const failed = query.isFetchNextPageError;
  const see = useCallback(
    (index: number) => {
      lastSeen.current = index;
      if (hasNextPage && !isFetchingNextPage && !failed && index > rows.length - ahead) void fetchNextPage();
    },
    [hasNextPage, isFetchingNextPage, failed, rows.length, fetchNextPage],
  );
  const loadAll = useCallback(
    async (most: number) => {
      for (let more = hasNextPage; more; ) {
        const next = await fetchNextPage();
        more = next.hasNextPage && rowsOf(next.data).length < most;
      }
    },
    [hasNextPage, fetchNextPage],
  );
  useBacklogLive(team, filter, lastSeen);
  const first = data?.pages[0];
  // the server stops counting at 1,000; once everything is loaded, the number is known
  const capped = (first?.count_capped ?? false) && hasNextPage;
  const count = first?.count_capped && !hasNextPage ? rows.length : (first?.count ?? 0);
  return { ...query, rows, see, loadAll, count, capped };
}

/** Somebody else's changes: one patch is read alone; whatever may change the order makes the list be read again. */
function useBacklogLive(team: string, filter: PatchFilter, lastSeen: { readonly current: number }): void {
  const client = useQueryClient();
  const gather = useGathered(400);
  const refreshAll = () =>
    gather(() => {
      // of thousands of loaded rows only those down to the place in sight are worth reading again
      const pages = Math.ceil((lastSeen.current + 1) / pageSize) + 1;
      client.setQueryData<PatchPages>(
        patchKeys.list(team, filter),
        (d) => d && { pages: d.pages.slice(0, pages), pageParams: d.pageParams.slice(0, pages) },
      );
      void client.invalidateQueries({ queryKey: patchKeys.all(team) });
      void client.invalidateQueries({ queryKey: sprintKeys.all(team) });
    });
  const refreshOne = async (key: string) => {
    const data = client.getQueryData<PatchPages>(patchKeys.list(team, filter));
    if (!rowsOf(data).some((p) => p.key === key)) return refreshAll(); // new here, or filtered out until now
    const now = await client.fetchQuery({ ...patchQuery(team, key), staleTime: 0 }).catch(() => null);
    if (!now || now.status === 'verified' || now.status === 'dropped') return refreshAll();
    showPatch(client, team, now);
    refreshAround(client, team, now);
  };
  useLive(team, (event: LiveEvent) => {
    if (event.kind === 'view.changed') void client.invalidateQueries({ queryKey: viewsKey(team) });
    else if (event.kind === 'patch.changed' && event.key) void refreshOne(event.key);
    else if (event.kind !== 'team.changed' && event.kind !== 'member.changed') refreshAll();
  });
}
