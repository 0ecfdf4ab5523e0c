import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { usePauseLive } from '../../api/live';
import { whoMay } from '../../api/queries';
import type { Asset } from '../../api/schema';
import { dateTime, longDate, num } from '../../lib/format';
import { SidePanel } from '../../ui/SidePanel';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { AssetForm } from './AssetForm';
import { assetQuery } from './queries';

interface AssetPanelProps {
  team: string;
  /** An asset's id, or "new". */
  id: string;
  mayWork: boolean;
  onClose: () => void;
}

export default function AssetPanel({ team, id, mayWork, onClose }: AssetPanelProps) {
  usePauseLive(mayWork); // it is an editor: what others do must not change it under the hand
  if (id === 'new') {
    return (
      <SidePanel title="New asset" onClose={onClose}>
        {mayWork ? <AssetForm team={team} asset={null} onDone={onClose} /> : <p className="muted">{whoMay.work}.</p>}
      </SidePanel>
    );
  }
  return <Existing team={team} id={id} mayWork={mayWork} onClose={onClose} />;
}

function Existing({ team, id, mayWork, onClose }: AssetPanelProps) {
  const { data, error, refetch } = useQuery(assetQuery(team, id));
  return (
    <SidePanel title={data?.name ?? 'Asset'} onClose={onClose}>
      {error && !data ? (
        <ErrorState error={error} what="The asset could not be loaded" retry={() => void refetch()} />
      ) : data ? (
        <>
          <Facts team={team} asset={data} />
          {!mayWork && <p className="readonly-note">{whoMay.work}.</p>}
          <fieldset className="fieldset" disabled={!mayWork}>
            <AssetForm key={data.version} team={team} asset={data} onDone={onClose} readOnly={!mayWork} />
          </fieldset>
        </>
      ) : (
        <SkeletonRows label="Loading the asset" />
      )}
    </SidePanel>
  );
}

const Facts = ({ team, asset }: { team: string; asset: Asset }) => (
  <dl className="facts">
    <dt>Open findings</dt>
    <dd>
      <Link to="/t/$team/backlog" params={{ team }} search={{ asset: asset.id }} className="link">
        {num.format(asset.open_findings)}
        <span className="sr"> open findings: show their patches</span>
      </Link>
    </dd>
    <dt>Last scanned</dt>
    <dd>{asset.scanned_at ? dateTime(asset.scanned_at) : 'never'}</dd>
    <dt>Known since</dt>
    <dd>{longDate(asset.created_at)}</dd>
  </dl>
);
