import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/utils/combine';
import { attachClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/attach-closest-edge';
import { extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/extract-closest-edge';
import { type MouseEvent, memo, useEffect, useRef, useState } from 'react';
import type { Card } from '../../api/schema';
import { bandLabel } from '../../lib/domain';
import { dateTime, dayOf, plural } from '../../lib/format';
import { ordinal } from '../../lib/ordinal';
import { type Calendar, workingDays } from '../../lib/workdays';
import { DueChip, dueState, Glyph, Hosts, Kev, Person, Points, Risk } from '../../ui/atoms';
import { type MenuEntry, RowMenu } from '../../ui/Menu';

export interface CardCommands {
  focus(key: string): void;
  open(key: string): void;
  select(key: string, to: 'toggle' | 'extend'): void;
  entries(key: string): MenuEntry[];
}

interface Props {
  card: Card;
  zone: string;
  /** The team's, by which ages are counted. */
  calendar: Calendar | undefined;
  /** Working days in one column from which a card is old; 0 is never. */
  ageDays: number;
  active: boolean;
  selected: boolean;
  mayMove: boolean;
  commands: CardCommands;
}

/** A patch on the board, in three lines. */
export const CardView = memo(function CardView(props: Props) {
  const { card: c, zone, calendar, ageDays, active, selected, mayMove, commands } = props;
  const age = ageOf(c, zone, ageDays, calendar);
  const ref = useRef<HTMLLIElement>(null);
  const { edge, dragging } = useCardDragging(ref, c.key, mayMove);
  const onClick = (e: MouseEvent) => {
    if ((e.target as HTMLElement).closest('button, a, [role=menu]')) return;
    if (e.shiftKey) commands.select(c.key, 'extend');
    else if (e.ctrlKey || e.metaKey) commands.select(c.key, 'toggle');
    else commands.open(c.key);
  };
  return (
    <li ref={ref} className="card-slot" data-dragging={dragging || undefined}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the board handles Enter for the focused card */}
      <article
        className="card"
        data-key={c.key}
        data-band={c.band}
        data-emergency={c.emergency || undefined}
        data-selected={selected || undefined}
        tabIndex={active ? 0 : -1}
        aria-label={selected ? `Selected: ${cardLabel(c, zone, calendar)}` : cardLabel(c, zone, calendar)}
        onFocus={() => commands.focus(c.key)}
        onClick={onClick}
      >
        <div className="card-top">
          <span className="key">{c.key}</span>
          {c.kev && <Kev />}
          {c.emergency ? (
            <span className="badge emergency">Emergency</span>
          ) : (
            c.unplanned && <span className="badge soft">Added</span>
          )}
          <span className="push">
            <RowMenu
              label={`Actions for ${c.key}`}
              heading={c.key}
              tabbable={active}
              entries={() => commands.entries(c.key)}
            />
          </span>
        </div>
        <div className="card-title">{c.title}</div>
        <div className="card-foot">
          <Risk value={c.priority} band={c.band} pill />
          <DueChip at={c.due_at} zone={zone} done={c.status === 'verified'} />
          {c.patched + c.assets > 1 && <Hosts patched={c.patched} open={c.assets} />}
          {c.tasks && (
            <span className="badge count" title="Tasks done">
              <Glyph name="check" size={11} /> {c.tasks_done ?? 0}/{c.tasks}
            </span>
          )}
          {c.blocked_since && (
            <span className="badge blocked" title={`Blocked since ${dateTime(c.blocked_since, zone)}`}>
              <Glyph name="stop" size={11} />
              {blockedText(c.blocked_since, zone, calendar)}
            </span>
          )}
          {age > 0 && (
            <span className="badge soft" title={`In this column since ${dateTime(c.since ?? '', zone)}`}>
              {age} d here
            </span>
          )}
          {c.carried > 0 && (
            <span className="badge carried" title={`Carried over ${plural(c.carried, 'time')}`}>
              {ordinal(c.carried + 1)} sprint
            </span>
          )}
          <span className="card-end">
            <span className="card-points" title="Story points">
              <Points value={c.points} />
            </span>
            <Person name={c.assignee?.name} bare />
            {c.co_assignees && (
              <span className="muted" title={`With ${coNames(c)}`}>
                +{c.co_assignees.length}
              </span>
            )}
          </span>
        </div>
      </article>
      {edge && <div className="drop-line" data-edge={edge} />}
    </li>
  );
});

const coNames = (c: Card) => c.co_assignees?.map((p) => p.name).join(', ') ?? '';

/** Working days in its column, where that is long; 0 for a card that is not old or done. */
function ageOf(c: Card, zone: string, limit: number, calendar?: Calendar): number {
  if (!c.since || limit === 0 || c.status === 'verified') return 0;
  const days = workingDays(dayOf(c.since, zone), dayOf(Date.now(), zone), calendar);
  return days >= limit ? days : 0;
}

/** "Blocked 3 d", in working days as the stand-up counts them. */
function blockedText(since: string, zone: string, calendar?: Calendar): string {
  const days = workingDays(dayOf(since, zone), dayOf(Date.now(), zone), calendar);
  return days > 0 ? `Blocked ${days} d` : 'Blocked';
}

/** The card in one sentence, for those who hear it. */
function cardLabel(c: Card, zone: string, calendar?: Calendar): string {
  const parts = [
    `${c.key} ${c.title}`,
    `${bandLabel[c.band]} priority ${Math.round(c.priority)}`,
    c.kev && 'known exploited',
    c.emergency && 'emergency',
    c.blocked_since && blockedText(c.blocked_since, zone, calendar).toLowerCase(),
    c.due_at && c.status !== 'verified' && `due ${dueState(c.due_at, zone).text}`,
    c.points === null ? 'not estimated' : plural(c.points, 'point'),
    c.assignee?.name ?? 'unassigned',
    c.co_assignees && `with ${coNames(c)}`,
    c.tasks && `${c.tasks_done ?? 0} of ${plural(c.tasks, 'task')} done`,
    c.patched + c.assets > 1 && `${c.patched} of ${c.patched + c.assets} hosts patched`,
    c.carried > 0 && `${ordinal(c.carried + 1)} sprint`,
  ];
  return parts.filter(Boolean).join(', ');
}

function useCardDragging(ref: { readonly current: HTMLElement | null }, key: string, mayMove: boolean) {
  const [edge, setEdge] = useState<string | null>(null);
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || !mayMove) return;
    return combine(
      draggable({
        element,
        getInitialData: () => ({ type: 'card', key }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.type === 'card' && source.element !== element,
        getData: ({ input }) =>
          attachClosestEdge({ type: 'card', key }, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [ref, key, mayMove]);
  return { edge, dragging };
}
