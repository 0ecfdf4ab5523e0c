import { useCallback, useMemo, useRef } from 'react';
import type { Patch } from '../../api/schema';
import type { UrlState } from '../../app/url';
import { range } from '../../lib/moves';
import { announce } from '../../ui/LiveRegion';

export interface Selection {
  keys: ReadonlySet<string>;
  /** The selected patches that are loaded, in list order. */
  patches: Patch[];
  toggle(key: string): void;
  /** From where the last one was chosen to here. */
  extend(key: string): void;
  set(keys: readonly string[]): void;
  clear(): void;
}

/** The chosen rows, kept in the address, so that a link and a reload keep them. */
export function useSelection(rows: readonly Patch[], url: UrlState, change: (patch: UrlState) => void): Selection {
  const text = url.sel ?? '';
  const keys = useMemo(() => new Set(text.split(',').filter(Boolean)), [text]);
  const patches = useMemo(() => (keys.size ? rows.filter((p) => keys.has(p.key)) : []), [rows, keys]);
  const anchor = useRef<string | null>(null);
  const set = useCallback(
    (next: Set<string>) => {
      change({ sel: [...next].join(',') });
      announce(next.size === 0 ? 'Nothing selected' : `${next.size} selected`);
    },
    [change],
  );
  const toggle = (key: string) => {
    anchor.current = key;
    const next = new Set(keys);
    if (!next.delete(key)) next.add(key);
    set(next);
  };
  const extend = (key: string) => set(new Set([...keys, ...range(rows, anchor.current ?? key, key)]));
  const clear = () => {
    anchor.current = null;
    if (keys.size) set(new Set());
  };
  return { keys, patches, toggle, extend, set: (all) => set(new Set(all)), clear };
}
