import { createStore, readSetting, useStore, writeSetting } from '../lib/store';

export type ThemeChoice = 'light' | 'dark' | 'system';

const system = matchMedia('(prefers-color-scheme: dark)');
const saved = readSetting('theme');
const choice = createStore<ThemeChoice>(saved === 'light' || saved === 'dark' ? saved : 'system');

const shown = (c: ThemeChoice) => (c === 'system' ? (system.matches ? 'dark' : 'light') : c);

function apply(): void {
  document.documentElement.dataset.theme = shown(choice.get());
}

export function setTheme(next: ThemeChoice): void {
  writeSetting('theme', next);
  choice.set(next);
  apply();
}

export const flipTheme = () => setTheme(shown(choice.get()) === 'dark' ? 'light' : 'dark');
export const useThemeChoice = (): ThemeChoice => useStore(choice);
export const useTheme = (): 'light' | 'dark' => shown(useStore(choice));

system.addEventListener('change', apply);
