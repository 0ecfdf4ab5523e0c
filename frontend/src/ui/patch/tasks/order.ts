import type { Task } from '../../../api/schema';

/** The id of the task that a moved one will stand below; null at the top, undefined where nothing moves. */
export function afterStep(tasks: readonly Task[], id: string, by: -1 | 1): string | null | undefined {
  const at = tasks.findIndex((t) => t.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= tasks.length) return undefined;
  return by > 0 ? tasks[to]?.id : (tasks[to - 1]?.id ?? null);
}

/** The same for a task that is dropped at the upper or lower edge of another one. */
export function afterDrop(
  tasks: readonly Task[],
  id: string,
  onto: string,
  edge: string | null,
): string | null | undefined {
  const others = tasks.filter((t) => t.id !== id);
  const at = others.findIndex((t) => t.id === onto);
  if (at < 0) return undefined;
  const after = edge === 'bottom' ? onto : (others[at - 1]?.id ?? null);
  const now = tasks[tasks.findIndex((t) => t.id === id) - 1]?.id ?? null;
  return after === now ? undefined : after;
}

/** The list as it will be. */
export function placed(tasks: readonly Task[], id: string, after: string | null): Task[] {
  const moved = tasks.find((t) => t.id === id);
  const others = tasks.filter((t) => t.id !== id);
  if (!moved) return [...tasks];
  return others.toSpliced(after === null ? 0 : others.findIndex((t) => t.id === after) + 1, 0, moved);
}
