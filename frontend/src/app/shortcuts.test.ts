import { afterEach, expect, test, vi } from 'vitest';
import { handleKey, pressed, registerShortcuts, setSingleKeys } from './shortcuts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
  setSingleKeys(true);
  document.body.replaceChildren();
});

function on(keys: string, run = vi.fn()) {
  cleanups.push(registerShortcuts([{ keys, label: keys, group: 'Test', run }]));
  return run;
}

function press(key: string, init: KeyboardEventInit = {}, target: HTMLElement = document.body) {
  const event = new KeyboardEvent('keydown', { key, cancelable: true, ...init });
  Object.defineProperty(event, 'target', { value: target });
  handleKey(event);
  return event;
}

function add(html: string): HTMLElement {
  const holder = document.createElement('div');
  holder.innerHTML = html;
  document.body.append(holder);
  return holder.firstElementChild as HTMLElement;
}

test('keys are written the same way they are registered', () => {
  const event = (key: string, init: KeyboardEventInit = {}) => pressed(new KeyboardEvent('keydown', { key, ...init }));
  expect(event('c')).toBe('c');
  expect(event('C', { shiftKey: true })).toBe('Shift+c');
  expect(event('?', { shiftKey: true })).toBe('?');
  expect(event('k', { metaKey: true })).toBe('Mod+k');
  expect(event('ArrowUp', { altKey: true, shiftKey: true })).toBe('Alt+Shift+ArrowUp');
  expect(event('˙', { altKey: true, code: 'KeyH' })).toBe('Alt+h');
});

test('two keys one after the other run their shortcut, and the second alone does not', () => {
  const run = on('g b');
  press('b');
  expect(run).not.toHaveBeenCalled();
  press('g');
  press('b');
  expect(run).toHaveBeenCalledOnce();
});

test('a sequence that comes too late is forgotten', () => {
  const run = on('g b');
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  press('g');
  now.mockReturnValue(2500);
  press('b');
  expect(run).not.toHaveBeenCalled();
});

test('single keys rest while somebody types, combinations do not', () => {
  const single = on('c');
  const palette = on('Mod+k');
  const input = add('<input>');
  press('c', {}, input);
  press('k', { ctrlKey: true }, input);
  expect(single).not.toHaveBeenCalled();
  expect(palette).toHaveBeenCalledOnce();
});

test('single keys rest while a dialog is open', () => {
  const run = on('c');
  add('<div data-modal></div>');
  press('c');
  expect(run).not.toHaveBeenCalled();
});

test('switched off, letters do nothing and arrows still work', () => {
  const letter = on('j');
  const shifted = on('Shift+c');
  const arrow = on('ArrowDown');
  setSingleKeys(false);
  press('j');
  press('C', { shiftKey: true });
  press('ArrowDown');
  expect(letter).not.toHaveBeenCalled();
  expect(shifted).not.toHaveBeenCalled();
  expect(arrow).toHaveBeenCalledOnce();
});

test('Enter on a button presses the button, not the shortcut', () => {
  const run = on('Enter');
  press('Enter', {}, add('<button>Save</button>'));
  expect(run).not.toHaveBeenCalled();
});

test('the page on top wins, and gives the key back when it goes', () => {
  const below = on('c');
  const above = vi.fn();
  const leave = registerShortcuts([{ keys: 'c', label: 'c', group: 'Panel', run: above }]);
  press('c');
  leave();
  press('c');
  expect(above).toHaveBeenCalledOnce();
  expect(below).toHaveBeenCalledOnce();
});

test('a handled key does not reach the browser', () => {
  on('c');
  expect(press('c').defaultPrevented).toBe(true);
  expect(press('x').defaultPrevented).toBe(false);
});
