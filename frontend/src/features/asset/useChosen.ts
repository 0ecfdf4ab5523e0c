import { useCallback, useMemo, useState } from 'react';

/** The rows that are ticked. */
export interface Chosen {
  ids: string[];
  has(id: string): boolean;
  toggle(id: string): void;
  set(ids: string[]): void;
}

export function useChosen(): Chosen {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setPicked((old) => {
      const now = new Set(old);
      if (!now.delete(id)) now.add(id);
      return now;
    });
  }, []);
  const set = useCallback((ids: string[]) => setPicked(new Set(ids)), []);
  return useMemo(() => ({ ids: [...picked], has: (id) => picked.has(id), toggle, set }), [picked, toggle, set]);
}
