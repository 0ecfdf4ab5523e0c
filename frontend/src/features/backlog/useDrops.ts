import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/extract-closest-edge';
import { useEffect, useEffectEvent } from 'react';
import { pauseLive } from '../../api/live';
import { anchorAt } from '../../lib/moves';
import { type Dragged, isDragged } from '../../ui/patch/dragging';
import type { BacklogCommands } from './useBacklogCommands';

/** What happens to what is dropped: a new place, into a sprint, or out of one. */
export function useDrops(page: BacklogCommands): void {
  const drop = useEffectEvent((dragged: Dragged, over: Record<string | symbol, unknown>) => {
    const { patches, from } = dragged;
    if (over.type === 'sprint') void page.planning.add(patches, over.n as number).then(page.selection.clear);
    else if (over.type === 'backlog' && from !== null) void page.planning.remove(patches, from);
    else if (over.type === 'row') {
      const edge = extractClosestEdge(over) === 'bottom' ? 'bottom' : 'top';
      page.placer.move(page.shown, new Set(patches.map((p) => p.key)), anchorAt(page.rows, over.key as string, edge));
      if (patches[0]) page.go(patches[0].key);
    }
  });
  useEffect(() => {
    let resume: (() => void) | undefined;
    const stop = monitorForElements({
      canMonitor: ({ source }) => isDragged(source.data),
      onDragStart: () => {
        resume = pauseLive();
      },
      onDrop: ({ source, location }) => {
        resume?.();
        const over = location.current.dropTargets[0];
        if (over && isDragged(source.data)) drop(source.data, over.data);
      },
    });
    return () => {
      stop();
      resume?.();
    };
  }, []);
}
