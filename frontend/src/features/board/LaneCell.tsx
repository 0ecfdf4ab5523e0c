import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { memo, useEffect, useRef, useState } from 'react';
import type { Card, Status } from '../../api/schema';
import type { Calendar } from '../../lib/workdays';
import { type CardCommands, CardView } from './CardView';

interface Props {
  lane: string;
  status: Status;
  /** The column's name, and the lane's where it has one. */
  label: string;
  cards: Card[];
  /** What is said where no card is. */
  empty: string;
  ageDays: number;
  zone: string;
  calendar: Calendar | undefined;
  active: string | null;
  selected: ReadonlySet<string>;
  mayMove: boolean;
  commands: CardCommands;
}

/** The part of a column that is in one lane; dropped on empty space, a card goes to its end. */
export const LaneCell = memo(function LaneCell(props: Props) {
  const { lane, status, label, cards, empty, ageDays, zone, calendar, active, selected, mayMove, commands } = props;
  const ref = useRef<HTMLElement>(null);
  const over = useCellDropTarget(ref, lane, status, cards.at(-1)?.key, mayMove);
  return (
    <section ref={ref} className="column" data-status={status} data-over={over || undefined} aria-label={label}>
      {cards.length > 0 && (
        <ul aria-label={label}>
          {cards.map((c) => (
            <CardView
              key={c.key}
              card={c}
              zone={zone}
              calendar={calendar}
              ageDays={ageDays}
              active={c.key === active}
              selected={selected.has(c.key)}
              mayMove={mayMove}
              commands={commands}
            />
          ))}
        </ul>
      )}
      {cards.length === 0 && empty && <p className="empty-column">{empty}</p>}
    </section>
  );
});

function useCellDropTarget(
  ref: { readonly current: HTMLElement | null },
  lane: string,
  status: Status,
  last: string | undefined,
  mayMove: boolean,
) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!ref.current || !mayMove) return;
    return dropTargetForElements({
      element: ref.current,
      canDrop: ({ source }) => source.data.type === 'card',
      getData: () => ({ type: 'column', status, lane, last }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [ref, lane, status, last, mayMove]);
  return over;
}
