import { useMemo, useRef, useState } from 'react';
import type { Card } from '../../api/schema';
import { range } from '../../lib/moves';
import { announce } from '../../ui/LiveRegion';

export interface CardSelection {
  keys: ReadonlySet<string>;
  /** The selected cards that are on the board still, in its order. */
  cards: Card[];
  toggle(key: string): void;
  /** From where the last one was chosen to here. */
  extend(key: string): void;
  clear(): void;
}

/** The chosen cards; what a filter hides is not chosen. */
export function useCardSelection(shown: readonly Card[]): CardSelection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string | null>(null);
  const cards = useMemo(() => shown.filter((c) => chosen.has(c.key)), [shown, chosen]);
  const keys = useMemo(() => new Set(cards.map((c) => c.key)), [cards]);
  const set = (next: ReadonlySet<string>) => {
    setChosen(next);
    announce(next.size === 0 ? 'Nothing selected' : `${next.size} selected`);
  };
  return {
    keys,
    cards,
    toggle: (key) => {
      anchor.current = key;
      const next = new Set(keys);
      if (!next.delete(key)) next.add(key);
      set(next);
    },
    extend: (key) => {
      const from = anchor.current && shown.some((c) => c.key === anchor.current) ? anchor.current : key;
      anchor.current = from;
      set(new Set([...keys, ...range(shown, from, key)]));
    },
    clear: () => {
      anchor.current = null;
      if (chosen.size > 0) set(new Set());
    },
  };
}
