import { type KeyboardEvent, useId, useState } from 'react';
import { whoMay } from '../../api/queries';
import type { RetroCard } from '../../api/schema';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Field, Textarea } from '../../ui/Field';
import { announce } from '../../ui/LiveRegion';
import { deleteCard, putCard } from './queries';
import { randomUUID } from './ticket';
import type { Room } from './useRetro';

/** A column a question; others' cards are not sent until collecting ends. */
export function CardColumns({ room }: { room: Room }) {
  return (
    <section className="retro-columns" aria-label="Cards">
      {room.retro.columns.map((name, column) => (
        <Column key={name} room={room} name={name} column={column} />
      ))}
    </section>
  );
}

function Column({ room, name, column }: { room: Room; name: string; column: number }) {
  const id = useId();
  const cards = room.retro.cards.filter((c) => c.column === column);
  const others = cards.filter((c) => c.hidden);
  return (
    <section className="sheet retro-column" aria-labelledby={id}>
      <h2 id={id}>
        {name} <span className="badge count">{cards.length}</span>
      </h2>
      <NewCard room={room} column={column} name={name} />
      <ul className="plain-list">
        {cards
          .filter((c) => !c.hidden)
          .map((c) => (
            <li key={c.id}>
              <OwnCard room={room} card={c} />
            </li>
          ))}
      </ul>
      {others.length > 0 && (
        <div className="retro-hidden">
          <p className="muted">{plural(others.length, 'card')} of others, to be read when collecting ends</p>
          {others.slice(0, 6).map((c) => (
            <i key={c.id} aria-hidden />
          ))}
        </div>
      )}
    </section>
  );
}

/** Ctrl Enter, or Enter, sends; Shift Enter is a new line. */
const sends = (e: KeyboardEvent) => e.key === 'Enter' && !e.shiftKey && !e.nativeEvent.isComposing;

function NewCard({ room, column, name }: { room: Room; column: number; name: string }) {
  const [text, setText] = useState('');
  const [id, setId] = useState(randomUUID);
  const [busy, setBusy] = useState(false);
  if (!room.mayWork) return <p className="muted">{whoMay.work}</p>;
  const add = async () => {
    if (!text.trim() || busy) return;
    setBusy(true);
    // the same id again after a lost answer is the same card
    const write = async () => putCard(await room.withTicket(), id, column, text.trim());
    const done = await room.run(write, 'The card was not written');
    setBusy(false);
    if (!done) return;
    setText('');
    setId(randomUUID());
    announce('The card is written');
  };
  return (
    <div className="retro-new">
      <Textarea
        rows={2}
        maxLength={500}
        aria-label={`New card: ${name}`}
        placeholder="Write a card, Enter keeps it"
        value={text}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (!sends(e)) return;
          e.preventDefault();
          void add();
        }}
      />
      <Button small busy={busy} reason={!text.trim() && 'Write something first'} onClick={() => void add()}>
        Add
      </Button>
    </div>
  );
}

function OwnCard({ room, card }: { room: Room; card: RetroCard }) {
  const [draft, setDraft] = useState<string | null>(null);
  const { place } = room;
  if (draft !== null) {
    const save = async () => {
      if (!draft.trim()) return;
      if (await room.run(() => putCard(place, card.id, card.column, draft.trim()), 'The card was not changed'))
        setDraft(null);
    };
    return (
      <div className="retro-card">
        <Field label="Card" required>
          <Textarea rows={3} maxLength={500} autoFocus value={draft} onChange={(e) => setDraft(e.target.value)} />
        </Field>
        <span className="retro-buttons">
          <Button small variant="primary" onClick={() => void save()}>
            Save
          </Button>
          <Button small onClick={() => setDraft(null)}>
            Cancel
          </Button>
        </span>
      </div>
    );
  }
  const remove = async () => {
    if (await room.run(() => deleteCard(place, card.id), 'The card was not removed')) announce('The card is removed');
  };
  return (
    <article className="retro-card">
      <p>{card.text}</p>
      {card.mine ? (
        <span className="retro-buttons">
          <Button small variant="ghost" aria-label={`Edit “${card.text}”`} onClick={() => setDraft(card.text)}>
            Edit
          </Button>
          <Button small variant="ghost" aria-label={`Remove “${card.text}”`} onClick={() => void remove()}>
            Remove
          </Button>
        </span>
      ) : (
        card.author && <small className="muted">{card.author}</small>
      )}
    </article>
  );
}
