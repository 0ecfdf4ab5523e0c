import './asset.css';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Combine, Download, FileUp, FolderTree, Plus } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { apiBase } from '../../api/client';
import { useLive } from '../../api/live';
import { usePermission, whoMay } from '../../api/queries';
import { useShortcuts } from '../../app/shortcuts';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { countText } from '../../lib/format';
import { Button } from '../../ui/Button';
import { AssetFilterBar } from './AssetFilterBar';
import { AssetList } from './AssetList';
import { BulkBar } from './BulkBar';
import { type AssetFilters, assetKeys, filtersOf, onlyFilter, useAssets } from './queries';
import { useChosen } from './useChosen';

const AssetPanel = lazy(() => import('./AssetPanel'));
const AssetImportDialog = lazy(() => import('./AssetImportDialog'));

/** What the team patches: how critical and how exposed, which is half of every score. */
export function AssetsPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Assets · ${team}`);
  const [url, setUrl] = useUrlState();
  const filters = filtersOf(url);
  const mayWork = usePermission('work');
  const client = useQueryClient();
  const [importing, setImporting] = useState(false);
  const chosen = useChosen();
  const first = useAssets(team, filters).data?.pages[0];
  const close = useCallback(() => setUrl({ open: undefined }), [setUrl]);
  const create = () => setUrl({ open: 'new' }, { push: true });
  const startImport = () => setImporting(true);
  useLive(team, (event) => {
    if (event.kind === 'asset.changed' || event.kind === 'reset') {
      void client.invalidateQueries({ queryKey: assetKeys.all(team) });
    }
  });
  useShortcuts([{ keys: 'c', label: 'New asset', group: 'Assets', run: create }], mayWork);
  const reason = !mayWork && whoMay.work;
  return (
    <div className="with-panel">
      <div className="page long">
        <header className="page-head">
          <div>
            <h1>Assets</h1>
            <p>
              {first
                ? `${countText(first.count, first.count_capped)} ${first.count === 1 ? 'asset' : 'assets'}`
                : 'What the team patches'}
            </p>
          </div>
          <div className="tools">
            <Link to="/t/$team/asset-groups" params={{ team }} className="btn">
              <FolderTree size={15} aria-hidden /> Groups
            </Link>
            <Link to="/t/$team/asset-duplicates" params={{ team }} className="btn">
              <Combine size={15} aria-hidden /> Duplicates
            </Link>
            <a className="btn" href={exportAddress(team, filters)} download={`assets-${team}.csv`}>
              <Download size={15} aria-hidden /> Export CSV
            </a>
            <Button reason={reason} onClick={startImport}>
              <FileUp size={15} aria-hidden /> Import CSV
            </Button>
            <Button variant="primary" reason={reason} onClick={create}>
              <Plus size={15} aria-hidden /> New asset
            </Button>
          </div>
        </header>
        <AssetFilterBar team={team} filters={filters} onChange={setUrl} />
        {mayWork && (
          <BulkBar
            team={team}
            filters={filters}
            chosen={chosen}
            count={first?.count ?? 0}
            capped={first?.count_capped ?? false}
          />
        )}
        <AssetList team={team} filters={filters} mayWork={mayWork} chosen={chosen} onImport={startImport} />
      </div>
      <Suspense>
        {url.open && <AssetPanel key={url.open} team={team} id={url.open} mayWork={mayWork} onClose={close} />}
        {importing && <AssetImportDialog team={team} onClose={() => setImporting(false)} />}
      </Suspense>
    </div>
  );
}

/** What the list shows, as a file. */
function exportAddress(team: string, filters: AssetFilters): string {
  const query = new URLSearchParams(Object.entries(onlyFilter(filters)).map(([k, v]) => [k, String(v)]));
  return `${apiBase}/teams/${team}/asset-export?${query}`;
}
