import { useQuery } from '@tanstack/react-query';
import { type FocusEvent, type FormEvent, type KeyboardEvent, type Ref, useEffect, useRef, useState } from 'react';
import { usePauseLive } from '../../api/live';
import type { StandupDraft } from '../../api/schema';
import { longDay } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Field, Textarea } from '../../ui/Field';
import { FormProblem } from '../../ui/form';
import { DoneItems } from './DoneItems';
import { draftOf, type Item, textLimit } from './entry';
import { HashTextarea } from './HashTextarea';
import { ItemPicker } from './ItemPicker';
import { OtherVersion } from './OtherVersion';
import { draftQuery } from './queries';
import { Stops } from './Stops';
import { type Editor, type EditorProps, useEditor } from './useEditor';

interface Props extends Omit<EditorProps, 'prefill'> {
  /** Counts how often the person asked to write; each time the text takes the focus. */
  asked: number;
}

/** One's own entry; a new one waits for its beginning, so that its text does not change under the hand. */
export function OwnEntry(props: Props) {
  const draft = useQuery({ ...draftQuery(props.team, props.day), enabled: !props.entry, staleTime: 0 });
  const [first, setFirst] = useState<StandupDraft>();
  if (!props.entry && !first) {
    if (draft.isFetching) return null;
    if (draft.data) setFirst(draft.data);
  }
  return <EntryForm key={first ? 'filled' : 'bare'} {...props} prefill={first} />;
}

function EntryForm({ asked, ...props }: EditorProps & { asked: number }) {
  const { team, me, day, entry, prefill } = props;
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
        <Texts team={team} editor={editor} prefill={entry ? undefined : prefill} today={today} />
        <ItemPicker team={team} me={me} items={editor.items} suggested={prefill?.items ?? []} />
        <Stops team={team} stops={editor.draft.stops} onChange={(stops) => editor.change({ stops })} />
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
  team: string;
  editor: Editor;
  prefill: StandupDraft | undefined;
  today: Ref<HTMLTextAreaElement>;
}

function Texts({ team, editor, prefill, today }: TextsProps) {
  const { draft, change, empty, items } = editor;
  const take = (item: Item) => {
    if (!draft.items.some((i) => i.key === item.key)) items.toggle(item);
  };
  return (
    <div className="standup-fields">
      <div className="standup-part">
        <Field
          label="Yesterday"
          hint={prefill?.plan ? 'Begins with your last plan: correct what came out otherwise.' : undefined}
        >
          <Textarea
            value={draft.yesterday}
            maxLength={textLimit}
            onChange={(e) => change({ yesterday: e.target.value })}
          />
        </Field>
        <DoneItems
          list={draft.done}
          steps={prefill?.yesterday_items ?? []}
          onRemove={(key) => change({ done: draft.done.filter((i) => i.key !== key) })}
        />
      </div>
      <Field label="Today" hint="# names a patch" error={empty ? 'Write a line, or name a patch.' : undefined}>
        <HashTextarea
          ref={today}
          team={team}
          value={draft.today}
          maxLength={textLimit}
          onText={(text) => change({ today: text })}
          onPick={take}
        />
      </Field>
    </div>
  );
}
