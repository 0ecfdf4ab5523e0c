import './inbox.css';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { inboxKeys, inboxListQuery, markInbox } from '../../api/inbox';
import { useMe } from '../../api/queries';
import type { InboxItem, InboxMarks } from '../../api/schema';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { ago, dateTime, num } from '../../lib/format';
import { kindLabel, kindOf } from '../../lib/news';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { LoadMore } from '../../ui/LoadMore';
import { Segmented } from '../../ui/Segmented';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';

/** What one was told, across the teams. The bell in the header hears of news and reads the list again. */
export function InboxPage() {
  useTitle('Inbox');
  const [url, setUrl] = useUrlState();
  const teams = useMe()?.teams ?? [];
  const filter = { unread: url.show !== 'all', kind: kindOf(url.kind), team: url.team };
  const list = useInfiniteQuery(inboxListQuery(filter));
  const { data, error, refetch } = list;
  const items = data?.pages.flatMap((p) => p.items) ?? [];
  const unread = data?.pages[0]?.unread ?? 0;
  const mark = useMarks();
  const narrow = { ...(filter.kind && { kind: filter.kind }), ...(filter.team && { team: filter.team }) };
  const markAll = () => {
    const until = items[0]?.id;
    const fresh = items.filter((i) => !i.read_at).map((i) => i.id);
    if (!until || fresh.length === 0) return;
    mark.mutate(
      { until, ...narrow, read: true },
      {
        onSuccess: () =>
          toast({ text: 'Marked as read', undo: () => mark.mutateAsync({ ids: fresh.slice(0, 200), read: false }) }),
      },
    );
  };
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Inbox</h1>
          <p>What concerns you in your teams; entries are kept for 90 days</p>
        </div>
        <div className="tools">
          <Button onClick={markAll} reason={items.every((i) => i.read_at) && 'Nothing here is unread'}>
            Mark all as read
          </Button>
        </div>
      </header>
      <div className="inbox-filters">
        <Segmented
          label="Show"
          value={filter.unread ? 'unread' : 'all'}
          onChange={(v) => setUrl({ show: v === 'all' ? 'all' : '' })}
          options={[
            ['unread', unread ? `Unread (${num.format(unread)}${unread >= 1000 ? '+' : ''})` : 'Unread'],
            ['all', 'All'],
          ]}
        />
        <Select
          className="filter"
          aria-label="Kind"
          value={filter.kind ?? ''}
          onChange={(e) => setUrl({ kind: e.target.value })}
          options={[['', 'Any kind'], ...Object.entries(kindLabel)]}
        />
        {teams.length > 1 && (
          <Select
            className="filter"
            aria-label="Team"
            value={filter.team ?? ''}
            onChange={(e) => setUrl({ team: e.target.value })}
            options={[['', 'All teams'], ...teams.map((t) => [t.key, t.name] as const)]}
          />
        )}
      </div>
      <div className="sheet">
        {error && !data ? (
          <ErrorState error={error} what="The inbox could not be loaded" retry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows label="Loading the inbox" />
        ) : items.length === 0 ? (
          <EmptyState title={filter.unread ? 'You have read everything' : 'Nothing was told to you yet'}>
            {filter.unread
              ? 'News come here by themselves, without a reload.'
              : 'Mentions, assignments, due dates and decisions that concern you come here.'}
          </EmptyState>
        ) : (
          <ul className="inbox-list" aria-label="Inbox">
            {items.map((item) => (
              <Entry key={item.id} item={item} mark={(read) => mark.mutate({ ids: [item.id], read })} />
            ))}
          </ul>
        )}
        {list.hasNextPage && <LoadMore more busy={list.isFetchingNextPage} load={() => void list.fetchNextPage()} />}
      </div>
    </div>
  );
}

function useMarks() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: InboxMarks) => markInbox(body),
    onSuccess: ({ unread }) => client.setQueryData(inboxKeys.count, unread),
    onError: (error) => toastError(error, 'The inbox was not changed'),
    onSettled: () => client.invalidateQueries({ queryKey: inboxKeys.all }),
  });
}

function Entry({ item, mark }: { item: InboxItem; mark: (read: boolean) => void }) {
  const router = useRouter();
  const open = (event: MouseEvent) => {
    if (!item.read_at) mark(true);
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // another tab or window
    event.preventDefault();
    router.history.push(item.path);
  };
  return (
    <li data-unread={!item.read_at || undefined}>
      <i className="inbox-dot" aria-hidden />
      <a className="inbox-link" href={item.path} onClick={open}>
        {!item.read_at && <span className="sr">Unread: </span>}
        <b>{item.title}</b>
        {item.body && <span className="inbox-body">{item.body}</span>}
      </a>
      <span className="inbox-meta">
        <span className="badge soft">{kindLabel[item.kind]}</span> {item.team} ·{' '}
        <time dateTime={item.at} title={dateTime(item.at)}>
          {ago(item.at)}
        </time>
      </span>
      <Button
        small
        variant="ghost"
        onClick={() => mark(!item.read_at)}
        aria-label={`Mark as ${item.read_at ? 'unread' : 'read'}: ${item.title}`}
      >
        {item.read_at ? 'Mark as unread' : 'Mark as read'}
      </Button>
    </li>
  );
}
