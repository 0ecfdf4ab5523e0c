import { useState } from 'react';
import { usePauseLive } from '../../api/live';
import type { PatchDetail } from '../../api/schema';
import { Button } from '../Button';
import { FormActions } from '../Dialog';
import { Field, Input, Textarea } from '../Field';
import { toastError } from '../toast';
import type { PatchActions } from './actions';

interface Props {
  patch: PatchDetail;
  actions: PatchActions;
  mayWork: boolean;
}

/** Title, description and labels; read until somebody edits them. */
export function Description({ patch, actions, mayWork }: Props) {
  const [editing, setEditing] = useState(false);
  if (editing) return <Editor patch={patch} actions={actions} onDone={() => setEditing(false)} />;
  return (
    <section className="patch-section">
      {patch.description ? (
        <p className="patch-text">{patch.description}</p>
      ) : (
        <p className="muted">No description yet.</p>
      )}
      {patch.labels.length > 0 && (
        <p className="labels">
          {patch.labels.map((l) => (
            <span key={l} className="chip">
              {l}
            </span>
          ))}
        </p>
      )}
      {mayWork && (
        <Button small onClick={() => setEditing(true)}>
          Edit title, text and labels
        </Button>
      )}
    </section>
  );
}

const labelsOf = (text: string) => [
  ...new Set(
    text
      .split(',')
      .map((l) => l.trim())
      .filter(Boolean),
  ),
];

function Editor({ patch, actions, onDone }: Omit<Props, 'mayWork'> & { onDone: () => void }) {
  const [title, setTitle] = useState(patch.title);
  const [description, setDescription] = useState(patch.description);
  const [labels, setLabels] = useState(patch.labels.join(', '));
  const [busy, setBusy] = useState(false);
  usePauseLive(true);
  const save = async () => {
    setBusy(true);
    try {
      await actions.edit(patch, { title: title.trim(), description, labels: labelsOf(labels) }, `${patch.key} saved`);
      onDone();
    } catch (error) {
      toastError(error, `${patch.key} was not saved`); // what was typed stays
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="form patch-section"
      onSubmit={(e) => {
        e.preventDefault();
        if (title.trim() && !busy) void save();
      }}
    >
      <Field label="Title" error={title.trim() ? undefined : 'A patch needs a title'} required>
        <Input value={title} maxLength={300} onChange={(e) => setTitle(e.target.value)} />
      </Field>
      <Field label="Description">
        <Textarea rows={6} value={description} maxLength={20000} onChange={(e) => setDescription(e.target.value)} />
      </Field>
      <Field label="Labels" hint="Separated by commas">
        <Input value={labels} onChange={(e) => setLabels(e.target.value)} />
      </Field>
      <FormActions onCancel={onDone} busy={busy}>
        Save
      </FormActions>
    </form>
  );
}
