import type { Patch } from '../../api/schema';
import { num, plural } from '../../lib/format';
import type { DragKit } from './withDrag';

/** What is dragged between backlog and sprints: patches, and the sprint they come out of. */
export interface Dragged {
  type: 'patches';
  patches: Patch[];
  from: number | null;
  [key: string]: unknown;
}

export const isDragged = (data: Record<string | symbol, unknown>): data is Dragged & Record<string | symbol, unknown> =>
  data.type === 'patches';

export const pointsOf = (patches: readonly Pick<Patch, 'points'>[]) => patches.reduce((s, p) => s + (p.points ?? 0), 0);

/** "INF-4 · 3 pts", "5 patches · 21 pts": what the pointer carries. */
export const draggedText = (patches: readonly Patch[]) =>
  `${patches.length === 1 ? patches[0]?.key : plural(patches.length, 'patch', 'patches')} · ${num.format(pointsOf(patches))} pts`;

type PreviewArgs = { nativeSetDragImage: DataTransfer['setDragImage'] | null };

/** Several rows are carried as one label; the browser's own picture would show only the first. */
export function previewOf(kit: DragKit, patches: readonly Patch[], { nativeSetDragImage }: PreviewArgs): void {
  kit.setCustomNativeDragPreview({
    nativeSetDragImage,
    render({ container }) {
      const label = document.createElement('div');
      label.className = 'drag-preview';
      label.textContent = draggedText(patches);
      container.append(label);
    },
  });
}
