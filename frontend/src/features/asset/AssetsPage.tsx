import './asset.css';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { FileUp, Plus } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { useLive } from '../../api/live';
import { usePermission, whoMay } from '../../api/queries';
import { useCommands } from '../../app/commands';
import { useShortcuts } from '../../app/shortcuts';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { countText } from '../../lib/format';
import { Button } from '../../ui/Button';
import { AssetFilterBar } from './AssetFilterBar';
import { AssetList } from './AssetList';
import { assetKeys, filtersOf, useAssets } from './queries';

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
  useCommands(
    mayWork
      ? [
          { label: 'New asset', group: 'Assets', icon: Plus, keys: 'c', run: create },
          { label: 'Import assets from CSV', group: 'Assets', icon: FileUp, run: startImport },
        ]
      : [],
  );
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
            <Button reason={reason} onClick={startImport}>
              <FileUp size={15} aria-hidden /> Import CSV
            </Button>
            <Button variant="primary" reason={reason} onClick={create}>
              <Plus size={15} aria-hidden /> New asset
            </Button>
          </div>
        </header>
        <AssetFilterBar filters={filters} onChange={setUrl} />
        <AssetList team={team} filters={filters} mayWork={mayWork} onImport={startImport} />
      </div>
      <Suspense>
        {url.open && <AssetPanel key={url.open} team={team} id={url.open} mayWork={mayWork} onClose={close} />}
        {importing && <AssetImportDialog team={team} onClose={() => setImporting(false)} />}
      </Suspense>
    </div>
  );
}
