// biome-ignore-all lint/a11y/useSemanticElements: rows that come and go while scrolling cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid is the one tab stop and names its active row
import { Fragment, lazy, type MouseEvent, memo, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import type { Patch, PatchColumn } from '../../api/schema';
import { num, plural } from '../../lib/format';
import { useStore } from '../../lib/store';
import { DueChip, Glyph, Hosts, Kev, Person, Points, Risk, StatusBadge } from '../../ui/atoms';
import { type MenuEntry, RowMenu } from '../../ui/Menu';
import { type Dragged, isDragged, previewOf } from '../../ui/patch/dragging';
import { PointsInput } from '../../ui/patch/PointsInput';
import { withDrag } from '../../ui/patch/withDrag';
import { cellOf, textOf } from './columns';
import { hidden, Marked } from './Marked';
import { movedBy } from './moved';
import { placementText } from './placement';

const InTimeCell = lazy(() => import('../../ui/patch/InTimeCell'));

/** What a row asks its page to do; the object stays the same, so that rows need not be drawn again. */
export interface RowCommands {
  activate(key: string): void;
  select(key: string, extend: boolean): void;
  open(key: string): void;
  edit(key: string | null): void;
  estimate(key: string, points: number | null): void;
  entries(key: string): MenuEntry[];
  /** The patches that go along when this row is dragged. */
  carried(key: string): Patch[];
}

interface Props {
  patch: Patch;
  index: number;
  start: number;
  zone: string;
  active: boolean;
  selected: boolean;
  editing: boolean;
  mayRank: boolean;
  mayWork: boolean;
  /** Position equals rank: the whole backlog in its order. */
  ranked: boolean;
  columns: readonly PatchColumn[];
  /** What was searched for, to be marked. */
  words: string | undefined;
  commands: RowCommands;
}

export const BacklogRow = memo(function BacklogRow(props: Props) {
  const { patch: p, index, start, active, selected, mayRank, mayWork, ranked, commands } = props;
  const ref = useRef<HTMLDivElement>(null);
  const { edge, dragging } = useRowDragging(ref, p.key, mayRank && ranked, mayRank || mayWork, commands);
  const onClick = (e: MouseEvent) => {
    if ((e.target as HTMLElement).closest('button, a, input')) return;
    if (e.ctrlKey || e.metaKey || e.shiftKey) commands.select(p.key, e.shiftKey);
    commands.activate(p.key);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys for its active row
    <div
      ref={ref}
      id={`row-${p.key}`}
      className="brow"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-active={active || undefined}
      data-dragging={dragging || undefined}
      data-key={p.key}
      style={{ transform: `translateY(${start}px)` }}
      onClick={onClick}
      onDoubleClick={() => commands.open(p.key)}
    >
      {props.columns.map((c) => (
        <Fragment key={c}>{cells[c]?.(props) ?? <TextCell patch={p} column={c} />}</Fragment>
      ))}
      <div role="gridcell" className="c-menu">
        <RowMenu
          label={`Actions for ${p.key}`}
          heading={p.key}
          tabbable={active}
          entries={() => commands.entries(p.key)}
        />
      </div>
      {edge && <div className="drop-line" data-edge={edge} />}
    </div>
  );
});

/** The cells that are more than text. */
const cells: { [C in PatchColumn]?: (props: Props) => ReactNode } = {
  rank: ({ mayRank, ranked, index }) => (
    <div role="gridcell" className="c-rank">
      {mayRank && ranked && <Glyph name="grip" size={14} className="grip" />}
      {num.format(index + 1)}
    </div>
  ),
  key: ({ patch: p, commands }) => (
    <div role="gridcell" className="c-key">
      <button type="button" className="key-button key" tabIndex={-1} onClick={() => commands.open(p.key)}>
        {p.key}
      </button>
    </div>
  ),
  title: ({ patch, words }) => <TitleCell patch={patch} words={words} />,
  priority: ({ patch: p }) => (
    <div role="gridcell" className="c-risk">
      <Risk value={p.priority} band={p.band} />
      <Pin patch={p} />
    </div>
  ),
  kev: ({ patch: p }) => (
    <div role="gridcell" className="c-kev">
      {p.kev && <Kev />}
    </div>
  ),
  due: ({ patch: p, zone }) => (
    <div role="gridcell" className="c-due">
      <DueChip
        at={p.due_at}
        zone={zone}
        policy={p.due_policy}
        done={p.status === 'verified' || p.status === 'dropped'}
      />
    </div>
  ),
  assets: ({ patch: p }) => (
    <div
      role="gridcell"
      className="c-assets num"
      title={`${plural(p.assets, 'asset')} affected, ${plural(p.findings, 'open finding')}`}
    >
      <Hosts patched={p.patched} open={p.assets} />
    </div>
  ),
  points: ({ patch: p, editing, mayWork, commands }) => (
    <div role="gridcell" className="c-points num">
      {editing ? (
        <PointsInput
          value={p.points}
          label={`Points of ${p.key}`}
          onSave={(v) => commands.estimate(p.key, v)}
          onDone={() => commands.edit(null)}
        />
      ) : mayWork ? (
        <button
          type="button"
          className="points-button"
          tabIndex={-1}
          aria-label={`Estimate ${p.key}: ${p.points ?? 'not estimated'}`}
          onClick={() => commands.edit(p.key)}
        >
          <Points value={p.points} />
        </button>
      ) : (
        <Points value={p.points} />
      )}
    </div>
  ),
  assignee: ({ patch: p }) => (
    <div role="gridcell" className="c-person">
      <Person name={p.assignee?.name} bare />
      <span className="person-name clip">{p.assignee?.name}</span>
    </div>
  ),
  in_time: ({ patch: p }) => (
    <div role="gridcell" className="c-more" style={{ gridArea: 'in_time' }}>
      <Suspense>
        <InTimeCell patchKey={p.key} />
      </Suspense>
    </div>
  ),
  status: ({ patch: p }) => (
    <div role="gridcell" className="c-status">
      <StatusBadge status={p.status} />
    </div>
  ),
};

const TextCell = ({ patch, column }: { patch: Patch; column: PatchColumn }) => (
  <div role="gridcell" className="c-more clip" style={{ gridArea: cellOf(column) }} title={textOf(patch, column)}>
    {textOf(patch, column)}
  </div>
);

const TitleCell = ({ patch: p, words }: { patch: Patch; words: string | undefined }) => (
  <div role="gridcell" className="c-title" title={[p.title, p.component].filter(Boolean).join(' · ')}>
    <span className="clip">
      {words ? <Marked text={p.title} words={words} /> : p.title}
      {componentText(p) && (
        <span className="component">
          {' '}
          {words ? <Marked text={componentText(p)} words={words} /> : componentText(p)}
        </span>
      )}
      {words && hidden(p, words) && <span className="component"> · found by a vulnerability or an asset</span>}
    </span>
    {p.sprint !== null && (
      <span className="badge soft" title={`In Sprint ${p.sprint}`}>
        S{p.sprint}
      </span>
    )}
  </div>
);

/** The component where the title does not name it already; its ecosystem is in the panel. */
function componentText(p: Patch): string {
  const name = p.component.replace(/^[a-z-]+:/, '');
  return p.title.includes(name) ? '' : name;
}

/** Placed by hand: a pin, and an arrow for how far that is from the computed place. */
function Pin({ patch: p }: { patch: Patch }) {
  const moved = useStore(movedBy).get(p.key);
  if (!p.placement) return <span className="pin">{moved && <Moved by={moved} />}</span>;
  const { drift } = p.placement;
  return (
    <span className="pin" title={placementText(p.placement)}>
      <Glyph name="pin" size={12} />
      {drift !== 0 && (
        <small>
          {drift > 0 ? '↑' : '↓'}
          {Math.abs(drift) > 99 ? '99+' : Math.abs(drift)}
        </small>
      )}
      <span className="sr">{placementText(p.placement)}</span>
    </span>
  );
}

/** Its priority has moved since one looked. */
const Moved = ({ by }: { by: number }) => (
  <small title={`${by > 0 ? 'Rose' : 'Fell'} by ${Math.abs(by).toFixed(1)} since you looked`}>
    {by > 0 ? '▲' : '▼'}
  </small>
);

function useRowDragging(
  ref: { readonly current: HTMLElement | null },
  key: string,
  mayDrop: boolean,
  mayDrag: boolean,
  commands: RowCommands,
) {
  const [edge, setEdge] = useState<string | null>(null);
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || !mayDrag) return;
    return withDrag((kit) => {
      const drag = kit.draggable({
        element,
        canDrag: ({ input }) => !(document.elementFromPoint(input.clientX, input.clientY)?.closest('input') ?? false),
        getInitialData: (): Dragged => ({ type: 'patches', patches: commands.carried(key), from: null }),
        onGenerateDragPreview: ({ nativeSetDragImage, source }) =>
          isDragged(source.data) && previewOf(kit, source.data.patches, { nativeSetDragImage }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      });
      const drop = kit.dropTargetForElements({
        element,
        canDrop: ({ source }) => mayDrop && isDragged(source.data) && source.data.from === null,
        getData: ({ input }) =>
          kit.attachClosestEdge({ type: 'row', key }, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self, source }) => setEdge(source.element === element ? null : kit.extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      });
      return kit.combine(drag, drop);
    });
  }, [ref, key, mayDrop, mayDrag, commands]);
  return { edge, dragging };
}
