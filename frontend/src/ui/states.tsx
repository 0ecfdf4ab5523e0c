import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { toProblem } from '../api/problem';
import { Button } from './Button';

/** Grey rows in place of a list that is loading; they appear after 150 ms, so that fast answers do not flash. */
export function SkeletonRows({ rows = 8, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <i key={i} />
      ))}
    </div>
  );
}

interface EmptyProps {
  /** One sentence: why there is nothing here. */
  title: string;
  children?: ReactNode;
  /** The next thing to do: a button or a link. */
  action?: ReactNode;
  /** It stands in place of a whole page: its title is the page's heading. */
  page?: boolean;
}

export const EmptyState = ({ title, children, action, page }: EmptyProps) => (
  <div className="empty-state">
    {page ? <h1>{title}</h1> : <b>{title}</b>}
    {children && <p>{children}</p>}
    {action}
  </div>
);

interface ErrorProps {
  error: unknown;
  /** "The backlog could not be loaded". */
  what?: string;
  retry?: (() => void) | undefined;
  /** In place of a whole page, as above; what is missing is not tried again, but left. */
  page?: boolean;
}

/** Cause, what to do, request id, and another try. */
export function ErrorState({ error, what, retry, page }: ErrorProps) {
  const problem = toProblem(error);
  const title = what ?? problem.title;
  const missing = page && problem.status === 404;
  return (
    <div className="empty-state" role="alert">
      {page ? <h1>{title}</h1> : <b>{title}</b>}
      <p>{problem.detail || problem.title}</p>
      {missing && (
        <Link to="/" className="btn">
          Go to the backlog
        </Link>
      )}
      {retry && !missing && <Button onClick={retry}>Try again</Button>}
      {problem.request_id && (
        <p className="request-id">
          Request <code>{problem.request_id}</code>
        </p>
      )}
    </div>
  );
}
