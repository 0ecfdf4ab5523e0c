import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type Ref, useId, useState } from 'react';
import { boardQuery } from '../../api/board';
import { useControl } from '../../ui/Field';
import { hashBefore, type Item, matching } from './entry';

interface Props {
  ref: Ref<HTMLTextAreaElement>;
  team: string;
  value: string;
  maxLength: number;
  onText: (text: string) => void;
  onPick: (item: Item) => void;
}

/** A text in which `#` offers the cards of the board; the chosen one is named in the text and for the day. */
export function HashTextarea({ ref, team, value, maxLength, onText, onPick }: Props) {
  const { data } = useQuery(boardQuery(team));
  const listId = useId();
  const [caret, setCaret] = useState(-1);
  const [at, setAt] = useState(0);
  const hash = caret < 0 ? null : hashBefore(value, caret);
  const cards = (data?.columns ?? []).flatMap((c) => c.cards).filter((c) => c.status !== 'verified');
  const found = hash ? matching(cards, hash.word) : [];
  const open = found.length > 0;
  const pick = (item: Item | undefined) => {
    if (!item || !hash) return;
    const after = value.slice(caret);
    onText(`${value.slice(0, hash.from)}${item.key}${after.startsWith(' ') ? '' : ' '}${after}`.slice(0, maxLength));
    onPick({ key: item.key, title: item.title });
    setCaret(-1);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (!open || e.ctrlKey || e.metaKey || e.altKey) return;
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    if (step) setAt((old) => (Math.min(old, found.length - 1) + step + found.length) % found.length);
    else if (e.key === 'Enter' || e.key === 'Tab') pick(found[Math.min(at, found.length - 1)]);
    else if (e.key === 'Escape') setCaret(-1);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div className="standup-hash">
      <textarea
        {...useControl()}
        ref={ref}
        rows={4}
        className="control"
        value={value}
        maxLength={maxLength}
        aria-autocomplete="list"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? `${listId}-${Math.min(at, found.length - 1)}` : undefined}
        onChange={(e) => {
          onText(e.target.value);
          setCaret(e.target.selectionStart);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setCaret(-1)}
      />
      {open && (
        <div className="standup-hash-list" id={listId} role="listbox" aria-label="Patches of the board">
          {found.map((i, n) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the text keeps the focus, the arrows choose
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the text chooses
            <div
              key={i.key}
              id={`${listId}-${n}`}
              role="option"
              aria-selected={n === Math.min(at, found.length - 1)}
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => pick(i)}
            >
              <b>{i.key}</b> {i.title}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
