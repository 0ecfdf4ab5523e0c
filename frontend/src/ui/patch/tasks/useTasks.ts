import { useQueryClient } from '@tanstack/react-query';
import type { NewTask, Task, TaskList, TaskPatch } from '../../../api/schema';
import { addTask, applyTemplate, deleteTask, editTask, refreshTasks, taskKeys } from '../../../api/tasks';
import { randomId } from '../../../lib/id';
import { announce } from '../../LiveRegion';
import { toast, toastError } from '../../toast';
import { placed } from './order';

/** What people do to the tasks of a patch: shown at once, read again when the server refuses. */
export function useTasks(team: string, key: string) {
  const client = useQueryClient();
  const queryKey = taskKeys.of(team, key);
  const show = (change: (items: Task[]) => Task[]) =>
    client.setQueryData<TaskList>(queryKey, (old) => old && { ...old, items: change(old.items) });
  const attempt = async (what: string, run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (error) {
      toastError(error, what);
    }
    refreshTasks(client, team, key);
  };
  const change = (task: Task, body: Omit<TaskPatch, 'version'>, shown: Partial<Task>, done: string) =>
    attempt(`“${task.title}” was not changed`, async () => {
      show((items) => items.map((t) => (t.id === task.id ? { ...t, ...shown } : t)));
      const now = await editTask(team, key, task, body);
      show((items) => items.map((t) => (t.id === now.id ? now : t)));
      announce(done);
    });
  return {
    setState: (task: Task, state: Task['state'], done: string) => change(task, { state }, { state }, done),
    move: (task: Task, after: string | null, done: string) => {
      show((items) => placed(items, task.id, after));
      return change(task, { after }, {}, done);
    },
    /** Throws what went wrong, for the form. */
    async save(task: Task, body: Omit<TaskPatch, 'version'>) {
      await editTask(team, key, task, body);
      refreshTasks(client, team, key);
    },
    async add(body: NewTask, intent: string) {
      const made = await addTask(team, key, body, intent);
      show((items) => (items.some((t) => t.id === made.id) ? items : [...items, made]));
      announce(`Task added: ${made.title}`);
      refreshTasks(client, team, key);
    },
    remove: (task: Task, after: string | null) =>
      attempt(`“${task.title}” was not deleted`, async () => {
        await deleteTask(team, key, task);
        show((items) => items.filter((t) => t.id !== task.id));
        const { title, kind, hours, state } = task;
        const body = { title, kind, hours, state, after, assignee_id: task.assignee?.id ?? null };
        const intent = randomId();
        toast({
          text: `Task deleted: ${title}`,
          undo: async () => {
            await addTask(team, key, body, intent);
            refreshTasks(client, team, key);
          },
        });
      }),
    apply: (template?: string) =>
      attempt('The template was not applied', async () => {
        const before = client.getQueryData<TaskList>(queryKey)?.items.length ?? 0;
        const now = await applyTemplate(team, key, template);
        client.setQueryData<TaskList>(queryKey, now);
        const added = now.items.length - before;
        toast({
          text: added > 0 ? `${added} ${added === 1 ? 'task' : 'tasks'} added` : 'All tasks of the template are there',
        });
      }),
  };
}

export type TaskActions = ReturnType<typeof useTasks>;
