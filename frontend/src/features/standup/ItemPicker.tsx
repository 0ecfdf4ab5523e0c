import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId } from 'react';
import { boardQuery } from '../../api/board';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import { Glyph } from '../../ui/Glyph';
import { CardOptions } from '../../ui/patch/CardOptions';
import type { Item } from './entry';
import type { Items } from './useItems';

interface Props {
  team: string;
  me: string;
  items: Items;
  /** What is not finished of the last plan: offered first. */
  suggested: readonly Item[];
}

/** Patches of the plan: typed by their key, or picked from one's own cards on the board. */
export function ItemPicker({ team, me, items, suggested }: Props) {
  const { data } = useQuery(boardQuery(team));
  const listId = useId();
  const cards = (data?.columns ?? []).flatMap((c) => c.cards);
  const named = new Set(items.list.map((i) => i.key));
  const mine = cards.filter((c) => c.assignee?.id === me && c.status !== 'verified');
  const own = [...suggested, ...mine.filter((c) => !suggested.some((s) => s.key === c.key))].filter(
    (c) => !named.has(c.key),
  );
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || e.ctrlKey || e.metaKey || !items.text.trim()) return;
    e.preventDefault(); // in the empty field Enter saves the entry
    void items.take();
  };
  return (
    <div className="standup-picker">
      <Field label="Patches" error={items.error}>
        <span className="standup-key">
          <Input
            value={items.text}
            list={listId}
            maxLength={30}
            autoComplete="off"
            placeholder={`${team}-7`}
            onChange={(e) => items.type(e.target.value)}
            onKeyDown={onKeyDown}
          />
          <Button onClick={() => void items.take()}>Add</Button>
        </span>
        <CardOptions id={listId} cards={cards.filter((c) => !named.has(c.key))} />
      </Field>
      {items.list.length > 0 && (
        <Choices label="Named" list={items.list} verb="Remove" onChoose={items.toggle} chosen />
      )}
      {own.length > 0 && (
        <Choices
          label={suggested.length > 0 ? 'Unfinished and your cards' : 'Your cards'}
          list={own.slice(0, 12)}
          verb="Add"
          onChoose={items.toggle}
        />
      )}
    </div>
  );
}

interface ChoicesProps {
  label: string;
  list: readonly Item[];
  verb: string;
  onChoose: (item: Item) => void;
  chosen?: boolean;
}

const Choices = ({ label, list, verb, onChoose, chosen }: ChoicesProps) => (
  <div className="standup-choices">
    <span className="muted">{label}</span>
    <ul className="standup-items">
      {list.map((i) => (
        <li key={i.key}>
          <button
            type="button"
            className="standup-item"
            data-chosen={chosen || undefined}
            title={i.title}
            aria-label={`${verb} ${i.key} ${i.title}`}
            onClick={() => onChoose({ key: i.key, title: i.title })}
          >
            <b>{i.key}</b>
            <span className="clip">{i.title}</span>
            {chosen ? <Glyph name="cross" size={11} /> : <Glyph name="plus" size={11} />}
          </button>
        </li>
      ))}
    </ul>
  </div>
);
