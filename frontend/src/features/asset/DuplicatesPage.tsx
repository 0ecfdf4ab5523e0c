import './asset.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { usePermission, whoMay } from '../../api/queries';
import type { AssetDuplicate } from '../../api/schema';
import { useTitle } from '../../app/title';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { duplicatesQuery } from './queries';

const MergeDialog = lazy(() => import('./MergeDialog'));

const reasons: Record<AssetDuplicate['reason'], (d: AssetDuplicate) => string> = {
  short_name: () => 'A host name, once with and once without its domain',
  spelling: () => 'The names differ only in punctuation or in the width of their letters',
  identifier: (d) => `Both have ${d.what}`,
};

/** Assets that may be one; nothing is merged before somebody says so. */
export function DuplicatesPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Duplicates · ${team}`);
  const mayWork = usePermission('work');
  const { data, error, refetch } = useQuery(duplicatesQuery(team));
  const [merging, setMerging] = useState<string[] | null>(null);
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Duplicates</h1>
          <p>
            <Link to="/t/$team/assets" params={{ team }} className="link">
              Assets
            </Link>{' '}
            that may be one machine under several names
          </p>
        </div>
      </header>
      {error && !data ? (
        <ErrorState error={error} what="The suggestions could not be loaded" retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={5} label="Looking for duplicates" />
      ) : data.items.length === 0 ? (
        <EmptyState title="No two assets look alike">
          Names, addresses and serial numbers are compared. Others can be merged from the list: select two and press
          “Merge…”.
        </EmptyState>
      ) : (
        <ul className="group-list">
          {data.items.map((d) => (
            <li key={d.assets[0]?.id}>
              <div>
                <b>{d.assets.map((a) => a.name).join(', ')}</b>
                <p>{reasons[d.reason](d)}</p>
                <p className="muted">{d.assets.map((a) => plural(a.open_findings, 'open finding')).join(' and ')}</p>
              </div>
              <Button
                small
                reason={!mayWork && whoMay.work}
                aria-label={`Merge ${d.assets.map((a) => a.name).join(', ')}`}
                onClick={() => setMerging(d.assets.map((a) => a.id))}
              >
                Merge…
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Suspense>
        {merging && (
          <MergeDialog team={team} ids={merging} onClose={() => setMerging(null)} onDone={() => setMerging(null)} />
        )}
      </Suspense>
    </div>
  );
}
