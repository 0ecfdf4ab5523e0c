import './exceptions.css';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ExceptionView, exceptionKeys, exceptionListQuery } from '../../api/exceptions';
import { useLive } from '../../api/live';
import { usePermission, useTeam } from '../../api/queries';
import type { ExceptionKind } from '../../api/schema';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { kindLabel } from '../../lib/exceptions';
import { Button } from '../../ui/Button';
import { ExceptionFacts } from '../../ui/exception/PatchExceptions';
import { Steps } from '../../ui/exception/steps';
import { Select } from '../../ui/Field';
import { PatchLink } from '../../ui/links';
import { Segmented } from '../../ui/Segmented';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { useListKeys } from './useListKeys';

const views: readonly ExceptionView[] = ['waiting', 'requested', 'active', 'expiring', 'past'];

const nothing: Record<string, string> = {
  waiting: 'Nothing waits for you',
  requested: 'Nothing is asked for',
  active: 'No exception is in force',
  expiring: 'Nothing expires within 14 days or wants a review',
  past: 'No exception is over yet',
};

/** Decisions not to patch by the due date: what waits, what is in force, and what soon expires. */
export function ExceptionsPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Exceptions · ${team}`);
  const zone = useTeam()?.time_zone ?? 'UTC';
  const client = useQueryClient();
  const [url, setUrl] = useUrlState();
  const mayApprove = usePermission('approve');
  const first: ExceptionView = mayApprove ? 'waiting' : 'active';
  const view = views.find((v) => v === url.view) ?? first;
  const kind = url.kind && url.kind in kindLabel ? (url.kind as ExceptionKind) : undefined;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    exceptionListQuery(team, view, kind),
  );
  useLive(team, (event) => {
    if (event.kind === 'exception.changed' || event.kind === 'reset')
      void client.invalidateQueries({ queryKey: exceptionKeys.all(team) });
  });
  const { list, onKeyDown } = useListKeys();
  const counts = data?.pages[0]?.counts;
  const items = data?.pages.flatMap((p) => p.items) ?? [];
  const label = (text: string, n: number | undefined) => (n ? `${text} (${n})` : text);
  const options = [
    ...(mayApprove ? [['waiting', label('Waiting for me', counts?.waiting)] as const] : []),
    ['requested', label('Requested', counts?.requested)] as const,
    ['active', label('In force', counts?.active)] as const,
    ['expiring', label('About to expire', counts && counts.expiring + counts.review)] as const,
    ['past', 'Past'] as const,
  ];
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Exceptions</h1>
          <p>Approved, expiring decisions not to patch by the due date</p>
        </div>
      </header>
      <div className="exception-filters">
        <Segmented label="Show" value={view} onChange={(v) => setUrl({ view: v })} options={options} />
        <Select
          className="filter"
          aria-label="Kind"
          value={kind ?? ''}
          onChange={(e) => setUrl({ kind: e.target.value })}
          options={[['', 'Any kind'], ...Object.entries(kindLabel)]}
        />
      </div>
      <div className="sheet">
        {error && !data ? (
          <ErrorState error={error} what="The exceptions could not be loaded" retry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows label="Loading exceptions" />
        ) : items.length === 0 ? (
          <EmptyState title={nothing[view] ?? ''}>
            An exception is asked for in the menu or the panel of a patch.
          </EmptyState>
        ) : (
          <ul ref={list} className="exceptions plain-list" aria-label="Exceptions" onKeyDown={onKeyDown}>
            {items.map((e) => (
              <li key={e.id} tabIndex={-1}>
                <p className="exception-patch">
                  <PatchLink patchKey={e.key} /> <span className="clip">{e.title}</span>
                </p>
                <ExceptionFacts exception={e} zone={zone} />
                <Steps team={team} exception={e} zone={zone} />
              </li>
            ))}
          </ul>
        )}
        {hasNextPage && (
          <p className="exception-filters">
            <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more
            </Button>
          </p>
        )}
      </div>
    </div>
  );
}
