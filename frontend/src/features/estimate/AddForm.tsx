import { type FormEvent, useState } from 'react';
import { fieldErrors, toProblem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';

interface Props {
  team: string;
  onAdd: (keys: string[]) => Promise<void>;
}

/** Puts more patches at the end of the queue. */
export function AddForm({ team, onAdd }: Props) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const keys = text.split(/[\s,;]+/).filter(Boolean);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (keys.length === 0 || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onAdd(keys);
      setText('');
    } catch (e) {
      setError(Object.values(fieldErrors(e))[0] ?? toProblem(e).detail);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="estimate-other" onSubmit={(e) => void submit(e)}>
      <Field label="Add patches" error={error}>
        <Input
          autoComplete="off"
          placeholder={`${team}-7 ${team}-8`}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
      </Field>
      <Button type="submit" busy={busy} reason={keys.length === 0 && 'Type one key or more'}>
        Add
      </Button>
    </form>
  );
}
