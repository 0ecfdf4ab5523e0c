import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Delivery, Webhook } from '../../api/schema';
import { ago, dateTime, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toastError } from '../../ui/toast';
import { hookKeys, logQuery, stateText } from './webhooks';

/** What a webhook was told and what its receiver answered; each can be sent once more. */
export function WebhookLog({ team, hook, onClose }: { team: string; hook: Webhook; onClose: () => void }) {
  const list = useInfiniteQuery(logQuery(team, hook.id));
  const client = useQueryClient();
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const replay = async (d: Delivery) => {
    try {
      await call(api.POST('/teams/{team}/deliveries/{id}/replay', { params: { path: { team, id: d.id } } }));
    } catch (error) {
      toastError(error, 'It was not sent again');
    }
    await client.invalidateQueries({ queryKey: hookKeys.log(team, hook.id) });
  };
  return (
    <Dialog open onClose={onClose} title={`Log of ${hook.name}`} wide>
      {list.error && !list.data ? (
        <ErrorState error={list.error} what="The log could not be loaded" retry={() => void list.refetch()} />
      ) : !list.data ? (
        <SkeletonRows rows={4} label="Loading the log" />
      ) : items.length === 0 ? (
        <EmptyState title="It was not told anything yet">Send a test to see whether it can be reached.</EmptyState>
      ) : (
        <ul className="hook-log">
          {items.map((d) => (
            <li key={d.id}>
              <div>
                <b>{d.title}</b>
                <small>{facts(d).join(' · ')}</small>
                {d.error && <p className="hook-bad">{d.error}</p>}
                {d.answer && (
                  <p className="hook-answer">
                    The receiver said: <code>{d.answer}</code>
                  </p>
                )}
              </div>
              <span className="badge count" data-over={d.state === 'failed' || undefined}>
                {stateText[d.state]}
              </span>
              <Button
                small
                reason={d.state === 'waiting' && 'It is on its way'}
                aria-label={`Send again: ${d.title}`}
                onClick={() => void replay(d)}
              >
                Send again
              </Button>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Dialog>
  );
}

const facts = (d: Delivery): string[] =>
  [
    dateTime(d.created_at),
    d.status !== null && `HTTP ${d.status}`,
    d.attempts > 0 && plural(d.attempts, 'attempt'),
    d.tried_at && `took ${d.took_ms} ms`,
    d.next_at && d.attempts > 0 && `again ${ago(d.next_at)}`,
  ].filter((text) => typeof text === 'string');
