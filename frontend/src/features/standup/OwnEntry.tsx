import { useQuery } from '@tanstack/react-query';
import { type FocusEvent, type FormEvent, type KeyboardEvent, type Ref, useEffect, useRef, useState } from 'react';
import { usePauseLive } from '../../api/live';
import { longDay } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Field, Textarea } from '../../ui/Field';
import { FormProblem } from '../../ui/form';
import { draftOf, textLimit } from './entry';
import { ItemPicker } from './ItemPicker';
import { OtherVersion } from './OtherVersion';
import { standupQuery } from './queries';
import { type Editor, type EditorProps, useEditor } from './useEditor';

interface Props extends Omit<EditorProps, 'plan'> {
  /** The working day before. */
  before: string;
  /** Counts how often the person asked to write; each time the text takes the focus. */
  asked: number;
}

/** One's own entry; a new one waits for the last plan, so that its text does not change under the hand. */
export function OwnEntry({ before, ...props }: Props) {
  const last = useQuery({ ...standupQuery(props.team, before), enabled: !props.entry });
  if (!props.entry && last.isPending) return null;
  return <EntryForm {...props} plan={last.data?.entries.find((e) => e.member.id === props.me)} />;
}

function EntryForm({ asked, ...props }: EditorProps & { asked: number }) {
  const { team, me, day, entry, plan } = props;
  const editor = useEditor(props);
  const { other } = editor;
  const [inside, setInside] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const today = useRef<HTMLTextAreaElement>(null);
  usePauseLive(inside && editor.dirty);
  useEffect(() => {
    if (asked > 0) today.current?.focus();
  }, [asked]);
  const onSubmit = (e: FormEvent) => {
    e.preventDefault();
    void editor.save();
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || e.nativeEvent.isComposing) return;
    e.preventDefault();
    void editor.save();
  };
  const onBlur = (e: FocusEvent) => setInside(!!form.current?.contains(e.relatedTarget));
  const settle = (mine: boolean) => {
    if (other) editor.settle(mine ? editor.draft : draftOf(other));
    form.current?.querySelector('textarea')?.focus();
  };
  return (
    <section className="sheet standup-own" aria-labelledby="standup-own">
      <h2 id="standup-own">Your entry for {longDay(day)}</h2>
      <form
        ref={form}
        className="form"
        onSubmit={onSubmit}
        onKeyDown={onKeyDown}
        onFocus={() => setInside(true)}
        onBlur={onBlur}
        noValidate
      >
        <Texts editor={editor} prefilled={!entry && !!plan} today={today} />
        <ItemPicker team={team} me={me} items={editor.items} />
        {other && <OtherVersion entry={other} onTake={() => settle(false)} onKeep={() => settle(true)} />}
        <FormProblem problem={editor.problem} />
        <div className="standup-save">
          <Button type="submit" variant="primary" busy={editor.busy} reason={other && 'Choose a version first'}>
            Save entry
          </Button>
          {entry && <Button onClick={editor.leave}>Cancel</Button>}
          <span className="muted standup-hint">
            <kbd>Ctrl</kbd> or <kbd>⌘</kbd> with <kbd>Enter</kbd> saves
          </span>
        </div>
      </form>
    </section>
  );
}

interface TextsProps {
  editor: Editor;
  prefilled: boolean;
  today: Ref<HTMLTextAreaElement>;
}

function Texts({ editor, prefilled, today }: TextsProps) {
  const { draft, change, empty } = editor;
  return (
    <div className="standup-fields">
      <Field
        label="Yesterday"
        hint={prefilled ? 'Begins with your last plan: correct what came out otherwise.' : undefined}
      >
        <Textarea
          value={draft.yesterday}
          maxLength={textLimit}
          onChange={(e) => change({ yesterday: e.target.value })}
        />
      </Field>
      <Field label="Today" error={empty ? 'Write a line, or name a patch.' : undefined}>
        <Textarea
          ref={today}
          value={draft.today}
          maxLength={textLimit}
          onChange={(e) => change({ today: e.target.value })}
        />
      </Field>
    </div>
  );
}
