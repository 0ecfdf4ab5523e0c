import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/utils/combine';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { memo, useEffect, useRef, useState } from 'react';
import type { Card, Status } from '../../api/schema';
import { num, plural } from '../../lib/format';
import type { Calendar } from '../../lib/workdays';
import { type CardCommands, CardView } from './CardView';

interface Props {
  status: Status;
  name: string;
  /** How many cards and points it has, whatever the filter shows. */
  count: number;
  points: number;
  /** How many may be in progress here; 0 is no limit. */
  limit: number;
  /** How many of the cards count against it: emergencies have their own lane. */
  counted: number;
  ageDays: number;
  cards: Card[];
  zone: string;
  calendar: Calendar | undefined;
  active: string | null;
  mayMove: boolean;
  commands: CardCommands;
}

/** A status with its cards; dropped on empty space, a card goes to the end. */
export const BoardColumn = memo(function BoardColumn({
  status,
  name,
  count,
  points,
  limit,
  counted,
  ageDays,
  cards,
  zone,
  calendar,
  active,
  mayMove,
  commands,
}: Props) {
  const ref = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const over = useColumnDropTarget(ref, list, status, mayMove);
  const emergencies = cards.filter((c) => c.emergency);
  const others = cards.filter((c) => !c.emergency);
  const cardView = (c: Card) => (
    <CardView
      key={c.key}
      card={c}
      zone={zone}
      calendar={calendar}
      ageDays={ageDays}
      active={c.key === active}
      mayMove={mayMove}
      commands={commands}
    />
  );
  return (
    <section
      ref={ref}
      className="column"
      data-status={status}
      data-over={over || undefined}
      aria-labelledby={`column-${status}`}
    >
      <h2 id={`column-${status}`}>
        <span className="column-name" title={name}>
          {name}
        </span>
        <span className="column-count">
          {limit > 0 ? (
            <span
              className="badge count"
              data-over={counted > limit || undefined}
              title={`${plural(counted, 'card')} of at most ${limit} in progress${counted > limit ? ': over the limit' : ''}`}
            >
              {num.format(counted)}/{num.format(limit)}
              {counted > limit && <span className="sr"> over the limit</span>}
            </span>
          ) : (
            <span className="badge count" title={`${count} cards`}>
              {num.format(count)}
            </span>
          )}
          <span className="muted">{num.format(points)} pts</span>
        </span>
      </h2>
      <div ref={list} className="column-list">
        {emergencies.length > 0 && (
          <ul className="emergency-lane" aria-label={`${name}, emergency lane`}>
            {emergencies.map(cardView)}
          </ul>
        )}
        {others.length > 0 && <ul aria-label={name}>{others.map(cardView)}</ul>}
        {cards.length === 0 && (
          <p className="empty-column">
            {count > 0 ? 'Nothing here fits the filter' : mayMove ? 'Drop a card here' : 'Empty'}
          </p>
        )}
      </div>
    </section>
  );
});

function useColumnDropTarget(
  ref: { readonly current: HTMLElement | null },
  list: { readonly current: HTMLElement | null },
  status: Status,
  mayMove: boolean,
) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!ref.current || !list.current || !mayMove) return;
    return combine(
      dropTargetForElements({
        element: ref.current,
        canDrop: ({ source }) => source.data.type === 'card',
        getData: () => ({ type: 'column', status }),
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: () => setOver(false),
      }),
      autoScrollForElements({ element: list.current, canScroll: ({ source }) => source.data.type === 'card' }),
    );
  }, [ref, list, status, mayMove]);
  return over;
}
