import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { boardKey } from './board';
import { api, call } from './client';
import { patchKeys } from './patches';
import type { NewTask, Task, TaskKind, TaskPatch, TaskTemplates } from './schema';

export const taskKinds: readonly (readonly [TaskKind, string])[] = [
  ['test', 'Test'],
  ['back_up', 'Back up'],
  ['deploy', 'Deploy'],
  ['verify', 'Verify'],
  ['announce', 'Announce'],
  ['other', 'Other'],
];

export const taskKeys = {
  of: (team: string, key: string) => [...patchKeys.detail(team, key), 'tasks'] as const,
  mine: (team: string) => ['tasks', team, 'mine'] as const,
  templates: (team: string) => ['tasks', team, 'templates'] as const,
};

const at = (team: string, key: string) => ({ path: { team, key } });

/** Below the patch's own key, so that tasks are read again with it. */
export const tasksQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: taskKeys.of(team, key),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/patches/{key}/tasks', { params: at(team, key), signal })),
  });

export const myTasksQuery = (team: string) =>
  queryOptions({
    queryKey: taskKeys.mine(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/tasks', { params: { path: { team } }, signal })),
  });

export const templatesQuery = (team: string) =>
  queryOptions({
    queryKey: taskKeys.templates(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/task-templates', { params: { path: { team } }, signal })),
    staleTime: 60_000,
  });

/** `intent` is the same for every try of one task. */
export const addTask = (team: string, key: string, body: NewTask, intent: string): Promise<Task> =>
  call(
    api.POST('/teams/{team}/patches/{key}/tasks', {
      params: { ...at(team, key), header: { 'Idempotency-Key': intent } },
      body,
    }),
  );

export const editTask = (team: string, key: string, task: Task, change: Omit<TaskPatch, 'version'>): Promise<Task> =>
  call(
    api.PATCH('/teams/{team}/patches/{key}/tasks/{id}', {
      params: { path: { team, key, id: task.id } },
      body: { ...change, version: task.version },
    }),
  );

export const deleteTask = (team: string, key: string, task: Task) =>
  call(
    api.DELETE('/teams/{team}/patches/{key}/tasks/{id}', {
      params: { path: { team, key, id: task.id }, query: { version: task.version } },
    }),
  );

/** Without a name, the first template that fits the patch. */
export const applyTemplate = (team: string, key: string, template?: string) =>
  call(
    api.POST('/teams/{team}/patches/{key}/task-template', {
      params: at(team, key),
      body: template ? { template } : {},
    }),
  );

export const saveTemplates = (team: string, body: TaskTemplates): Promise<TaskTemplates> =>
  call(api.PUT('/teams/{team}/task-templates', { params: { path: { team } }, body }));

/** What else shows the tasks of a patch: its definitions and history, its card, one's own work. */
export function refreshTasks(client: QueryClient, team: string, key: string): void {
  const checks = [...patchKeys.detail(team, key), 'checks'];
  for (const queryKey of [
    taskKeys.of(team, key),
    checks,
    patchKeys.activity(team, key),
    boardKey(team),
    taskKeys.mine(team),
  ])
    void client.invalidateQueries({ queryKey });
}
