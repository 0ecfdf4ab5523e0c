import { useEffect, useRef } from 'react';
import { Button } from './Button';

interface LoadMoreProps {
  /** Is there a next page? */
  more: boolean;
  busy: boolean;
  load: () => void;
  /** "200 of 1,000+ assets". */
  text?: string;
}

/** Fetches the next page when its end comes into sight; the button is for keyboards and for a failed try. */
export function LoadMore({ more, busy, load, text }: LoadMoreProps) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (!more || busy || !end.current || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), {
      rootMargin: '400px',
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [more, busy]);
  return (
    <div className="load-more" ref={end}>
      {text && <span>{text}</span>}
      {more && (
        <Button small busy={busy} onClick={load}>
          {busy ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </div>
  );
}
