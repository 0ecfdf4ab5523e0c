import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { chooseViews, createView, deleteView, restoreView, updateView } from '../../../api/finding';
import { usePermission, whoMay } from '../../../api/queries';
import type { View, ViewList } from '../../../api/schema';
import { viewsKey } from '../../../api/views';
import { parseSearch, type UrlState } from '../../../app/url';
import { randomId } from '../../../lib/id';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Checkbox, Field, Input } from '../../../ui/Field';
import { type MenuEntry, RowMenu } from '../../../ui/Menu';
import { toast, toastError } from '../../../ui/toast';
import { queryOf } from '../filter';
import { builtIn, type Shown, shown } from '../useView';
import './finding.css';

interface Props {
  team: string;
  url: UrlState;
  view: Shown;
  change: (to: UrlState) => void;
  onClose: () => void;
}

/** The views one has: to show, to keep in order, and to keep the present filter as a new one. */
export function ViewsDialog({ team, url, view, change, onClose }: Props) {
  const client = useQueryClient();
  const [renaming, setRenaming] = useState<string | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: viewsKey(team) });
  const act = async (what: () => Promise<unknown>, failed: string) => {
    try {
      await what();
    } catch (error) {
      toastError(error, failed);
    }
    await refresh();
  };
  const choose = (body: Parameters<typeof chooseViews>[1]) =>
    act(async () => {
      client.setQueryData<ViewList>(viewsKey(team), (d) => d && { ...d, choices: { ...d.choices, ...body } });
      await chooseViews(team, body);
    }, 'This was not kept');
  const show = (v: { id: string; query: string }) => {
    change(shown(v));
    onClose();
  };
  const move = (id: string, by: number) => {
    const ids = view.views.map((v) => v.id);
    const at = ids.indexOf(id);
    ids.splice(at, 1);
    ids.splice(Math.max(0, at + by), 0, id);
    void choose({ places: ids });
  };
  const remove = (v: View) =>
    act(async () => {
      await deleteView(team, v.id);
      toast({
        text: `View “${v.name}” deleted`,
        undo: async () => {
          await restoreView(team, v.id);
          await refresh();
        },
      });
    }, 'The view was not deleted');
  const save = (v: View, body: Partial<View>, text: string) =>
    act(async () => {
      await updateView(team, v.id, { version: v.version, ...body });
      toast({ text });
    }, 'The view was not changed');
  const preferred = (id: string): MenuEntry =>
    view.choices.default_view === id
      ? { label: 'Do not begin with it', run: () => void choose({ default_view: '' }) }
      : { label: 'Begin with this view', run: () => void choose({ default_view: id }) };
  const link = (id: string): MenuEntry => ({
    label: 'Copy link',
    run: () =>
      void navigator.clipboard
        .writeText(`${location.origin}${location.pathname}?v=${encodeURIComponent(id)}`)
        .then(() => toast({ text: 'The link is copied' }), toastError),
  });
  const entries = (v: View, index: number): MenuEntry[] => {
    const no = v.editable ? undefined : 'Only its owner, a Scrum master or a product owner';
    return [
      { label: 'Rename', disabled: no, run: () => setRenaming(v.id) },
      {
        label: 'Replace by the present filter',
        disabled: no,
        run: () => void save(v, { query: queryOf(url) }, `“${v.name}” shows this filter now`),
      },
      {
        label: v.shared ? 'Keep to myself' : 'Share with the team',
        disabled: v.mine ? undefined : 'Only its owner',
        run: () =>
          void save(v, { shared: !v.shared }, v.shared ? `“${v.name}” is yours alone` : `The team sees “${v.name}”`),
      },
      link(v.id),
      preferred(v.id),
      { label: 'Move up', disabled: index === 0, separate: true, run: () => move(v.id, -1) },
      { label: 'Move down', disabled: index === view.views.length - 1, run: () => move(v.id, 1) },
      { label: 'Delete', disabled: no, danger: true, separate: true, run: () => void remove(v) },
    ];
  };
  const row = (v: { id: string; name: string; query: string }, about: string, list: () => MenuEntry[]) => (
    <li key={v.id}>
      <button type="button" className="view-open" aria-current={url.v === v.id} onClick={() => show(v)}>
        {v.name} {view.choices.default_view === v.id && <small>· begins with it</small>}
      </button>
      {about && <small>{about}</small>}
      <RowMenu label={`Actions for ${v.name}`} heading={v.name} entries={list} />
    </li>
  );
  return (
    <Dialog open onClose={onClose} title="Views">
      <ul className="view-list" aria-label="Views">
        {view.views.map((v, i) =>
          renaming === v.id ? (
            <li key={v.id}>
              <Rename
                name={v.name}
                onDone={(name) => {
                  setRenaming(null);
                  if (name && name !== v.name) void save(v, { name }, `The view is called “${name}” now`);
                }}
              />
            </li>
          ) : (
            row(v, v.shared ? (v.mine ? 'shared' : v.owner.name) : '', () => entries(v, i))
          ),
        )}
        {builtIn.map((v) => row(v, '', () => [link(v.id), preferred(v.id)]))}
      </ul>
      <SaveForm team={team} url={url} view={view} change={change} refresh={refresh} />
    </Dialog>
  );
}

function Rename({ name, onDone }: { name: string; onDone: (name: string) => void }) {
  const [text, setText] = useState(name);
  return (
    <Input
      aria-label="Name of the view"
      autoFocus
      maxLength={60}
      value={text}
      onChange={(e) => setText(e.target.value)}
      onBlur={() => onDone(text.trim())}
      onKeyDown={(e) => {
        if (e.key === 'Enter') onDone(text.trim());
        if (e.key === 'Escape') {
          e.stopPropagation();
          onDone('');
        }
      }}
    />
  );
}

type SaveProps = Omit<Props, 'onClose'> & { refresh: () => Promise<void> };

/** The present filter under a name. */
function SaveForm({ team, url, view, change, refresh }: SaveProps) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [columns, setColumns] = useState(false);
  const [intent, setIntent] = useState(randomId);
  const mayShare = usePermission('work', team);
  const save = async () => {
    try {
      const look = columns
        ? { columns: [...view.columns], density: view.comfortable ? ('comfortable' as const) : ('compact' as const) }
        : {};
      const v = await createView(team, { name: name.trim(), query: queryOf(url), shared, ...look }, intent);
      await refresh();
      change({ ...parseSearch(v.query), v: v.id });
      setName('');
      setIntent(randomId());
      toast({ text: `View “${v.name}” saved${shared ? ' for the team' : ''}` });
    } catch (error) {
      toastError(error, 'The view was not saved');
    }
  };
  return (
    <form
      className="filter-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (name.trim()) void save();
      }}
    >
      <Field label="Keep the present filter as" required>
        <Input value={name} maxLength={60} autoComplete="off" onChange={(e) => setName(e.target.value)} />
      </Field>
      <Checkbox
        label="Share with the team"
        {...(!mayShare && { hint: whoMay.work })}
        disabled={!mayShare}
        checked={shared}
        onChange={(e) => setShared(e.target.checked)}
      />
      <Checkbox
        label="With my columns and row height"
        checked={columns}
        onChange={(e) => setColumns(e.target.checked)}
      />
      <Button variant="primary" type="submit" reason={!name.trim() && 'Give it a name first'}>
        Save view
      </Button>
    </form>
  );
}
