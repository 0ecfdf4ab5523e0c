import { lazy, Suspense, useState } from 'react';
import { countText, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { toastError } from '../../ui/toast';
import { type Selection, useAssetEdits } from './edit';
import type { AssetFilters } from './queries';
import { onlyFilter } from './queries';
import type { Chosen } from './useChosen';

const BulkDialog = lazy(() => import('./BulkDialog'));
const MergeDialog = lazy(() => import('./MergeDialog'));

interface Props {
  team: string;
  filters: AssetFilters;
  chosen: Chosen;
  /** How many match the filter; the server stops counting at 1,000. */
  count: number;
  capped: boolean;
}

/** What can be done with the ticked assets, or with all that match the filter. */
export function BulkBar({ team, filters, chosen, count, capped }: Props) {
  const edits = useAssetEdits(team);
  const [all, setAll] = useState(false);
  const [dialog, setDialog] = useState<'edit' | 'merge' | null>(null);
  const n = chosen.ids.length;
  if (n === 0) return null;
  const selection: Selection = all ? { filter: onlyFilter(filters) } : { ids: chosen.ids };
  const name = all ? `all ${countText(count, capped)} that match` : plural(n, 'asset');
  const clear = () => {
    chosen.set([]);
    setAll(false);
  };
  const retire = async () => {
    try {
      await edits.change(selection, { retired: !filters.retired }, filters.retired ? 'in use again' : 'retired');
      clear();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <section className="bulk-bar" aria-label="Selected assets">
      <b>{all ? `All ${countText(count, capped)} that match` : `${plural(n, 'asset')} selected`}</b>
      {!all && count > n && (
        <Button small variant="ghost" onClick={() => setAll(true)}>
          Select all {countText(count, capped)} that match
        </Button>
      )}
      <Button small onClick={() => setDialog('edit')}>
        Edit…
      </Button>
      <Button small onClick={() => void retire()}>
        {filters.retired ? 'Take back into use' : 'Retire'}
      </Button>
      {!all && n >= 2 && n <= 20 && (
        <Button small onClick={() => setDialog('merge')}>
          Merge…
        </Button>
      )}
      <Button small variant="ghost" onClick={clear}>
        Clear selection
      </Button>
      <Suspense>
        {dialog === 'edit' && (
          <BulkDialog team={team} selection={selection} name={name} onClose={() => setDialog(null)} onDone={clear} />
        )}
        {dialog === 'merge' && (
          <MergeDialog team={team} ids={chosen.ids} onClose={() => setDialog(null)} onDone={clear} />
        )}
      </Suspense>
    </section>
  );
}
