import { useEffect, useEffectEvent } from 'react';
import { createStore, readSetting, useStore, writeSetting } from '../lib/store';

/**
 * Keys are written as 'c', '?', 'Shift+c', 'Alt+ArrowUp', 'Alt+Shift+ArrowUp', 'Mod+k' (Ctrl, on a Mac also Cmd)
 * or, for two keys one after the other, 'g b'.
 */
export interface Shortcut {
  keys: string | string[];
  label: string;
  /** Heading in the help dialog: "Everywhere", "Backlog" … */
  group: string;
  /** Steps through the page and means nothing but a key: not a line of the palette. */
  keysOnly?: boolean;
  run: (event: KeyboardEvent) => void;
}

const sequenceTime = 1000;
const registered = createStore<readonly Shortcut[]>([]);
const singleKeys = createStore(readSetting('single-keys') !== 'off');

/** Single-key shortcuts are a preference of the browser: speech input and some aids press keys by accident. */
export const useSingleKeys = (): boolean => useStore(singleKeys);
export function setSingleKeys(on: boolean): void {
  writeSetting('single-keys', on ? 'on' : 'off');
  singleKeys.set(on);
}

/** Everything that works now, for the help dialog. */
export const useRegisteredShortcuts = () => useStore(registered);

/** Adds shortcuts until the returned function is called; the latest of equal keys wins. */
export function registerShortcuts(shortcuts: readonly Shortcut[]): () => void {
  registered.set([...registered.get(), ...shortcuts]);
  return () => registered.set(registered.get().filter((s) => !shortcuts.includes(s)));
}

/** Shortcuts of the page for as long as it is shown; keys and labels are read when `enabled` changes. */
export function useShortcuts(shortcuts: Shortcut[], enabled = true): void {
  const run = useEffectEvent((index: number, event: KeyboardEvent) => shortcuts[index]?.run(event));
  const shape = JSON.stringify(shortcuts.map(({ run: _, ...said }) => said));
  useEffect(() => {
    if (!enabled) return;
    const fixed = JSON.parse(shape) as Omit<Shortcut, 'run'>[];
    return registerShortcuts(fixed.map((s, index) => ({ ...s, run: (event) => run(index, event) })));
  }, [shape, enabled]);
}

/** How a key press is written in this file. */
export function pressed(event: KeyboardEvent): string {
  let key = event.key;
  // with Alt, a Mac types special characters: the physical key is what was meant
  if (event.altKey && /^Key[A-Z]$/.test(event.code)) key = event.code.slice(3).toLowerCase();
  const letter = /^[a-z]$/i.test(key);
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Mod');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey && (letter || key.length > 1)) parts.push('Shift'); // "?" already contains its Shift
  parts.push(letter ? key.toLowerCase() : key);
  return parts.join('+');
}

const typesText = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || !!target.closest('input:not([type=checkbox],[type=radio]),textarea,select'));

const inOverlay = (target: EventTarget | null) =>
  document.querySelector('[data-modal]') !== null ||
  (target instanceof HTMLElement && !!target.closest('[role=menu],[role=listbox]'));

const keysOf = (s: Shortcut) => (typeof s.keys === 'string' ? [s.keys] : s.keys);
const modified = (keys: string) => /(^|\+)(Mod|Alt)\+/.test(keys);
/** Keys a control handles itself when it has the focus. */
const controlKeys = new Set(['Enter', ' ']);

let prefix = '';
let prefixAt = 0;

/** Exported for the tests; installed once by `startShortcuts`. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = pressed(event);
  if (!modified(key) && !allowed(event, key)) {
    prefix = '';
    return;
  }
  const sequence = prefix && performance.now() - prefixAt < sequenceTime ? `${prefix} ${key}` : '';
  const hit = (sequence && find(sequence)) || find(key);
  prefix = '';
  if (hit) {
    event.preventDefault();
    hit.run(event);
  } else if (registered.get().some((s) => keysOf(s).some((k) => k.startsWith(`${key} `)))) {
    prefix = key;
    prefixAt = performance.now();
  }
}

function allowed(event: KeyboardEvent, key: string): boolean {
  if (typesText(event.target) || inOverlay(event.target)) return false;
  if (controlKeys.has(key) && event.target instanceof HTMLElement && event.target.closest('a,button')) return false;
  // arrows, Enter and Escape are no characters: they stay when single keys are off
  return singleKeys.get() || key.replace('Shift+', '').length > 1;
}

const find = (keys: string) => registered.get().findLast((s) => keysOf(s).includes(keys));

export function startShortcuts(): void {
  addEventListener('keydown', handleKey);
}
