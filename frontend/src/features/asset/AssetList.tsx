import { Link } from '@tanstack/react-router';
import { FileUp } from 'lucide-react';
import { memo } from 'react';
import { whoMay } from '../../api/queries';
import type { Asset } from '../../api/schema';
import { useUrlState } from '../../app/url';
import { ago, dateTime, num } from '../../lib/format';
import { Chip } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { LoadMore } from '../../ui/LoadMore';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { type AssetFilters, useAssets } from './queries';
import { criticalityLabel, environmentLabel, exposureLabel } from './words';

interface AssetListProps {
  team: string;
  filters: AssetFilters;
  mayWork: boolean;
  onImport: () => void;
}

export function AssetList({ team, filters, mayWork, onImport }: AssetListProps) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useAssets(team, filters);
  const assets = data?.pages.flatMap((p) => p.items) ?? [];
  if (error && !data) {
    return <ErrorState error={error} what="The assets could not be loaded" retry={() => void refetch()} />;
  }
  if (!data) return <SkeletonRows rows={12} label="Loading assets" />;
  if (assets.length === 0) {
    return Object.keys(filters).length > 0 ? (
      <NoMatch />
    ) : (
      <NoAssets team={team} mayWork={mayWork} onImport={onImport} />
    );
  }
  return (
    <>
      <div className="sheet scroll-x">
        <AssetTable assets={assets} />
      </div>
      <LoadMore more={hasNextPage} busy={isFetchingNextPage} load={() => void fetchNextPage()} />
    </>
  );
}

function NoMatch() {
  const [, setUrl] = useUrlState();
  const clear = () => setUrl({ q: '', environment: '', criticality: '', exposure: '' });
  return (
    <EmptyState title="No asset matches" action={<Button onClick={clear}>Clear the filters</Button>}>
      Try another name or fewer filters.
    </EmptyState>
  );
}

function NoAssets({ team, mayWork, onImport }: { team: string; mayWork: boolean; onImport: () => void }) {
  const actions = (
    <div className="actions">
      <Link to="/t/$team/imports" params={{ team }} className="btn primary">
        Import a report
      </Link>
      <Button reason={!mayWork && whoMay.work} onClick={onImport}>
        <FileUp size={15} aria-hidden /> Import CSV
      </Button>
    </div>
  );
  return (
    <EmptyState title="There are no assets yet" action={actions}>
      A scanner report brings the assets it covers; a CSV of your inventory also says how critical and how exposed they
      are.
    </EmptyState>
  );
}

function AssetTable({ assets }: { assets: Asset[] }) {
  const [url, setUrl] = useUrlState();
  return (
    <table className="data asset-table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Environment</th>
          <th scope="col">Criticality</th>
          <th scope="col">Exposure</th>
          <th scope="col">Regulations and tags</th>
          <th scope="col" className="num">
            Open findings
          </th>
          <th scope="col">Scanned</th>
        </tr>
      </thead>
      <tbody>
        {assets.map((a) => (
          <Row key={a.id} asset={a} open={a.id === url.open} onOpen={setUrl} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  asset: Asset;
  open: boolean;
  onOpen: (patch: { open: string }, options: { push: boolean }) => void;
}

const Row = memo(function Row({ asset: a, open, onOpen }: RowProps) {
  const show = () => onOpen({ open: a.id }, { push: true });
  return (
    // the button in the first cell does the same for keyboards
    <tr onClick={show} aria-current={open || undefined}>
      <td>
        <span className="asset-cell">
          <button type="button" className="asset-name clip" title={a.name}>
            {a.name}
          </button>
          <small className="clip">{[a.kind, a.owner].filter(Boolean).join(' · ')}</small>
          <small className="clip phone-only">{`${environmentLabel[a.environment]} · ${exposureLabel[a.exposure]}`}</small>
        </span>
      </td>
      <td>{environmentLabel[a.environment]}</td>
      <td>
        <span className="badge" data-band={a.criticality}>
          {criticalityLabel[a.criticality]}
        </span>
      </td>
      <td>{a.exposure === 'internet' ? <b>{exposureLabel.internet}</b> : exposureLabel[a.exposure]}</td>
      <td>
        <span className="chips">
          {a.regulations.map((r) => (
            <span className="badge soft" key={r}>
              {r}
            </span>
          ))}
          {a.tags.slice(0, 2).map((t) => (
            <Chip key={t}>{t}</Chip>
          ))}
          {a.tags.length > 2 && <Chip title={a.tags.slice(2).join(', ')}>{`+${a.tags.length - 2}`}</Chip>}
        </span>
      </td>
      <td className="num">{num.format(a.open_findings)}</td>
      <td title={a.scanned_at ? dateTime(a.scanned_at) : undefined}>{a.scanned_at ? ago(a.scanned_at) : 'never'}</td>
    </tr>
  );
});
