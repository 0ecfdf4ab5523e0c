import type { ReactNode } from 'react';
import './table-scroll.css';

/** Room for a table wider than the page: it scrolls by itself, by keyboard too. */
export const TableScroll = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without a stop inside, the arrow keys could not scroll it
  <section className="table-scroll" aria-label={label} tabIndex={0}>
    {children}
  </section>
);
