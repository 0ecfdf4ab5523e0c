import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { Asset } from '../../api/schema';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { SkeletonRows } from '../../ui/states';
import { toastError } from '../../ui/toast';
import { useAssetEdits } from './edit';
import { assetQuery } from './queries';

interface Props {
  team: string;
  ids: string[];
  onClose: () => void;
  onDone: () => void;
}

/** Two or more assets that are one: which name stays, and what will happen. */
export default function MergeDialog({ team, ids, onClose, onDone }: Props) {
  const edits = useAssetEdits(team);
  const answers = useQueries({ queries: ids.map((id) => assetQuery(team, id)) });
  const assets = answers.map((a) => a.data).filter((a): a is NonNullable<typeof a> => !!a);
  const [into, setInto] = useState(ids[0] ?? '');
  const [busy, setBusy] = useState(false);
  const kept = assets.find((a) => a.id === into);
  const merge = async () => {
    setBusy(true);
    try {
      const from = ids.filter((id) => id !== into);
      await edits.merge(into, from, `${plural(from.length, 'asset')} merged into ${kept?.name ?? 'it'}`);
      onDone();
      onClose();
    } catch (error) {
      toastError(error, 'Nothing was merged');
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={`Merge ${plural(ids.length, 'asset')} into one`}>
      {assets.length < ids.length ? (
        <SkeletonRows rows={ids.length} label="Loading the assets" />
      ) : (
        <fieldset className="merge-choices">
          <legend>Which name stays?</legend>
          {assets.map((a) => (
            <Choice key={a.id} asset={a} checked={a.id === into} onPick={() => setInto(a.id)} />
          ))}
        </fieldset>
      )}
      <p className="dialog-text">
        Findings, components, groups, tags and names go to the one that stays; a finding that both had stays once.
        Criticality, exposure and regulations become the worst of all. Reports under the other names are about this one
        from now on. For a day this can be undone.
      </p>
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" busy={busy} onClick={() => void merge()}>
          Merge
        </Button>
      </Actions>
    </Dialog>
  );
}

const Choice = ({ asset: a, checked, onPick }: { asset: Asset; checked: boolean; onPick: () => void }) => (
  <label>
    <input type="radio" name="into" checked={checked} onChange={onPick} /> <b>{a.name}</b>{' '}
    <span className="muted">
      {a.kind}, {plural(a.open_findings, 'open finding')}
    </span>
  </label>
);
