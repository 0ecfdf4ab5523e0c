import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Task } from '../../../api/schema';
import { tasksQuery, templatesQuery } from '../../../api/tasks';
import { MenuButton } from '../../Menu';
import { ErrorState, SkeletonRows } from '../../states';
import { AddTask } from './AddTask';
import { TaskDialog } from './TaskDialog';
import { TaskRow } from './TaskRow';
import { useTasks } from './useTasks';
import './tasks.css';

interface Props {
  team: string;
  patchKey: string;
  mayWork: boolean;
}

/** The steps of the work on a patch. */
export default function Tasks({ team, patchKey, mayWork }: Props) {
  const id = useId();
  const { data, error, refetch } = useQuery(tasksQuery(team, patchKey));
  const actions = useTasks(team, patchKey);
  const [edited, setEdited] = useState<Task | null>(null);
  const tasks = data?.items ?? [];
  const done = tasks.filter((t) => t.state === 'done').length;
  if (data && tasks.length === 0 && !mayWork) return null;
  return (
    <section className="patch-section form" aria-labelledby={id}>
      <h3 id={id}>Tasks {tasks.length > 0 && <span className="muted">{`${done} of ${tasks.length} done`}</span>}</h3>
      {error && !data && <ErrorState error={error} what="The tasks could not be loaded" retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={2} label="Loading the tasks" />}
      {data && tasks.length === 0 && <p className="muted">No tasks yet. Add one, or take those of a template.</p>}
      {tasks.length > 0 && (
        <ul className="tasks" aria-labelledby={id}>
          {tasks.map((task, i) => (
            <TaskRow
              key={task.id}
              task={task}
              above={tasks[i - 1]?.id ?? null}
              tasks={tasks}
              mayWork={mayWork}
              actions={actions}
              onEdit={() => setEdited(task)}
            />
          ))}
        </ul>
      )}
      {data && mayWork && (
        <>
          <AddTask actions={actions} />
          <Templates team={team} apply={(name) => void actions.apply(name)} />
        </>
      )}
      {edited && <TaskDialog team={team} task={edited} actions={actions} onClose={() => setEdited(null)} />}
    </section>
  );
}

/** Nothing where the team has no templates. */
function Templates({ team, apply }: { team: string; apply: (name?: string) => void }) {
  const { data } = useQuery(templatesQuery(team));
  if (!data || data.templates.length === 0) return null;
  return (
    <p>
      <MenuButton
        label="Add the tasks of a template"
        className="btn small"
        align="start"
        entries={() => [
          { label: 'The one that fits', run: () => apply() },
          ...data.templates.map((t, i) => ({
            label: t.name,
            hint: t.pattern,
            separate: i === 0,
            run: () => apply(t.name),
          })),
        ]}
      >
        From a template…
      </MenuButton>
    </p>
  );
}
