import './asset.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api, call } from '../../api/client';
import { useLive } from '../../api/live';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { AssetDetail } from '../../api/schema';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { dateTime, num, plural } from '../../lib/format';
import { sourceName } from '../../lib/source';
import { Chip } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { Tabs } from '../../ui/Tabs';
import { toast, toastError } from '../../ui/toast';
import { State } from './AssetList';
import { AssetActivity, AssetComponents, AssetFindings, AssetPatches } from './AssetTabs';
import { useAssetEdits } from './edit';
import { assetKeys, assetQuery } from './queries';
import { criticalityLabel, environmentLabel, exposureLabel } from './words';

const AssetPanel = lazy(() => import('./AssetPanel'));

/** Everything about one asset. */
export function AssetPage() {
  const { team = '', id = '' } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(assetQuery(team, id));
  const client = useQueryClient();
  useTitle(`${data?.name ?? 'Asset'} · ${team}`);
  useLive(team, (event) => {
    if (['asset.changed', 'patches.changed', 'reset'].includes(event.kind)) {
      void client.invalidateQueries({ queryKey: assetKeys.one(team, id) });
    }
  });
  if (error && !data)
    return <ErrorState page error={error} what="The asset could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Loading the asset" />;
  return <Page team={team} asset={data} />;
}

function Page({ team, asset: a }: { team: string; asset: AssetDetail }) {
  const [url, setUrl] = useUrlState();
  const [editing, setEditing] = useState(false);
  const mayWork = usePermission('work');
  const zone = useTeam()?.time_zone ?? 'UTC';
  const edits = useAssetEdits(team);
  const retire = async () => {
    try {
      await edits.change({ ids: [a.id] }, { retired: !a.retired_at }, a.retired_at ? 'in use again' : 'retired');
    } catch (error) {
      toastError(error);
    }
  };
  const reason = !mayWork && whoMay.work;
  const installed = a.inventories.reduce((sum, i) => sum + i.components, 0);
  const tabs = [
    { value: 'patches', label: 'Open patches', content: <AssetPatches team={team} id={a.id} zone={zone} /> },
    {
      value: 'findings',
      label: `Findings (${num.format(a.open_findings)} open)`,
      content: <AssetFindings team={team} id={a.id} zone={zone} />,
    },
    {
      value: 'components',
      label: `Installed (${num.format(installed)})`,
      content: <AssetComponents team={team} id={a.id} zone={zone} />,
    },
    { value: 'history', label: 'History', content: <AssetActivity team={team} id={a.id} zone={zone} /> },
  ];
  return (
    <div className="with-panel">
      <div className="page long">
        <header className="page-head">
          <div className="asset-title">
            <h1>{a.name}</h1>
            <p>
              <Link to="/t/$team/assets" params={{ team }} className="link">
                Assets
              </Link>{' '}
              · {a.kind} <State asset={a} />
            </p>
          </div>
          <div className="tools">
            <Link to="/t/$team/imports" params={{ team }} className="btn">
              Import an inventory
            </Link>
            <Button reason={reason} onClick={() => void retire()}>
              {a.retired_at ? 'Take back into use' : 'Retire'}
            </Button>
            <Button variant="primary" reason={reason} onClick={() => setEditing(true)}>
              Edit
            </Button>
          </div>
        </header>
        <Facts asset={a} zone={zone} />
        <Sources team={team} asset={a} zone={zone} />
        <Tabs
          label="About the asset"
          value={tabs.some((t) => t.value === url.tab) ? (url.tab ?? '') : 'patches'}
          onChange={(tab) => setUrl({ tab })}
          tabs={tabs}
        />
      </div>
      <Suspense>
        {editing && <AssetPanel team={team} id={a.id} mayWork={mayWork} onClose={() => setEditing(false)} />}
      </Suspense>
    </div>
  );
}

function Facts({ asset: a, zone }: { asset: AssetDetail; zone: string }) {
  const facts: [string, string | string[]][] = [
    ['Criticality', criticalityLabel[a.criticality]],
    ['Exposure', exposureLabel[a.exposure]],
    ['Environment', environmentLabel[a.environment]],
    ['Owner', a.owner],
    ['Last seen', a.scanned_at ? dateTime(a.scanned_at, zone) : 'never'],
    ['Groups', a.groups.map((g) => (g.matched ? `${g.name} (rule)` : g.name))],
    ['Tags', a.tags],
    ['Regulations', a.regulations],
    ['Addresses, serials', a.identifiers],
    ['Also called', a.names],
  ];
  return (
    <dl className="asset-facts">
      {facts
        .filter(([label, value]) => label !== 'Also called' || value.length > 0)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value.length === 0 ? '–' : typeof value === 'string' ? value : <Words words={value} />}</dd>
          </div>
        ))}
    </dl>
  );
}

const Words = ({ words }: { words: string[] }) => (
  <span className="chips">
    {words.map((w) => (
      <Chip key={w}>{w}</Chip>
    ))}
  </span>
);

/** Who has spoken of the asset, and which of its names came from a merge. */
function Sources({ team, asset: a, zone }: { team: string; asset: AssetDetail; zone: string }) {
  const client = useQueryClient();
  const mayWork = usePermission('work');
  const merge = a.merges.find((m) => m.undoable);
  const undo = async (id: string) => {
    try {
      await call(api.POST('/teams/{team}/asset-merges/{id}/undo', { params: { path: { team, id } } }));
      await client.invalidateQueries({ queryKey: assetKeys.all(team) });
      toast({ text: 'They are separate assets again' });
    } catch (error) {
      toastError(error, 'The merge was not undone');
    }
  };
  if (a.sources.length + a.inventories.length === 0 && !merge) return null;
  return (
    <ul className="asset-sources">
      {a.sources.map((s) => (
        <li key={s.source}>
          <b>{sourceName(s.source)}</b> sees {plural(s.seen, 'finding')}
          {s.gone > 0 && ` and ${num.format(s.gone)} no longer`}; last change {dateTime(s.since, zone)}
        </li>
      ))}
      {a.inventories.map((i) => (
        <li key={`${i.source} ${i.seen_at}`}>
          <b>{sourceName(i.source)}</b> lists {plural(i.components, 'component')}; since {dateTime(i.seen_at, zone)}
        </li>
      ))}
      {merge && (
        <li>
          {merge.names.join(', ')} merged into it by {merge.who}{' '}
          <Button small reason={!mayWork && whoMay.work} onClick={() => void undo(merge.id)}>
            Undo the merge
          </Button>
        </li>
      )}
    </ul>
  );
}
