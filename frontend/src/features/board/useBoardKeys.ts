import type { KeyboardEvent, RefObject } from 'react';
import { useShortcuts } from '../../app/shortcuts';
import type { Lane } from './lanes';
import { focusAfter, stepOf, type Target, targetAfter } from './steps';

interface Board {
  lanes: Lane[];
  /** The card that has the focus, or would get it. */
  active: string | null;
  search: RefObject<HTMLInputElement | null>;
  selection: { keys: ReadonlySet<string>; toggle(key: string): void; extend(key: string): void; clear(): void };
  work: { ask(key: string): void; assignMe(key: string): void };
  block(key: string): void;
  focus(key: string | null): void;
  move(key: string, target: Target | null): void;
  open(key: string): void;
  peek(key: string): void;
}

/** The keys of the board: those of the page, and the handler for those of a card that has the focus. */
export function useBoardKeys(b: Board) {
  const { active } = b;
  const group = 'Sprint board';
  useShortcuts([
    { keys: '/', label: 'Filter', group, run: () => b.search.current?.focus() },
    { keys: 'a', label: 'Assign the card', group, run: () => active && b.work.ask(active) },
    { keys: 'i', label: 'Assign the card to me', group, run: () => active && b.work.assignMe(active) },
    { keys: 'b', label: 'Report a blocker of the card', group, run: () => active && b.block(active) },
    {
      keys: 'x',
      label: 'Select the card (Shift and arrows for more)',
      group,
      keysOnly: true,
      run: () => active && b.selection.toggle(active),
    },
    {
      keys: 'j',
      label: 'To the cards (then arrows or HJKL; Alt or Shift moves the card)',
      group,
      keysOnly: true,
      run: () => b.focus(active),
    },
  ]);
  return (e: KeyboardEvent<HTMLElement>) => {
    const key = (e.target as HTMLElement).dataset.key;
    if (!key) return; // a button inside the card, a menu
    const hit = stepOf(e);
    if (hit?.card) b.move(key, targetAfter(b.lanes, key, hit.step));
    else if (hit) b.focus(focusAfter(b.lanes, key, hit.step));
    else if (e.shiftKey && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      b.selection.extend(key);
      const to = focusAfter(b.lanes, key, e.key === 'ArrowDown' ? 'down' : 'up');
      if (to) b.selection.extend(to);
      b.focus(to);
    } else if (e.key === 'Enter') b.open(key);
    else if (e.key === ' ') b.peek(key);
    else if (e.key === 'Escape' && b.selection.keys.size > 0) b.selection.clear();
    else return;
    e.preventDefault();
  };
}
