import type { KeyboardEvent, RefObject } from 'react';
import { useShortcuts } from '../../app/shortcuts';
import type { BacklogCommands } from './useBacklogCommands';

/** The keys of the backlog: single letters anywhere on the page, the others while the grid has the focus. */
export function useBacklogKeys(page: BacklogCommands, search: RefObject<HTMLInputElement | null>) {
  const { rows, active, selection } = page;
  const index = rows.findIndex((p) => p.key === active);
  const go = (to: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!row) return;
    page.go(row.key);
    page.focusGrid();
  };
  const group = 'Backlog';
  useShortcuts([
    { keys: '/', label: 'Search', group, run: () => search.current?.focus() },
    { keys: 'f', label: 'Filter by conditions', group, run: () => page.ask({ kind: 'filter' }) },
    { keys: 'v', label: 'Views', group, run: () => page.ask({ kind: 'views' }) },
    { keys: 'o', label: 'Columns and export', group, run: () => page.ask({ kind: 'columns' }) },
    { keys: 'm', label: 'Change the selected ones', group, run: page.changeSelected },
    { keys: 'c', label: 'New patch', group, run: () => page.ask({ kind: 'create' }) },
    { keys: 'j', label: 'Next row (also ↓)', group, keysOnly: true, run: () => go(index + 1) },
    { keys: 'k', label: 'Row before (also ↑)', group, keysOnly: true, run: () => go(index - 1) },
    {
      keys: 'x',
      label: 'Select the row (Shift ↑ ↓ for several)',
      group,
      keysOnly: true,
      run: () => active && selection.toggle(active),
    },
    { keys: 'e', label: 'Estimate', group, run: page.edit },
    { keys: 'a', label: 'Assign', group, run: () => void page.assign() },
    { keys: 'i', label: 'Assign to me', group, run: () => void page.assignMe() },
    { keys: 'l', label: 'Label', group, run: page.changeSelected },
    { keys: 'b', label: 'Report a blocker', group, run: page.block },
    { keys: 'Shift+c', label: 'Put into the sprint', group, run: page.intoSprint },
    { keys: 'Alt+ArrowUp', label: 'Move up', group, run: () => void page.move('up') },
    { keys: 'Alt+ArrowDown', label: 'Move down', group, run: () => void page.move('down') },
    { keys: 'Alt+Shift+ArrowUp', label: 'Move to the top', group, run: () => void page.move('top') },
    { keys: 'Alt+Shift+ArrowDown', label: 'Move to the end', group, run: () => void page.move('bottom') },
  ]);

  return (e: KeyboardEvent) => {
    // keys of controls inside the grid, and everything with modifiers that is registered above, pass by
    if (e.target === e.currentTarget && (e.ctrlKey || e.metaKey) && e.key === 'a') {
      e.preventDefault();
      return selection.set(rows.map((p) => p.key));
    }
    if (e.target !== e.currentTarget || e.ctrlKey || e.metaKey || e.altKey) return;
    const by = steps[e.key];
    if (by !== undefined) {
      const to = by === 'first' ? 0 : by === 'last' ? rows.length - 1 : index + by;
      if (e.shiftKey && active) {
        if (selection.keys.size === 0) selection.toggle(active);
        const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
        if (row) selection.extend(row.key);
      }
      go(to);
    } else if ((e.key === 'Enter' || e.key === ' ') && active) page.open(active);
    else if (e.key === 'Escape' && selection.keys.size > 0) selection.clear();
    else return;
    e.preventDefault();
  };
}

const steps: Record<string, number | 'first' | 'last'> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: 'first',
  End: 'last',
};
