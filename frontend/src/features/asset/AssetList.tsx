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
import { type AssetFilters, noFilters, useAssets } from './queries';
import type { Chosen } from './useChosen';
import { criticalityLabel, environmentLabel, exposureLabel } from './words';

interface AssetListProps {
  team: string;
  filters: AssetFilters;
  mayWork: boolean;
  chosen: Chosen;
  onImport: () => void;
}

export function AssetList({ team, filters, mayWork, chosen, onImport }: AssetListProps) {
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
        <AssetTable team={team} assets={assets} chosen={chosen} mayWork={mayWork} />
      </div>
      <LoadMore more={hasNextPage} busy={isFetchingNextPage} load={() => void fetchNextPage()} />
    </>
  );
}

function NoMatch() {
  const [, setUrl] = useUrlState();
  return (
    <EmptyState title="No asset matches" action={<Button onClick={() => setUrl(noFilters)}>Clear the filters</Button>}>
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

interface TableProps {
  team: string;
  assets: Asset[];
  chosen: Chosen;
  mayWork: boolean;
}

function AssetTable({ team, assets, chosen, mayWork }: TableProps) {
  const all = assets.every((a) => chosen.has(a.id));
  return (
    <table className="data asset-table">
      <thead>
        <tr>
          {mayWork && (
            <th scope="col" className="c-tick">
              <input
                type="checkbox"
                aria-label="Select all that are shown"
                checked={all}
                onChange={() => chosen.set(all ? [] : assets.map((a) => a.id))}
              />
            </th>
          )}
          <th scope="col" className="c-name">
            Name
          </th>
          <th scope="col" className="wide-only">
            Environment
          </th>
          <th scope="col">Criticality</th>
          <th scope="col" className="wide-only">
            Exposure
          </th>
          <th scope="col" className="wide-only">
            Groups and tags
          </th>
          <th scope="col" className="num">
            Open findings
          </th>
          <th scope="col" className="wide-only">
            Seen
          </th>
        </tr>
      </thead>
      <tbody>
        {assets.map((a) => (
          <Row
            key={a.id}
            team={team}
            asset={a}
            ticked={chosen.has(a.id)}
            onTick={mayWork ? chosen.toggle : undefined}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  team: string;
  asset: Asset;
  ticked: boolean;
  onTick: ((id: string) => void) | undefined;
}

const Row = memo(function Row({ team, asset: a, ticked, onTick }: RowProps) {
  return (
    <tr aria-current={ticked || undefined}>
      {onTick && (
        <td className="c-tick">
          <input type="checkbox" aria-label={`Select ${a.name}`} checked={ticked} onChange={() => onTick(a.id)} />
        </td>
      )}
      <td className="c-name">
        <span className="asset-cell">
          <Link to="/t/$team/assets/$id" params={{ team, id: a.id }} className="asset-name clip" title={a.name}>
            {a.name}
          </Link>
          <small className="clip">{[a.kind, a.owner].filter(Boolean).join(' · ')}</small>
          <small className="clip phone-only">{`${environmentLabel[a.environment]} · ${exposureLabel[a.exposure]}`}</small>
        </span>
      </td>
      <td className="wide-only">{environmentLabel[a.environment]}</td>
      <td>
        <span className="badge" data-band={a.criticality}>
          {criticalityLabel[a.criticality]}
        </span>
      </td>
      <td className="wide-only">
        {a.exposure === 'internet' ? <b>{exposureLabel.internet}</b> : exposureLabel[a.exposure]}
      </td>
      <td className="wide-only">
        <Words asset={a} />
      </td>
      <td className="num">{num.format(a.open_findings)}</td>
      <td className="wide-only" title={a.scanned_at ? dateTime(a.scanned_at) : undefined}>
        {a.scanned_at ? ago(a.scanned_at) : 'never'} <State asset={a} />
      </td>
    </tr>
  );
});

/** Stale or retired, in words. */
export const State = ({ asset: a }: { asset: Asset }) =>
  a.retired_at ? (
    <span className="badge soft" title={`Since ${dateTime(a.retired_at)}; its findings do not count`}>
      Retired
    </span>
  ) : a.stale ? (
    <span className="badge soft" title="No report has covered it for 30 days">
      Stale
    </span>
  ) : null;

/** Groups, regulations and tags; the first few of them. */
function Words({ asset: a }: { asset: Asset }) {
  const words = [...a.groups.map((g) => g.name), ...a.tags];
  return (
    <span className="chips">
      {a.regulations.map((r) => (
        <span className="badge soft" key={r}>
          {r}
        </span>
      ))}
      {words.slice(0, 3).map((t, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tag may be called like a group
        <Chip key={`${i} ${t}`}>{t}</Chip>
      ))}
      {words.length > 3 && <Chip title={words.slice(3).join(', ')}>{`+${words.length - 3}`}</Chip>}
    </span>
  );
}
