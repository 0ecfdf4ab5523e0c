import './webhooks.css';
import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import { useMe } from '../../api/queries';
import type { Mail, MailState } from '../../api/schema';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { ago, dateTime, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { LoadMore } from '../../ui/LoadMore';
import { Segmented } from '../../ui/Segmented';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';

const stateLabel: Record<MailState, string> = {
  waiting: 'Waiting',
  sending: 'Being sent',
  sent: 'Sent',
  failed: 'Failed',
};
const states = Object.entries(stateLabel) as [MailState, string][];
const stateOf = (text: string | undefined) => states.find(([s]) => s === text)?.[0];

const mailsKey = ['mails'] as const;

/** Looked at again while it is open: mail goes out without an event. */
const mailsQuery = (state: MailState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...mailsKey, state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(state && { state }), ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/mails', { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: 5000,
  });

/** What was mailed to whom, for administrators. */
export function MailsPage() {
  useTitle('Mail');
  const me = useMe();
  if (me && !me.user.admin) {
    return (
      <div className="page">
        <h1 className="sr">Mail</h1>
        <EmptyState title="Only administrators see what was mailed">
          What you are mailed yourself is chosen in your account.
        </EmptyState>
      </div>
    );
  }
  return <Mails />;
}

function Mails() {
  const [url, setUrl] = useUrlState();
  const state = stateOf(url.state);
  const list = useInfiniteQuery(mailsQuery(state));
  const from = list.data?.pages[0]?.mail_from;
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Mail</h1>
          <p>
            {from === ''
              ? 'This server sends no mail: its settings name no mail server'
              : `What was mailed to whom${from ? `, from ${from}` : ''}; kept for 30 days`}
          </p>
        </div>
        <div className="tools">
          <Segmented
            label="Show"
            value={state ?? 'all'}
            onChange={(v) => setUrl({ state: v === 'all' ? '' : v })}
            options={[['all', 'All'], ...states.filter(([s]) => s !== 'sending')]}
          />
        </div>
      </header>
      <div className="sheet mail-sheet">
        {list.error && !list.data ? (
          <ErrorState error={list.error} what="The mail could not be loaded" retry={() => void list.refetch()} />
        ) : !list.data ? (
          <SkeletonRows label="Loading mail" />
        ) : items.length === 0 ? (
          <EmptyState title={state ? `No mail is ${stateLabel[state].toLowerCase()}` : 'Nothing was mailed yet'}>
            {from ? (
              'What people are told is collected for some minutes, then mailed.'
            ) : (
              <>
                Name a mail server in <code>--smtp-host</code>, then try it with{' '}
                <code>patchline mail test ADDRESS</code>.
              </>
            )}
          </EmptyState>
        ) : (
          <ul className="hook-log" aria-label="Mail">
            {items.map((m) => (
              <Entry key={m.id} mail={m} />
            ))}
          </ul>
        )}
      </div>
      {list.hasNextPage && <LoadMore more busy={list.isFetchingNextPage} load={() => void list.fetchNextPage()} />}
    </div>
  );
}

function Entry({ mail: m }: { mail: Mail }) {
  const client = useQueryClient();
  const retry = async () => {
    try {
      await call(api.POST('/mails/{id}/retry', { params: { path: { id: m.id } } }));
      toast({ text: `The mail to ${m.name} is sent again` });
    } catch (error) {
      toastError(error, 'It was not sent again');
    }
    await client.invalidateQueries({ queryKey: mailsKey });
  };
  const mayRetry = m.state === 'failed' || (m.state === 'waiting' && m.attempts > 0);
  return (
    <li>
      <div>
        <b>{m.subject || 'Not written yet'}</b>
        <small>{facts(m).join(' · ')}</small>
        {m.error && m.state !== 'sent' && <p className="hook-bad">{m.error}</p>}
      </div>
      <span className="badge count" data-over={m.state === 'failed' || undefined}>
        {stateLabel[m.state]}
      </span>
      {mayRetry && (
        <Button small onClick={() => void retry()} aria-label={`Send again to ${m.name}: ${m.subject}`}>
          Send again
        </Button>
      )}
    </li>
  );
}

const facts = (m: Mail): string[] =>
  [
    `${m.name} <${m.email}>`,
    dateTime(m.sent_at ?? m.created_at),
    m.attempts > 1 && plural(m.attempts, 'attempt'),
    m.next_at && m.attempts > 0 && `again ${ago(m.next_at)}`,
  ].filter((text) => typeof text === 'string');
