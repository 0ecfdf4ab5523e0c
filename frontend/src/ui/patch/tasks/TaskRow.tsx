import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Task } from '../../../api/schema';
import { taskKinds } from '../../../api/tasks';
import { num } from '../../../lib/format';
import { Person } from '../../atoms';
import { type MenuEntry, RowMenu } from '../../Menu';
import { withDrag } from '../withDrag';
import { afterDrop, afterStep } from './order';
import type { TaskActions } from './useTasks';

interface Props {
  task: Task;
  above: string | null;
  tasks: readonly Task[];
  mayWork: boolean;
  actions: TaskActions;
  onEdit: () => void;
}

const kindLabel = Object.fromEntries(taskKinds);

/** A task: tick it off, drag it, or move it with Alt and the arrows or from the menu. */
export function TaskRow({ task, above, tasks, mayWork, actions, onEdit }: Props) {
  const ref = useRef<HTMLLIElement>(null);
  const move = (after: string | null | undefined) => {
    if (after !== undefined) void actions.move(task, after, `Moved: ${task.title}`);
  };
  const drop = (id: string, edge: string | null) => {
    const dropped = tasks.find((t) => t.id === id);
    const after = dropped && afterDrop(tasks, id, task.id, edge);
    if (dropped && after !== undefined) void actions.move(dropped, after, `Moved: ${dropped.title}`);
  };
  const edge = useTaskDragging(ref, task.id, mayWork, drop);
  const step = (e: KeyboardEvent) => {
    const by = e.key === 'ArrowUp' ? -1 : e.key === 'ArrowDown' ? 1 : 0;
    if (!mayWork || !e.altKey || by === 0) return;
    e.preventDefault();
    e.stopPropagation();
    move(afterStep(tasks, task.id, by));
  };
  const entries = (): MenuEntry[] => [
    { label: 'Edit…', run: onEdit },
    ...(['to_do', 'doing', 'done'] as const).map((state, i) => ({
      label: stateLabel[state],
      current: task.state === state,
      separate: i === 0,
      run: () => void actions.setState(task, state, `${stateLabel[state]}: ${task.title}`),
    })),
    {
      label: 'Move up',
      hint: 'Alt ↑',
      separate: true,
      disabled: afterStep(tasks, task.id, -1) === undefined && 'It is the first',
      run: () => move(afterStep(tasks, task.id, -1)),
    },
    {
      label: 'Move down',
      hint: 'Alt ↓',
      disabled: afterStep(tasks, task.id, 1) === undefined && 'It is the last',
      run: () => move(afterStep(tasks, task.id, 1)),
    },
    { label: 'Delete', danger: true, separate: true, run: () => void actions.remove(task, above) },
  ];
  return (
    <li ref={ref} className="task" data-state={task.state} data-edge={edge ?? undefined} onKeyDown={step}>
      <input
        type="checkbox"
        aria-label={`Done: ${task.title}`}
        checked={task.state === 'done'}
        disabled={!mayWork}
        onChange={(e) => {
          const state = e.target.checked ? 'done' : 'to_do';
          void actions.setState(task, state, `${stateLabel[state]}: ${task.title}`);
        }}
      />
      <span className="task-title">{task.title}</span>
      {task.state === 'doing' && <span className="badge soft">Doing</span>}
      <span className="chip">{kindLabel[task.kind]}</span>
      {task.hours !== null && <span className="muted">{num.format(task.hours)} h</span>}
      <Person name={task.assignee?.name} bare />
      {mayWork && <RowMenu label={`Actions for the task ${task.title}`} heading={task.title} entries={entries} />}
    </li>
  );
}

const stateLabel = { to_do: 'To do', doing: 'Doing', done: 'Done' } as const;

/** Rows are dragged by anything on them; the edge that is nearer to the pointer shows where it goes. */
function useTaskDragging(
  ref: { readonly current: HTMLElement | null },
  id: string,
  mayWork: boolean,
  onDrop: (id: string, edge: string | null) => void,
) {
  const [edge, setEdge] = useState<string | null>(null);
  const latest = useRef(onDrop);
  useEffect(() => {
    latest.current = onDrop;
  });
  useEffect(() => {
    const element = ref.current;
    if (!element || !mayWork) return;
    return withDrag((kit) =>
      kit.combine(
        kit.draggable({ element, getInitialData: () => ({ type: 'task', id }) }),
        kit.dropTargetForElements({
          element,
          canDrop: ({ source }) => source.data.type === 'task' && source.element !== element,
          getData: ({ input }) =>
            kit.attachClosestEdge({ type: 'task', id }, { element, input, allowedEdges: ['top', 'bottom'] }),
          onDrag: ({ self }) => setEdge(kit.extractClosestEdge(self.data)),
          onDragLeave: () => setEdge(null),
          onDrop: ({ self, source }) => {
            setEdge(null);
            latest.current(String(source.data.id), kit.extractClosestEdge(self.data));
          },
        }),
      ),
    );
  }, [ref, id, mayWork]);
  return edge;
}
