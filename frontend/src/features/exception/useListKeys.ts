import { type KeyboardEvent, useRef } from 'react';
import { useShortcuts } from '../../app/shortcuts';

/** J and K, and the arrows inside the list, move the focus from entry to entry; Enter opens the patch of the one. */
export function useListKeys() {
  const list = useRef<HTMLUListElement>(null);
  const go = (by: number) => {
    const entries = [...(list.current?.children ?? [])] as HTMLElement[];
    const now = entries.findIndex((e) => e.contains(document.activeElement));
    const to = now < 0 ? (by > 0 ? 0 : entries.length - 1) : now + by;
    entries[Math.max(0, Math.min(entries.length - 1, to))]?.focus();
  };
  const group = 'Exceptions';
  useShortcuts([
    { keys: 'j', label: 'Next entry (also ↓)', group, run: () => go(1) },
    { keys: 'k', label: 'Entry before (also ↑)', group, run: () => go(-1) },
  ]);
  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
    const entry = e.target as HTMLElement;
    if (e.key === 'ArrowDown') go(1);
    else if (e.key === 'ArrowUp') go(-1);
    else if (e.key === 'Enter' && entry.parentElement === list.current) entry.querySelector('a')?.click();
    else return;
    e.preventDefault();
  };
  return { list, onKeyDown };
}
