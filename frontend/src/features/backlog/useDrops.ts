import { useEffect, useEffectEvent } from 'react';
import { pauseLive } from '../../api/live';
import { anchorAt } from '../../lib/moves';
import { type Dragged, isDragged } from '../../ui/patch/dragging';
import { type DragKit, withDrag } from '../../ui/patch/withDrag';
import type { BacklogCommands } from './useBacklogCommands';

/** What happens to what is dropped: a new place, into a sprint, or out of one. */
export function useDrops(page: BacklogCommands): void {
  const drop = useEffectEvent((kit: DragKit, dragged: Dragged, over: Record<string | symbol, unknown>) => {
    const { patches, from } = dragged;
    if (over.type === 'sprint') void page.planning.add(patches, over.n as number).then(page.selection.clear);
    else if (over.type === 'backlog' && from !== null) void page.planning.remove(patches, from);
    else if (over.type === 'row') {
      const edge = kit.extractClosestEdge(over) === 'bottom' ? 'bottom' : 'top';
      page.placer.move(page.shown, new Set(patches.map((p) => p.key)), anchorAt(page.rows, over.key as string, edge));
      if (patches[0]) page.go(patches[0].key);
    }
  });
  useEffect(() => {
    let resume: (() => void) | undefined;
    const stop = withDrag((kit) =>
      kit.monitorForElements({
        canMonitor: ({ source }) => isDragged(source.data),
        onDragStart: () => {
          resume = pauseLive();
        },
        onDrop: ({ source, location }) => {
          resume?.();
          const over = location.current.dropTargets[0];
          if (over && isDragged(source.data)) drop(kit, source.data, over.data);
        },
      }),
    );
    return () => {
      stop();
      resume?.();
    };
  }, []);
}
