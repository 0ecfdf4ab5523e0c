import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { addNeed, removeNeed } from '../../../api/content';
import { fetchPatches } from '../../../api/patches';
import { toProblem } from '../../../api/problem';
import type { PatchContent } from '../../../api/schema';
import { StatusBadge } from '../../atoms';
import { Button, IconButton } from '../../Button';
import { Field, Input } from '../../Field';
import { Glyph } from '../../Glyph';
import { PatchLink } from '../../links';
import { toast, toastError } from '../../toast';

interface Props {
  team: string;
  content: PatchContent;
  mayWork: boolean;
  onChanged: (now: PatchContent) => void;
}

/** Patches that have to go in before this one. */
export function Needs({ team, content, mayWork, onChanged }: Props) {
  const [adding, setAdding] = useState(false);
  const remove = async (other: string) => {
    try {
      onChanged(await removeNeed(team, content.key, other));
      toast({
        text: `${content.key} no longer needs ${other}`,
        undo: async () => onChanged(await addNeed(team, content.key, other)),
      });
    } catch (error) {
      toastError(error, 'This was not changed');
    }
  };
  if (content.needs.length === 0 && !mayWork) return null;
  return (
    <div className="related">
      <h4>Needs first</h4>
      {content.needs.length === 0 && !adding && <p className="muted">Nothing else has to go in before it.</p>}
      <ul>
        {content.needs.map((p) => (
          <li key={p.key}>
            <PatchLink patchKey={p.key} /> <span className="clip">{p.title}</span> <StatusBadge status={p.status} />
            {mayWork && (
              <IconButton label={`${content.key} does not need ${p.key}`} onClick={() => void remove(p.key)}>
                <Glyph name="cross" size={12} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {adding ? (
        <NeedForm team={team} content={content} onChanged={onChanged} onDone={() => setAdding(false)} />
      ) : (
        mayWork && (
          <Button small onClick={() => setAdding(true)}>
            Add what it needs…
          </Button>
        )
      )}
    </div>
  );
}

type FormProps = Omit<Props, 'mayWork'> & { onDone: () => void };

/** A key, or words of a title that the suggestions turn into one. */
function NeedForm({ team, content, onChanged, onDone }: FormProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const listId = useId();
  const words = text.trim();
  const { data } = useQuery({
    queryKey: ['patches', team, 'needs', words] as const,
    queryFn: ({ signal }) => fetchPatches(team, { q: words }, undefined, signal, 10),
    enabled: words.length > 1,
    staleTime: 30_000,
  });
  const add = async () => {
    if (!words || busy) return;
    setBusy(true);
    setProblem('');
    try {
      onChanged(await addNeed(team, content.key, words));
      onDone();
    } catch (error) {
      const said = toProblem(error);
      setProblem(said.status === 404 ? 'This is not the key of a patch of this team, such as INF-42.' : said.detail);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="need-form"
      onSubmit={(e) => {
        e.preventDefault();
        void add();
      }}
    >
      <Field label="Patch" required error={problem || undefined} hint="Its key; words of its title find it">
        <Input
          autoFocus
          value={text}
          list={listId}
          maxLength={60}
          autoComplete="off"
          placeholder={`${team}-7`}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Escape') return;
            e.stopPropagation(); // the panel stays open
            onDone();
          }}
        />
      </Field>
      <datalist id={listId}>
        {data?.items
          .filter((p) => p.key !== content.key)
          .map((p) => (
            <option key={p.key} value={p.key}>
              {p.title}
            </option>
          ))}
      </datalist>
      <Button small onClick={onDone}>
        Cancel
      </Button>
      <Button small variant="primary" type="submit" busy={busy}>
        Add
      </Button>
    </form>
  );
}
