import { Fragment } from 'react';

const shown: Record<string, string> = {
  Mod: /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': 'Space',
};

const part = (key: string) => shown[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** Keys as people read them; see shortcuts.ts for how they are written. */
export const Keys = ({ keys }: { keys: string }) =>
  (keys === ' ' ? [' '] : keys.split(/[ +]/)).map((key, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the order is fixed
    <Fragment key={index}>
      <kbd>{part(key)}</kbd>
    </Fragment>
  ));
