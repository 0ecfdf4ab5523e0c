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
}

export const EmptyState = ({ title, children, action }: EmptyProps) => (
  <div className="empty-state">
    <b>{title}</b>
    {children && <p>{children}</p>}
    {action}
  </div>
);

interface ErrorProps {
  error: unknown;
  /** "The backlog could not be loaded". */
  what?: string;
  retry?: (() => void) | undefined;
}

/** Cause, what to do, request id, and another try. */
export function ErrorState({ error, what, retry }: ErrorProps) {
  const problem = toProblem(error);
  return (
    <div className="empty-state" role="alert">
      <b>{what ?? problem.title}</b>
      <p>{problem.detail || problem.title}</p>
      {retry && <Button onClick={retry}>Try again</Button>}
      {problem.request_id && (
        <p className="request-id">
          Request <code>{problem.request_id}</code>
        </p>
      )}
    </div>
  );
}
