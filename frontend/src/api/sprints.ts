import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, apiBase, call } from './client';
import type {
  AddItems,
  CloseSprint,
  NewCorrection,
  NewSprint,
  ReopenSprint,
  Sprint,
  SprintPatch,
  SprintState,
} from './schema';

export const sprintKeys = {
  all: (team: string) => ['sprints', team] as const,
  list: (team: string, states: readonly SprintState[]) => ['sprints', team, 'list', states] as const,
  detail: (team: string, n: number) => ['sprints', team, 'sprint', n] as const,
  items: (team: string, n: number) => ['sprints', team, 'sprint', n, 'items'] as const,
  report: (team: string, n: number) => ['sprints', team, 'sprint', n, 'report'] as const,
  start: (team: string, n: number) => ['sprints', team, 'sprint', n, 'start'] as const,
  close: (team: string, n: number) => ['sprints', team, 'sprint', n, 'close'] as const,
  summary: (team: string, n: number) => ['sprints', team, 'sprint', n, 'summary'] as const,
  flow: (team: string, days: number) => ['sprints', team, 'flow', days] as const,
  until: (team: string, through: string, capacity: readonly number[]) =>
    ['sprints', team, 'forecast', through, capacity] as const,
  velocity: (team: string) => ['sprints', team, 'velocity'] as const,
  forecast: (team: string) => ['sprints', team, 'forecast'] as const,
};

const open: SprintState[] = ['planned', 'active'];

/** The sprints that can be planned or worked in: few, so one page. */
export const openSprintsQuery = (team: string) =>
  queryOptions({
    queryKey: sprintKeys.list(team, open),
    queryFn: ({ signal }) =>
      call(
        api.GET('/teams/{team}/sprints', {
          params: { path: { team }, query: { state: open, limit: 50 } },
          signal,
        }),
      ),
    select: (list) => list.items.toSorted(byUse),
  });

/** The active ones first, then in the order they will come. */
const byUse = (a: Sprint, b: Sprint) =>
  a.state === b.state
    ? a.number - b.number
    : a.state === 'active'
      ? -1
      : b.state === 'active'
        ? 1
        : a.number - b.number;

const reportable: SprintState[] = ['active', 'closed'];

/** The sprints that have a report, the latest first. */
export const reportableSprintsQuery = (team: string) =>
  queryOptions({
    queryKey: sprintKeys.list(team, reportable),
    queryFn: ({ signal }) =>
      call(
        api.GET('/teams/{team}/sprints', {
          params: { path: { team }, query: { state: reportable, limit: 100 } },
          signal,
        }),
      ),
    select: (list) => list.items,
  });

export const sprintListQuery = (team: string) =>
  infiniteQueryOptions({
    queryKey: sprintKeys.list(team, []),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/sprints', { params: { path: { team }, query }, signal }));
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

const at = (team: string, n: number) => ({ path: { team, n } });

export const sprintQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: sprintKeys.detail(team, n),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/sprints/{n}', { params: at(team, n), signal })),
  });

export const sprintItemsQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: sprintKeys.items(team, n),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/sprints/{n}/items', { params: at(team, n), signal })),
  });

export const sprintReportQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: sprintKeys.report(team, n),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/sprints/{n}/report', { params: at(team, n), signal })),
  });

/** Where the server gives the daily series as CSV. */
export const reportCsvUrl = (team: string, n: number) =>
  `${apiBase}/teams/${encodeURIComponent(team)}/sprints/${n}/report.csv`;

/** Checklists are questions about this moment: never answered from memory. */
export const startChecklistQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: sprintKeys.start(team, n),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/sprints/{n}/start', { params: at(team, n), signal })),
    staleTime: 0,
    gcTime: 0,
  });

export const closeChecklistQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: sprintKeys.close(team, n),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/sprints/{n}/close', { params: at(team, n), signal })),
    staleTime: 0,
    gcTime: 0,
  });

export const velocityQuery = (team: string) =>
  queryOptions({
    queryKey: sprintKeys.velocity(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/velocity', { params: { path: { team } }, signal })),
  });

export const forecastQuery = (team: string) =>
  queryOptions({
    queryKey: sprintKeys.forecast(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/forecast', { params: { path: { team } }, signal })),
  });

export const sprintSummaryQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: sprintKeys.summary(team, n),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/sprints/{n}/summary', { params: at(team, n), signal })),
  });

export const flowQuery = (team: string, days: number) =>
  queryOptions({
    queryKey: sprintKeys.flow(team, days),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/flow', { params: { path: { team }, query: { days } }, signal })),
  });

/** The forecast down to one item (all, when empty), with coming sprints of other capacity than the usual 1. */
export const forecastUntilQuery = (team: string, through: string, capacity: readonly number[]) =>
  queryOptions({
    queryKey: sprintKeys.until(team, through, capacity),
    queryFn: ({ signal }) =>
      call(
        api.GET('/teams/{team}/forecast', {
          params: {
            path: { team },
            query: { ...(through && { through }), ...(capacity.length > 0 && { capacity: [...capacity] }) },
          },
          signal,
        }),
      ),
  });

// ---- changes

/** The file as it is; what it is, the server sees by its content. */
export const importHistory = (team: string, file: File) =>
  call(
    api.POST('/teams/{team}/history', {
      params: { path: { team }, query: { filename: file.name.slice(0, 300) } },
      body: file as unknown as string,
      headers: { 'Content-Type': 'application/octet-stream' },
      bodySerializer: (body) => body,
    }),
  );

/** `intent` is the same for every try of one creation, see lib/intent.ts. */
export const createSprint = (team: string, body: NewSprint, intent: string) =>
  call(
    api.POST('/teams/{team}/sprints', {
      params: { path: { team }, header: { 'Idempotency-Key': intent } },
      body,
    }),
  );

export const updateSprint = (team: string, n: number, body: SprintPatch) =>
  call(api.PATCH('/teams/{team}/sprints/{n}', { params: at(team, n), body }));

export const addItems = (team: string, n: number, body: AddItems) =>
  call(api.POST('/teams/{team}/sprints/{n}/items', { params: at(team, n), body }));

export const removeItem = (team: string, n: number, key: string, reason?: string) =>
  call(
    api.DELETE('/teams/{team}/sprints/{n}/items/{key}', {
      params: { path: { team, n, key }, query: reason ? { reason } : {} },
    }),
  );

export const startSprint = (team: string, n: number, version: number) =>
  call(api.POST('/teams/{team}/sprints/{n}/start', { params: at(team, n), body: { version } }));

export const closeSprint = (team: string, n: number, body: CloseSprint) =>
  call(api.POST('/teams/{team}/sprints/{n}/close', { params: at(team, n), body }));

export const reopenSprint = (team: string, n: number, body: ReopenSprint) =>
  call(api.POST('/teams/{team}/sprints/{n}/reopen', { params: at(team, n), body }));

export const correctSprint = (team: string, n: number, body: NewCorrection) =>
  call(api.POST('/teams/{team}/sprints/{n}/corrections', { params: at(team, n), body }));

export const cancelSprint = (team: string, n: number, version: number, reason?: string) =>
  call(
    api.POST('/teams/{team}/sprints/{n}/cancel', { params: at(team, n), body: { version, ...(reason && { reason }) } }),
  );

// ---- cache

/** Shows a sprint's new totals at once, wherever it is listed. */
export function spreadSprint(client: QueryClient, team: string, sprint: Sprint): void {
  client.setQueryData(sprintKeys.detail(team, sprint.number), sprint);
  client.setQueryData<{ items: Sprint[]; next_cursor: string | null }>(sprintKeys.list(team, open), (old) =>
    old ? { ...old, items: old.items.map((s) => (s.number === sprint.number ? sprint : s)) } : old,
  );
}
