import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { usePauseLive } from '../../api/live';
import type { RetroCard, RetroGroup } from '../../api/schema';
import { plural } from '../../lib/format';
import { IconButton } from '../../ui/Button';
import { announce } from '../../ui/LiveRegion';
import { RowMenu } from '../../ui/Menu';
import { EmptyState } from '../../ui/states';
import { cardsOf, groupName } from './phases';
import { moveCard, setDots, updateGroup } from './queries';
import type { Room } from './useRetro';

/** Cards in their groups: put together by drag or menu, then voted on. */
export function GroupBoard({ room }: { room: Room }) {
  const { retro } = room;
  const voting = retro.phase === 'vote';
  if (retro.groups.length === 0)
    return <EmptyState title="No cards were written">Go back to collecting to write some.</EmptyState>;
  return (
    <>
      {voting && (
        <p className="retro-left" aria-live="polite">
          {plural(retro.dots_left, 'dot')} of {retro.dots} left
        </p>
      )}
      {retro.phase === 'group' && (
        <p className="retro-left muted">Drag a card onto another one, or use its menu, to put them into one group.</p>
      )}
      <section className="retro-groups" aria-label="Groups">
        {retro.groups.map((g) => (
          <Group key={g.id} room={room} group={g} />
        ))}
      </section>
    </>
  );
}

function Group({ room, group }: { room: Room; group: RetroGroup }) {
  const { retro } = room;
  const ref = useRef<HTMLElement>(null);
  const grouping = retro.phase === 'group' && room.mayWork;
  const over = useDrop(ref, grouping, group.id, (card) => void move(room, card, group.id));
  const name = groupName(retro, group);
  const cards = cardsOf(retro, group);
  const saidBelow = group.name === '' && cards.length === 1; // by the card itself
  return (
    <article ref={ref} className="sheet retro-group" data-over={over || undefined} aria-label={name}>
      <header>
        {grouping ? (
          <Name key={group.version} room={room} group={group} />
        ) : (
          <h2 className={saidBelow ? 'sr' : undefined}>{name}</h2>
        )}
        {retro.phase === 'vote' && <Dots room={room} group={group} name={name} />}
        {group.votes > 0 && <span className="badge count">{plural(group.votes, 'vote')}</span>}
      </header>
      <ul className="plain-list">
        {cards.map((c) => (
          <li key={c.id}>
            <Card room={room} card={c} group={group} movable={grouping} />
          </li>
        ))}
      </ul>
      {group.note && <p className="retro-note">{group.note}</p>}
    </article>
  );
}

async function move(room: Room, card: string, group: string | null): Promise<void> {
  if (await room.run(() => moveCard(room.place, card, group), 'The card was not moved'))
    announce(group ? 'The card is in the group' : 'The card is a group of its own');
}

function Name({ room, group }: { room: Room; group: RetroGroup }) {
  const [text, setText] = useState(group.name);
  const [busy, setBusy] = useState(false);
  usePauseLive(busy);
  const save = async () => {
    setBusy(false);
    if (text.trim() === group.name) return;
    const body = { name: text.trim(), version: group.version };
    await room.run(() => updateGroup(room.place, group.id, body), 'The group was not named');
  };
  return (
    <input
      className="control"
      aria-label={`Name of the group ${groupName(room.retro, group)}`}
      placeholder="Name this group"
      maxLength={80}
      value={text}
      onFocus={() => setBusy(true)}
      onBlur={() => void save()}
      onChange={(e) => setText(e.target.value)}
      onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
    />
  );
}

function Card({ room, card, group, movable }: { room: Room; card: RetroCard; group: RetroGroup; movable: boolean }) {
  const ref = useRef<HTMLDivElement>(null);
  const { retro } = room;
  useEffect(() => {
    if (!ref.current || !movable) return;
    return draggable({
      element: ref.current,
      getInitialData: () => ({ type: 'retro-card', card: card.id, group: group.id }),
    });
  }, [movable, card.id, group.id]);
  const entries = () => [
    ...retro.groups
      .filter((g) => g.id !== group.id)
      .map((g) => ({ label: `Into “${groupName(retro, g)}”`, run: () => void move(room, card.id, g.id) })),
    {
      label: 'Into a group of its own',
      separate: retro.groups.length > 1,
      disabled: cardsOf(retro, group).length < 2,
      run: () => void move(room, card.id, null),
    },
  ];
  return (
    <div ref={ref} className="retro-card" data-movable={movable || undefined}>
      <p>{card.text}</p>
      <small className="muted">
        {retro.columns[card.column]}
        {card.author && ` · ${card.author}`}
      </small>
      {movable && <RowMenu label={`Move “${card.text}”`} heading="Move" entries={entries} />}
    </div>
  );
}

function useDrop(
  ref: React.RefObject<HTMLElement | null>,
  on: boolean,
  group: string,
  drop: (card: string) => void,
): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(drop);
  latest.current = drop;
  useEffect(() => {
    if (!ref.current || !on) return;
    return dropTargetForElements({
      element: ref.current,
      canDrop: ({ source }) => source.data.type === 'retro-card' && source.data.group !== group,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        latest.current(String(source.data.card));
      },
    });
  }, [ref, on, group]);
  return over;
}

function Dots({ room, group, name }: { room: Room; group: RetroGroup; name: string }) {
  const { retro } = room;
  const give = async (dots: number) => {
    const vote = async () => setDots(await room.withTicket(), group.id, dots);
    if (await room.run(vote, 'The dot was not given')) announce(`${plural(dots, 'dot')} on ${name}`);
  };
  const lost = retro.anonymous && retro.ticket_taken && !retro.ticket_known && 'Your ticket is in another browser';
  const may = !room.mayWork ? 'Viewers cannot do this' : lost;
  return (
    <fieldset className="retro-dots" aria-label={`Dots on ${name}`}>
      <IconButton
        label={`Take a dot from ${name}`}
        reason={may || (group.mine === 0 && 'none of yours is there')}
        onClick={() => void give(group.mine - 1)}
      >
        <Minus size={15} />
      </IconButton>
      <b>{group.mine}</b>
      <IconButton
        label={`Give a dot to ${name}`}
        reason={may || (retro.dots_left === 0 && 'you have none left')}
        onClick={() => void give(group.mine + 1)}
      >
        <Plus size={15} />
      </IconButton>
    </fieldset>
  );
}
