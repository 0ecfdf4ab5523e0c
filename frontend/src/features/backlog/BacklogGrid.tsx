// biome-ignore-all lint/a11y/useSemanticElements: rows that come and go while scrolling cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid is the one tab stop and names its active row
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  lazy,
  type ReactNode,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useState,
} from 'react';
import type { Patch, PatchColumn } from '../../api/schema';
import { useMedia } from '../../lib/media';
import { isDragged } from '../../ui/patch/dragging';
import { withDrag } from '../../ui/patch/withDrag';
import { BacklogRow, type RowCommands } from './BacklogRow';
import { cellOf, columns, tracks, usual, widthStyle } from './columns';
import type { Line } from './lines';

const ColumnSizer = lazy(() => import('./finding/ColumnSizer').then((m) => ({ default: m.ColumnSizer })));

const headHeight = 33;
interface Props {
  scroller: RefObject<HTMLDivElement | null>;
  rows: Patch[];
  lines: Line[];
  total: number;
  complete: boolean;
  active: string | null;
  selected: ReadonlySet<string>;
  editing: string | null;
  zone: string;
  mayRank: boolean;
  mayWork: boolean;
  ranked: boolean;
  whole: boolean;
  /** Chosen columns; none for the usual ones. */
  columns: readonly PatchColumn[];
  comfortable: boolean;
  /** Pixels by column, where somebody set them. */
  widths: Readonly<Record<string, number>>;
  team: string;
  words: string | undefined;
  commands: RowCommands;
  onSee: (index: number) => void;
  onKeyDown: (e: KeyboardEvent) => void;
  /** The row to bring into sight once it is drawn. */
  reveal: { current: string | null };
  /** Shown in place of rows. */
  children?: ReactNode;
}

/** The rows in sight; one tab stop, the active row is named by aria-activedescendant. */
export function BacklogGrid(props: Props) {
  const { scroller, rows, active, onSee, reveal } = props;
  const phone = useMedia('(max-width: 48em)');
  const height = phone ? 56 : props.comfortable ? 44 : 36;
  const custom = !phone && props.columns.length > 0;
  const shown = custom ? props.columns : usual;
  const sized = !phone && Object.keys(props.widths).length > 0;
  const style = { ...(custom && tracks(shown)), ...(sized && widthStyle(props.widths)) } as CSSProperties;
  const activeIndex = active ? rows.findIndex((p) => p.key === active) : -1;
  const rangeExtractor = useCallback(
    // the active row stays in the document, or aria-activedescendant would point nowhere
    (range: Range) =>
      [...new Set([...(activeIndex >= 0 ? [activeIndex] : []), ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
    [activeIndex],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    getItemKey: (i) => rows[i]?.key ?? i,
    rangeExtractor,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are cached; another height makes them stale
  useEffect(() => virtual.measure(), [height]);
  const lastVisible = virtual.range?.endIndex ?? 0;
  useEffect(() => onSee(lastVisible), [lastVisible, onSee]);
  useEffect(() => {
    if (!reveal.current) return;
    const index = rows.findIndex((p) => p.key === reveal.current);
    reveal.current = null;
    if (index >= 0) virtual.scrollToIndex(index);
  });
  const over = useGridDropTarget(scroller);
  return (
    <div
      ref={scroller}
      className="bgrid"
      style={style}
      data-columns={custom || undefined}
      data-sized={sized || undefined}
      data-high={props.comfortable || undefined}
      role="grid"
      aria-label="Patch backlog"
      aria-multiselectable="true"
      aria-rowcount={props.complete ? props.total + 1 : -1}
      aria-activedescendant={activeIndex >= 0 ? `row-${active}` : undefined}
      aria-describedby="grid-help"
      tabIndex={0}
      data-over={over || undefined}
      onKeyDown={props.onKeyDown}
    >
      <Head ranked={props.whole} shown={shown} team={phone ? '' : props.team} />
      <div role="rowgroup" className="brows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((v) => {
          const patch = rows[v.index];
          return (
            patch && (
              <BacklogRow
                key={patch.key}
                patch={patch}
                index={v.index}
                start={v.start - headHeight}
                zone={props.zone}
                active={v.index === activeIndex}
                selected={props.selected.has(patch.key)}
                editing={props.editing === patch.key}
                mayRank={props.mayRank}
                mayWork={props.mayWork}
                ranked={props.ranked}
                columns={shown}
                words={props.words}
                commands={props.commands}
              />
            )
          );
        })}
        {props.lines.map((l) => (
          <div
            key={`${l.kind} ${l.index} ${l.text}`}
            className="bline"
            data-kind={l.kind}
            role="presentation"
            style={{ transform: `translateY(${l.index * height - 1}px)` }}
          >
            <span title={l.help}>{l.text}</span>
          </div>
        ))}
      </div>
      {props.children}
    </div>
  );
}

interface HeadProps {
  ranked: boolean;
  shown: readonly PatchColumn[];
  /** Whose widths can be set; none on a phone. */
  team: string;
}

const Head = ({ ranked, shown, team }: HeadProps) => (
  <div className="brow head" role="row" aria-rowindex={1}>
    {shown.map((id) => (
      <div
        key={id}
        role="columnheader"
        className={`c-${cellOf(id)}${id === 'assets' || id === 'points' ? ' num' : ''}`}
        style={usual.includes(id) ? undefined : { gridArea: cellOf(id) }}
        title={id === 'rank' && !ranked ? 'Position in this list' : undefined}
      >
        {id === 'rank' && !ranked ? '#' : columns[id].label}
        {team && (
          <Suspense>
            <ColumnSizer team={team} column={id} />
          </Suspense>
        )}
      </div>
    ))}
    <div role="columnheader" className="c-menu">
      <span className="sr">Actions</span>
    </div>
  </div>
);

/** The whole grid takes items that are dragged out of a sprint. */
function useGridDropTarget(scroller: RefObject<HTMLDivElement | null>): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    return withDrag((kit) =>
      kit.combine(
        kit.autoScrollForElements({ element, canScroll: ({ source }) => isDragged(source.data) }),
        kit.dropTargetForElements({
          element,
          canDrop: ({ source }) => isDragged(source.data) && source.data.from !== null,
          getData: () => ({ type: 'backlog' }),
          onDragEnter: () => setOver(true),
          onDragLeave: () => setOver(false),
          onDrop: () => setOver(false),
        }),
      ),
    );
  }, [scroller]);
  return over;
}

/** Something else than a patch, as the only row or the last one. */
export const NoteRow = ({ children }: { children: ReactNode }) => (
  <div role="row">
    <div role="gridcell">{children}</div>
  </div>
);
