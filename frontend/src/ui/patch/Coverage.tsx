import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { coverageQuery } from '../../api/patches';
import type { Coverage as Covered, CoverState, PatchDetail } from '../../api/schema';
import { ago, num, plural } from '../../lib/format';
import { Hosts } from '../atoms';
import { Button } from '../Button';
import { LoadMore } from '../LoadMore';
import { AssetLink } from '../links';
import { ErrorState, SkeletonRows } from '../states';
import './coverage.css';

const labels: Record<CoverState, string> = {
  open: 'Open',
  patched: 'Patched',
  excepted: 'Excepted',
  not_affected: 'Not affected',
  retired: 'Retired',
};
const states = Object.keys(labels) as CoverState[];

/** "97 of 140 hosts patched", and which ones. */
export function Coverage({ team, patch }: { team: string; patch: PatchDetail }) {
  const [state, setState] = useState<CoverState | ''>('');
  const [shown, setShown] = useState(false);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    coverageQuery(team, patch.key, state),
  );
  if (error && !data)
    return <ErrorState error={error} what="The coverage could not be loaded" retry={() => void refetch()} />;
  const first = data?.pages[0];
  if (!first) return <SkeletonRows rows={1} label="Loading the coverage" />;
  const total = first.patched + first.open + first.excepted;
  if (total + first.not_affected + first.retired === 0) return <p className="muted">No asset is known to need it.</p>;
  return (
    <div className="coverage">
      <p className="coverage-sum">
        <Hosts patched={first.patched} open={first.open + first.excepted} />
        <span aria-hidden>
          {num.format(first.patched)} of {plural(total, 'host')} patched
        </span>
        <Button small aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide the hosts' : 'Show the hosts'}
        </Button>
      </p>
      {shown && <StateFilter counts={first} state={state} onChange={setState} />}
      {shown && (
        <ul className="coverage-list">
          {data.pages
            .flatMap((p) => p.items)
            .map((a) => (
              <li key={a.asset.id}>
                <AssetLink id={a.asset.id}>{a.asset.name}</AssetLink>
                <span className="badge soft" data-state={a.state}>
                  {labels[a.state]}
                </span>
                <small className="muted">
                  {a.open_findings > 0 && `${a.open_findings} of ${plural(a.findings, 'finding')} open`}
                  {a.open_findings === 0 && a.since && ago(a.since)}
                </small>
              </li>
            ))}
        </ul>
      )}
      {shown && hasNextPage && <LoadMore more busy={isFetchingNextPage} load={() => void fetchNextPage()} />}
    </div>
  );
}

function StateFilter(props: { counts: Covered; state: CoverState | ''; onChange: (s: CoverState | '') => void }) {
  return (
    <div className="coverage-states">
      {states
        .filter((s) => props.counts[s] > 0)
        .map((s) => (
          <button
            key={s}
            type="button"
            className="filter-chip"
            aria-pressed={props.state === s}
            onClick={() => props.onChange(props.state === s ? '' : s)}
          >
            {labels[s]} {num.format(props.counts[s])}
          </button>
        ))}
    </div>
  );
}
