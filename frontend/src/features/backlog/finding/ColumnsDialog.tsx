import { useQueryClient } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { chooseViews, exportUrl, updateView } from '../../../api/finding';
import type { PatchFilter } from '../../../api/patches';
import type { PatchColumn, ViewList } from '../../../api/schema';
import { viewsKey } from '../../../api/views';
import { Button, IconButton } from '../../../ui/Button';
import { Actions, Dialog } from '../../../ui/Dialog';
import { Checkbox, NumberField } from '../../../ui/Field';
import { announce } from '../../../ui/LiveRegion';
import { Segmented } from '../../../ui/Segmented';
import { toastError } from '../../../ui/toast';
import { columns, usual } from '../columns';
import type { Shown } from '../useView';
import { typed } from './widths';
import './finding.css';

interface Props {
  team: string;
  filter: PatchFilter;
  view: Shown;
  onClose: () => void;
}

const all = Object.keys(columns) as PatchColumn[];

/** Which columns, in which order, how wide, how high the rows; and the list as a file. A width is one's own, whatever the view. */
export function ColumnsDialog({ team, filter, view, onClose }: Props) {
  const client = useQueryClient();
  const chosen = view.columns.length ? view.columns : usual;
  const [order, setOrder] = useState<PatchColumn[]>([...chosen, ...all.filter((c) => !chosen.includes(c))]);
  const [on, setOn] = useState<ReadonlySet<PatchColumn>>(new Set(chosen));
  const [density, setDensity] = useState<'compact' | 'comfortable'>(view.comfortable ? 'comfortable' : 'compact');
  const [widths, setWidths] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(view.widths).map(([c, px]) => [c, String(px)])),
  );
  const picked = order.filter((c) => on.has(c));
  const own = view.views.find((v) => v.id === view.current?.id && v.editable);
  const move = (c: PatchColumn, by: number) => {
    const next = order.filter((o) => o !== c);
    const at = Math.max(0, Math.min(next.length, order.indexOf(c) + by));
    next.splice(at, 0, c);
    setOrder(next);
    announce(`${columns[c].label} is column ${at + 1}`);
  };
  const reset = () => {
    setOrder([...usual, ...all.filter((c) => !usual.includes(c))]);
    setOn(new Set(usual));
    setWidths({});
  };
  const keep = async (inView: boolean) => {
    const same = picked.join() === usual.join();
    try {
      const body = { columns: same ? [] : picked, density };
      const set = Object.fromEntries(
        Object.entries(widths)
          .flatMap(([c, text]) => [[c, typed(text)]])
          .filter(([, px]) => px),
      );
      if (inView && own) await updateView(team, own.id, { version: own.version, ...body });
      const choices = await chooseViews(team, { widths: set, ...(!(inView && own) && body) });
      client.setQueryData<ViewList>(viewsKey(team), (d) => d && { ...d, choices });
      onClose();
    } catch (error) {
      toastError(error, 'The columns were not kept');
    }
    await client.invalidateQueries({ queryKey: viewsKey(team) });
  };
  return (
    <Dialog open onClose={onClose} title="Columns and export">
      <form
        className="filter-form"
        onSubmit={(e) => {
          e.preventDefault();
          void keep(false);
        }}
      >
        <ul className="column-list" aria-label="Columns">
          {order.map((c) => (
            <li key={c}>
              <Checkbox
                label={columns[c].label}
                checked={on.has(c)}
                onChange={() => setOn((s) => (s.has(c) ? new Set([...s].filter((o) => o !== c)) : new Set([...s, c])))}
              />
              <NumberField
                className="column-width"
                aria-label={`Width of ${columns[c].label} in pixels`}
                title="Width in pixels; empty for the usual one"
                placeholder="usual"
                min={30}
                max={1000}
                step={10}
                value={widths[c] ?? ''}
                onChange={(e) => setWidths({ ...widths, [c]: e.target.value })}
              />
              <IconButton label={`${columns[c].label} further to the left`} onClick={() => move(c, -1)}>
                <ArrowUp size={14} />
              </IconButton>
              <IconButton label={`${columns[c].label} further to the right`} onClick={() => move(c, 1)}>
                <ArrowDown size={14} />
              </IconButton>
            </li>
          ))}
        </ul>
        <Segmented<'compact' | 'comfortable'>
          label="Row height"
          value={density}
          onChange={setDensity}
          options={[
            ['compact', 'Compact rows'],
            ['comfortable', 'Comfortable rows'],
          ]}
        />
        <p className="field-hint">
          Export everything the filter finds, in this order and with these columns:{' '}
          <a className="link" href={exportUrl(team, filter, picked, 'csv')} download>
            CSV
          </a>{' '}
          ·{' '}
          <a className="link" href={exportUrl(team, filter, picked, 'json')} download>
            JSON
          </a>
        </p>
        <Actions>
          <Button variant="ghost" onClick={reset}>
            The usual ones
          </Button>
          {own && (
            <Button reason={picked.length === 0 && 'Choose a column first'} onClick={() => void keep(true)}>
              Keep in “{own.name}”
            </Button>
          )}
          <Button variant="primary" type="submit" reason={picked.length === 0 && 'Choose a column first'}>
            Keep for me
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
