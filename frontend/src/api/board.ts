import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { BulkResult, Move, Patch, Status } from './schema';

/** Of all boards of a team; the one of a named sprint is below it. */
export const boardKey = (team: string, sprint?: number) =>
  sprint ? (['board', team, sprint] as const) : (['board', team] as const);

/** The board of the first active sprint, or of a named one where several are active. */
export const boardQuery = (team: string, sprint?: number) =>
  queryOptions({
    queryKey: boardKey(team, sprint),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/board', { params: { path: { team }, query: sprint ? { sprint } : {} }, signal })),
  });

/** Which cards need patching in which group of assets. */
export const boardGroupsQuery = (team: string) =>
  queryOptions({
    queryKey: ['board-groups', team] as const,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/board/groups', { params: { path: { team } }, signal })),
  });

export const viewersKey = (team: string) => ['board-viewers', team] as const;

/** Says that one looks at the board, and hears who else does. */
export const lookAtBoard = (team: string, looking: boolean, signal?: AbortSignal) =>
  call(
    api.PUT('/teams/{team}/board/viewers', {
      params: { path: { team } },
      body: { looking },
      keepalive: !looking,
      ...(signal && { signal }),
    }),
  );

/** Gives a patch another status and a place in that column. */
export const movePatch = (team: string, key: string, body: Move): Promise<Patch> =>
  call(api.POST('/teams/{team}/patches/{key}/move', { params: { path: { team, key } }, body }));

/** Moves many cards to the end of a column; each answers for itself. */
export const movePatches = (
  team: string,
  items: { key: string; version: number }[],
  status: Status,
  note?: string,
): Promise<BulkResult> =>
  call(
    api.POST('/teams/{team}/patches/bulk', {
      params: { path: { team } },
      body: { items, change: { status, ...(note && { note }) } },
    }),
  );

export const undoMoves = (team: string, id: string): Promise<BulkResult> =>
  call(api.POST('/teams/{team}/patches/bulk/{id}/undo', { params: { path: { team, id } } }));
