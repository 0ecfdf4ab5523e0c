import { type FormEvent, useState } from 'react';
import { toProblem } from '../../../api/problem';
import type { TaskKind } from '../../../api/schema';
import { taskKinds } from '../../../api/tasks';
import { makeIntent } from '../../../lib/intent';
import { Button } from '../../Button';
import type { TaskActions } from './useTasks';

/** One line: what is to be done, and Enter. */
export function AddTask({ actions }: { actions: TaskActions }) {
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<TaskKind>('other');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [intent, setIntent] = useState(makeIntent);
  const add = async (e: FormEvent) => {
    e.preventDefault();
    const body = { title: title.trim(), kind };
    if (!body.title || busy) return;
    setBusy(true);
    setProblem('');
    try {
      await actions.add(body, intent(body));
      setIntent(makeIntent); // the same title once more is another task
      setTitle('');
    } catch (error) {
      setProblem(toProblem(error).detail);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="task-form" onSubmit={(e) => void add(e)}>
      <input
        className="control"
        aria-label="New task"
        placeholder="New task"
        maxLength={200}
        value={title}
        aria-invalid={!!problem || undefined}
        onChange={(e) => setTitle(e.target.value)}
      />
      <select
        className="control select"
        aria-label="Kind of the new task"
        value={kind}
        onChange={(e) => setKind(e.target.value as TaskKind)}
      >
        {taskKinds.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Button small type="submit" busy={busy} reason={!title.trim() && 'Say what is to be done'}>
        Add
      </Button>
      {problem && (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
