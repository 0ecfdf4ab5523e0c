import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { type CSSProperties, type KeyboardEvent, memo, type RefObject, useEffect } from 'react';
import type { Board, BoardColumn } from '../../api/schema';
import { num, plural } from '../../lib/format';
import type { Calendar } from '../../lib/workdays';
import type { CardCommands } from './CardView';
import { LaneCell } from './LaneCell';
import type { Lane, ShownColumn } from './lanes';
import type { Load } from './load';

interface Props {
  root: RefObject<HTMLDivElement | null>;
  board: Board;
  lanes: Lane[];
  /** Cards in progress of each person. */
  loads: Load[];
  /** The one column of a phone. */
  only: string | undefined;
  zone: string;
  /** The team's, by which ages are counted. */
  calendar: Calendar | undefined;
  active: string | null;
  selected: ReadonlySet<string>;
  mayMove: boolean;
  commands: CardCommands;
  onKeyDown: (e: KeyboardEvent<HTMLElement>) => void;
}

/** The columns' heads and the lanes below them. */
export function Lanes(props: Props) {
  const { root, board, only, zone, calendar, active, selected, mayMove, commands, onKeyDown } = props;
  const columns = board.columns.filter((c) => !only || c.status === only);
  useEffect(
    () =>
      root.current && mayMove
        ? autoScrollForElements({ element: root.current, canScroll: ({ source }) => source.data.type === 'card' })
        : undefined,
    [root, mayMove],
  );
  // on a phone a lane without a card in the one column is only in the way
  const here = (l: Lane) =>
    !only || l.kind === 'none' || l.columns.some((c) => c.status === only && c.cards.length > 0);
  const lanes = props.lanes.filter(here);
  const several = props.lanes.length > 1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the focused card bubble up to here
    <div className="board" ref={root} style={widths(columns)} data-only={only} onKeyDown={onKeyDown}>
      <div className="column-heads">
        {columns.map((c) => (
          <ColumnHead key={c.status} column={c} counted={countedIn(board, c)} limit={limitOf(board, c)} />
        ))}
      </div>
      {lanes.length === 0 && <p className="empty-column">No card is in this column.</p>}
      {lanes.map((lane) => (
        <section
          key={lane.id}
          className="lane"
          data-lane={lane.kind}
          data-fill={lane.kind === 'none' || undefined}
          aria-label={lane.name || 'Cards'}
        >
          {lane.name && <LaneHead lane={lane} board={board} load={props.loads.find((l) => l.id === lane.id)} />}
          <div className="lane-cells">
            {lane.columns
              .filter((c) => !only || c.status === only)
              .map((c) => (
                <LaneCell
                  key={c.status}
                  lane={lane.id}
                  status={c.status}
                  label={lane.name ? `${c.name}, ${lane.name}` : c.name}
                  cards={c.cards}
                  empty={several ? '' : emptyText(board, c, mayMove)}
                  zone={zone}
                  calendar={calendar}
                  ageDays={board.age_days}
                  active={c.cards.some((x) => x.key === active) ? active : null}
                  selected={c.cards.some((x) => selected.has(x.key)) ? selected : none}
                  mayMove={mayMove}
                  commands={commands}
                />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}

const none: ReadonlySet<string> = new Set();

const limitOf = (board: Board, c: BoardColumn) => (board.limits === 'off' ? 0 : c.limit);
/** Emergencies have their own lane and do not count. */
const countedIn = (board: Board, c: BoardColumn) =>
  board.emergency_lane ? c.cards.filter((x) => !x.emergency).length : c.cards.length;

function emptyText(board: Board, c: ShownColumn, mayMove: boolean): string {
  const all = board.columns.find((x) => x.status === c.status)?.cards.length ?? 0;
  return all > 0 ? 'Nothing here fits the filter' : mayMove ? 'Drop a card here' : 'Empty';
}

/** Empty columns are narrower, so that all of them fit a laptop's screen. */
function widths(columns: readonly BoardColumn[]): CSSProperties {
  const each = columns.map((c) => (c.cards.length > 0 ? 'minmax(160px, 1fr)' : 'minmax(118px, 0.5fr)'));
  return { '--columns': columns.length === 1 ? 'minmax(0, 1fr)' : each.join(' ') } as CSSProperties;
}

const ColumnHead = memo(function ColumnHead(p: { column: BoardColumn; counted: number; limit: number }) {
  const { column: c, counted, limit } = p;
  const over = limit > 0 && counted > limit;
  return (
    <div className="column-head">
      <h2 id={`column-${c.status}`}>
        <span className="column-name" title={c.name}>
          {c.name}
        </span>
        <span className="column-count">
          {limit > 0 ? (
            <span
              className="badge count"
              data-over={over || undefined}
              title={`${plural(counted, 'card')} of at most ${limit} in progress${over ? ': over the limit' : ''}`}
            >
              {num.format(counted)}/{num.format(limit)}
              {over && <span className="sr"> over the limit</span>}
            </span>
          ) : (
            <span className="badge count" title={plural(c.cards.length, 'card')}>
              {num.format(c.cards.length)}
            </span>
          )}
          <span className="muted">{num.format(c.points)} pts</span>
        </span>
      </h2>
    </div>
  );
});

/** Whose or what a lane is, with what it holds, and whether somebody has too much at once. */
function LaneHead({ lane, board, load }: { lane: Lane; board: Board; load: Load | undefined }) {
  const cards = lane.columns.flatMap((c) => c.cards);
  const points = cards.reduce((sum, c) => sum + (c.points ?? 0), 0);
  return (
    <h3 className="lane-head">
      <span className="lane-name">{lane.name}</span>
      <span className="muted">
        {plural(cards.length, 'card')} · {num.format(points)} pts
      </span>
      {load && <LoadBadge load={load} limit={board.limits === 'off' ? 0 : board.person_limit} />}
    </h3>
  );
}

/** "4/3 in progress", marked when it is over the person's limit. */
export function LoadBadge({ load, limit, named }: { load: Load; limit: number; named?: boolean }) {
  const over = limit > 0 && load.cards > limit;
  return (
    <span className="badge count" data-over={over || undefined}>
      {named && `${load.name} `}
      {limit > 0 ? `${load.cards}/${limit}` : load.cards} in progress
      {over && <span className="sr"> over the limit</span>}
    </span>
  );
}
