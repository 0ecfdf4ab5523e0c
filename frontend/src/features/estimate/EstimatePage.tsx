import './estimate.css';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { estimateKeys, estimationsQuery } from '../../api/estimates';
import { useLive } from '../../api/live';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { Estimation } from '../../api/schema';
import { useShortcuts } from '../../app/shortcuts';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { dateTime, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Segmented } from '../../ui/Segmented';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';

const StartDialog = lazy(() => import('./StartDialog').then((m) => ({ default: m.StartDialog })));

/** The estimations of a team: what is open and waits for votes, and what was. */
export function EstimatePage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Estimation · ${team}`);
  const zone = useTeam()?.time_zone ?? 'UTC';
  const client = useQueryClient();
  const [url, change] = useUrlState();
  const closed = url.view === 'closed';
  const mayWork = usePermission('work');
  const [starting, setStarting] = useState(!!url.keys);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    estimationsQuery(team, closed),
  );
  useLive(team, (event) => {
    if (event.kind === 'estimate.changed' || event.kind === 'reset')
      void client.invalidateQueries({ queryKey: estimateKeys.all(team) });
  });
  const start = () => mayWork && setStarting(true);
  useShortcuts([{ keys: 'n', label: 'Start an estimation', group: 'Estimation', run: start }]);
  const items = data?.pages.flatMap((p) => p.items) ?? [];
  const button = (
    <Button variant="primary" reason={!mayWork && whoMay.work} onClick={start}>
      Start an estimation…
    </Button>
  );
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Estimation</h1>
          <p>Planning poker, at the table or until a deadline</p>
        </div>
        <div className="tools">
          <Segmented
            label="Show"
            value={closed ? 'closed' : 'open'}
            onChange={(v) => change({ view: v === 'open' ? undefined : v })}
            options={[
              ['open', 'Open'],
              ['closed', 'Closed'],
            ]}
          />
          {button}
        </div>
      </header>
      <div className="sheet">
        {error && !data ? (
          <ErrorState error={error} what="The estimations could not be loaded" retry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows label="Loading estimations" />
        ) : items.length === 0 ? (
          <EmptyState title={closed ? 'No estimation was closed yet' : 'Nothing is being estimated'}>
            Put the highest patches without an estimate on the table, or choose some in the backlog and press E.
          </EmptyState>
        ) : (
          <ul className="plain-list estimations" aria-label="Estimations">
            {items.map((e) => (
              <Row key={e.id} team={team} zone={zone} estimation={e} mayVote={mayWork} />
            ))}
          </ul>
        )}
        {hasNextPage && (
          <p className="estimate-more">
            <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more
            </Button>
          </p>
        )}
      </div>
      {starting && mayWork && <Starting team={team} zone={zone} keys={url.keys} onClose={() => setStarting(false)} />}
    </div>
  );
}

interface StartingProps {
  team: string;
  zone: string;
  keys: string | undefined;
  onClose: () => void;
}

function Starting({ team, zone, keys, onClose }: StartingProps) {
  const navigate = useNavigate();
  const [, change] = useUrlState();
  const close = () => {
    change({ keys: undefined });
    onClose();
  };
  return (
    <Suspense>
      <StartDialog
        team={team}
        zone={zone}
        keys={keys ?? ''}
        onClose={close}
        onStarted={(id) => void navigate({ to: '/t/$team/estimate/$id', params: { team, id }, search: {} })}
      />
    </Suspense>
  );
}

interface RowProps {
  team: string;
  zone: string;
  estimation: Estimation;
  mayVote: boolean;
}

function Row({ team, zone, estimation: e, mayVote }: RowProps) {
  return (
    <li>
      <p>
        <Link className="link" to="/t/$team/estimate/$id" params={{ team, id: e.id }}>
          {e.name}
        </Link>{' '}
        <span className="chip">{e.mode === 'live' ? 'Live' : 'Until a deadline'}</span>
        {mayVote && !e.closed_at && e.waiting > 0 && (
          <span className="badge estimate-waits">{plural(e.waiting, 'vote')} of yours missing</span>
        )}
      </p>
      <p className="muted small">
        {e.estimated} of {plural(e.items, 'patch', 'patches')} estimated
        {e.open_rounds > 0 && ` · ${plural(e.open_rounds, 'open round')}`}
        {e.deadline && ` · until ${dateTime(e.deadline, zone)}`} · opened by {e.opened_by.name},{' '}
        {dateTime(e.opened_at, zone)}
      </p>
    </li>
  );
}
