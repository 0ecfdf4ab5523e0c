import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { membersQuery } from '../../../api/members';
import { toProblem } from '../../../api/problem';
import { mentionAt } from '../../../lib/mention';
import { readSetting, writeSetting } from '../../../lib/store';
import { Button } from '../../Button';
import { Actions } from '../../Dialog';
import { Field, Textarea } from '../../Field';
import { Markdown } from '../../Markdown';
import { Segmented } from '../../Segmented';

interface Props {
  team: string;
  /** Names the draft in this browser, so that a reload loses nothing. */
  draft: string;
  start: string;
  label: string;
  action: string;
  hint?: string;
  onSend: (body: string) => Promise<void>;
  onCancel?: () => void;
}

/** A text in Markdown, with a preview and people to pick behind an @. */
export function Composer({ team, draft, start, label, action, hint, onSend, onCancel }: Props) {
  const name = `patchline:draft:${draft}`;
  const [text, setText] = useState(() => readSetting(name) || start);
  const [look, setLook] = useState<'write' | 'preview'>('write');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const type = (next: string) => {
    setText(next);
    writeSetting(name, next === start ? '' : next);
  };
  const send = async () => {
    if (busy) return;
    if (!text.trim()) return setProblem('Write something first.');
    setBusy(true);
    setProblem('');
    try {
      await onSend(text);
      writeSetting(name, '');
      setText(start);
      setLook('write');
    } catch (error) {
      setProblem(toProblem(error).detail); // what was typed stays
    } finally {
      setBusy(false);
    }
  };
  const cancel = () => {
    writeSetting(name, '');
    onCancel?.();
  };
  return (
    <form
      className="composer"
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <Segmented
        label="Write or preview"
        value={look}
        onChange={setLook}
        options={[
          ['write', 'Write'],
          ['preview', 'Preview'],
        ]}
      />
      {look === 'write' ? (
        <Field label={label} required error={problem || undefined} hint={hint}>
          <Text team={team} value={text} onChange={type} onSend={() => void send()} />
        </Field>
      ) : (
        <Preview team={team} text={text} />
      )}
      <Actions>
        {onCancel && <Button onClick={cancel}>Cancel</Button>}
        <Button variant="primary" type="submit" busy={busy}>
          {action}
        </Button>
      </Actions>
    </form>
  );
}

const useNames = (team: string) => (useQuery(membersQuery(team)).data?.items ?? []).map((m) => m.user.name);

function Preview({ team, text }: { team: string; text: string }) {
  const names = useNames(team);
  return (
    <div className="preview">
      {text.trim() ? <Markdown text={text} names={names} /> : <p className="muted">Nothing to show yet.</p>}
    </div>
  );
}

interface TextProps {
  team: string;
  value: string;
  onChange: (text: string) => void;
  onSend: () => void;
}

const shown = 6;

/** The text with its list of people: arrows choose, Enter or Tab takes, Escape closes. */
function Text({ team, value, onChange, onSend }: TextProps) {
  const names = useNames(team);
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(-1);
  const listId = useId();
  const mention = mentionAt(value, caret, names);
  const people = mention && mention.from !== closed ? mention.people.slice(0, shown) : [];
  const open = people.length > 0;
  const current = Math.min(chosen, people.length - 1);
  const take = (person: string) => {
    if (!mention) return;
    const head = `${value.slice(0, mention.from)}@${person} `;
    onChange(head + value.slice(caret));
    setClosed(mention.from);
    setCaret(head.length);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(head.length, head.length);
    });
  };
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      return onSend();
    }
    if (!open) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const person = people[current];
    if (step) setChosen((current + step + people.length) % people.length);
    else if ((e.key === 'Enter' || e.key === 'Tab') && person && !e.shiftKey) take(person);
    else if (e.key === 'Escape' && mention) setClosed(mention.from);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div className="mentioning">
      <Textarea
        ref={field}
        rows={4}
        value={value}
        maxLength={20_000}
        aria-autocomplete="list"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? `${listId}-${current}` : undefined}
        onChange={(e) => {
          onChange(e.target.value);
          setCaret(e.target.selectionStart);
          setChosen(0);
          setClosed(-1);
        }}
        onSelect={(e) => setCaret(e.currentTarget.selectionStart)}
        onKeyDown={keys}
        onBlur={() => mention && setClosed(mention.from)}
      />
      {open && (
        <div className="menu mention-list" id={listId} role="listbox" aria-label="People to mention">
          {people.map((p, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field
            <div
              key={p}
              id={`${listId}-${i}`}
              role="option"
              aria-selected={i === current}
              data-highlighted={i === current || undefined}
              className="menu-item"
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => take(p)}
            >
              {p}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
