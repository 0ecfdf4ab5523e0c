import { useQueryClient } from '@tanstack/react-query';
import { type PointerEvent, useRef } from 'react';
import type { PatchColumn } from '../../../api/schema';
import { columns } from '../columns';
import { fitting, keepWidth, widthsIn } from './widths';
import './finding.css';

interface Props {
  team: string;
  column: PatchColumn;
}

/** The edge of a column: dragged it sets the width, a double click gives the usual one back. The dialog of the columns does the same by keyboard. */
export function ColumnSizer({ team, column }: Props) {
  const client = useQueryClient();
  const drag = useRef<{ x: number; from: number; width: number } | null>(null);
  const keep = (width: number | undefined) => void keepWidth(client, team, column, width);
  const show = (edge: HTMLElement, width: number | undefined) => {
    const grid = edge.closest<HTMLElement>('.bgrid');
    if (width === undefined) grid?.style.removeProperty(`--w-${column}`);
    else grid?.style.setProperty(`--w-${column}`, `${width}px`);
  };
  const down = (e: PointerEvent<HTMLElement>) => {
    if (e.button !== 0) return;
    e.preventDefault();
    const from = e.currentTarget.parentElement?.getBoundingClientRect().width ?? 0;
    drag.current = { x: e.clientX, from, width: from };
    e.currentTarget.setPointerCapture(e.pointerId);
  };
  const move = (e: PointerEvent<HTMLElement>) => {
    if (!drag.current) return;
    drag.current.width = fitting(drag.current.from + e.clientX - drag.current.x);
    show(e.currentTarget, drag.current.width);
  };
  const end = (e: PointerEvent<HTMLElement>) => {
    const { from, width } = drag.current ?? { from: 0, width: 0 };
    drag.current = null;
    if (e.type === 'pointerup' && width !== from) keep(width);
    else show(e.currentTarget, widthsIn(client, team)[column]);
  };
  return (
    <span
      className="sizer"
      aria-hidden
      title={`Drag to set the width of ${columns[column].label}; a double click gives the usual one`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={(e) => {
        show(e.currentTarget, undefined);
        keep(undefined);
      }}
    />
  );
}
