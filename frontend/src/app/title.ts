import { useEffect } from 'react';
import { announce } from '../ui/LiveRegion';

/** Sets the document's title while the page is shown, and tells it to screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Patchline`;
    announce(title);
  }, [title]);
}
