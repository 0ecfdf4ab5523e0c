import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/extract-closest-edge';
import { useEffect, useEffectEvent } from 'react';
import { pauseLive, useLive } from '../../api/live';
import type { Board, Status } from '../../api/schema';
import { useGathered } from '../../lib/useGathered';
import type { Mover } from './mover';
import type { Target } from './steps';

/** What changes nothing on a board. */
const idle = new Set([
  'asset.changed',
  'member.changed',
  'patch.placed',
  'board.viewers',
  'view.changed',
  'standup.changed',
]);

export function useBoardLive(team: string, mover: Mover): void {
  const gather = useGathered(60);
  useLive(team, (event) => {
    if (idle.has(event.kind)) return;
    // cards that did not change keep their identity and are not drawn again
    gather(() => mover.refresh());
  });
}

/** A card that changes its column is a new element: the focus follows it. */
export function useRefocus(
  root: { readonly current: HTMLElement | null },
  wanted: { current: string | null },
  focused: string | null,
  board: Board,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: after every drawing of the board
  useEffect(() => {
    const lost = focused && document.activeElement === document.body;
    const key = wanted.current ?? (lost && document.hasFocus() ? focused : null);
    wanted.current = null;
    if (key) root.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  }, [board, focused]);
}

/** What a drop means: a place beside a card, or the end of a lane's part of a column. */
export function useBoardDrops(move: (key: string, target: Target) => void): void {
  const drop = useEffectEvent(move);
  useEffect(() => {
    let resume: (() => void) | undefined;
    const stop = monitorForElements({
      canMonitor: ({ source }) => source.data.type === 'card',
      onDragStart: () => {
        resume = pauseLive();
      },
      onDrop: ({ source, location }) => {
        resume?.();
        const [over, column] = location.current.dropTargets;
        if (!over) return;
        const cell = (column ?? over).data as { status: Status; lane: string; last?: string };
        const key = source.data.key as string;
        const inside = over.data.type === 'card' ? (over.data.key as string) : undefined;
        const beside = inside ?? (cell.last === key ? undefined : cell.last);
        const edge = !inside || extractClosestEdge(over.data) === 'bottom' ? 'after' : 'before';
        drop(key, { status: cell.status, lane: cell.lane, ...(beside && { [edge]: beside }) });
      },
    });
    return () => {
      stop();
      resume?.();
    };
  }, []);
}
