import type { ReactNode } from 'react';
import { num } from '../../lib/format';
import { ErrorState, SkeletonRows } from '../../ui/states';

interface Props {
  id: string;
  title: string;
  /** How many there are in all. */
  count?: number | undefined;
  /** The link to the full list. */
  link?: ReactNode;
  query: { isPending: boolean; error: unknown; refetch: () => unknown };
  /** What is said when there is nothing. */
  nothing: string;
  children: ReactNode;
}

/** One quiet card. */
export function Section({ id, title, count, link, query, nothing, children }: Props) {
  const some = Array.isArray(children) ? children.length > 0 : !!children;
  return (
    <section className="sheet home-card" aria-labelledby={`home-${id}`}>
      <header>
        <h2 id={`home-${id}`}>
          {title} {!!count && <span className="badge count">{num.format(count)}</span>}
        </h2>
        {link}
      </header>
      {query.error ? (
        <ErrorState error={query.error} what="This could not be loaded" retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={3} label={`Loading: ${title}`} />
      ) : some ? (
        children
      ) : (
        <p className="muted">{nothing}</p>
      )}
    </section>
  );
}
