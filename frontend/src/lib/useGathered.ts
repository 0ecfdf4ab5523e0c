import { useCallback, useEffect, useRef } from 'react';

/** Several events of one change lead to one reading: only the last call within `wait` ms runs, and none after the page is left. */
export function useGathered(wait: number): (run: () => unknown) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (run) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void run(), wait);
    },
    [wait],
  );
}
