import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { facetsQuery } from '../../../api/finding';
import { usePermission } from '../../../api/queries';
import type { BulkChange, Patch, Status } from '../../../api/schema';
import { openSprintsQuery } from '../../../api/sprints';
import { statusLabel } from '../../../lib/domain';
import { plural } from '../../../lib/format';
import { Dialog, FormActions } from '../../../ui/Dialog';
import { Field, Input, Select } from '../../../ui/Field';
import { TagInput } from '../../../ui/TagInput';
import { HelperFields, type Helpers, helpersOf } from './HelperFields';
import { changeMany } from './useBulk';
import './finding.css';

interface Props {
  team: string;
  patches: readonly Patch[];
  onClose: () => void;
  onDone: () => void;
}

type Kind = 'labels' | 'helpers' | 'status' | 'sprint' | 'drop';

/** Labels, co-assignees, status, sprint or drop of several patches; each patch changes as far as its rules allow. */
export function BulkDialog({ team, patches, onClose, onDone }: Props) {
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>('labels');
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const [helpers, setHelpers] = useState<Helpers>({});
  const [status, setStatus] = useState<Status>('ready');
  const [sprint, setSprint] = useState('');
  const [drop, setDrop] = useState<NonNullable<BulkChange['drop']>>('duplicate');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const facets = useQuery(facetsQuery(team)).data;
  const sprints = useQuery(openSprintsQuery(team)).data ?? [];
  const mayRank = usePermission('rank', team);
  const present = [...new Set(patches.flatMap((p) => p.labels))].sort();
  const change = (): BulkChange => {
    const why = note.trim() && { note: note.trim() };
    if (kind === 'labels') return { add_labels: add, remove_labels: remove };
    if (kind === 'helpers')
      return { add_co_assignee_ids: helpersOf(helpers, 'add'), remove_co_assignee_ids: helpersOf(helpers, 'remove') };
    if (kind === 'status') return { status, ...why };
    if (kind === 'sprint') return { sprint: sprint === '' ? null : Number(sprint), ...why };
    return { drop, ...why };
  };
  const empty =
    (kind === 'labels' && add.length + remove.length === 0 && 'Name a label first') ||
    (kind === 'helpers' && Object.keys(helpers).length === 0 && 'Choose somebody first');
  const run = async () => {
    setBusy(true);
    await changeMany(client, team, patches, change());
    onClose();
    onDone();
  };
  const kinds = [
    ['labels', 'Labels'],
    ['helpers', 'Co-assignees'],
    ['status', 'Status'],
    ['sprint', 'Sprint'],
    ...(mayRank ? [['drop', 'Drop'] as const] : []),
  ] as const;
  return (
    <Dialog open onClose={onClose} title={`Change ${plural(patches.length, 'patch', 'patches')}`}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (!empty && !busy) void run();
        }}
      >
        <Field label="What" required>
          <Select options={kinds} value={kind} onChange={(e) => setKind(e.target.value as Kind)} />
        </Field>
        {kind === 'labels' && (
          <>
            <Field label="Add labels">
              <TagInput value={add} onChange={setAdd} suggestions={facets?.labels ?? []} max={20} />
            </Field>
            <Field label="Remove labels">
              <TagInput value={remove} onChange={setRemove} suggestions={present} max={20} />
            </Field>
          </>
        )}
        {kind === 'helpers' && <HelperFields team={team} value={helpers} onChange={setHelpers} />}
        {kind === 'status' && (
          <Field label="Status" required>
            <Select
              options={Object.entries(statusLabel).filter(([s]) => s !== 'dropped')}
              value={status}
              onChange={(e) => setStatus(e.target.value as Status)}
            />
          </Field>
        )}
        {kind === 'sprint' && (
          <Field label="Sprint" required>
            <Select
              options={[
                ['', 'Out of its sprint'],
                ...sprints.map((s) => [String(s.number), `Into ${s.name || `Sprint ${s.number}`}`] as const),
              ]}
              value={sprint}
              onChange={(e) => setSprint(e.target.value)}
            />
          </Field>
        )}
        {kind === 'drop' && (
          <Field label="Reason" required>
            <Select
              options={[
                ['duplicate', 'Duplicate'],
                ['false_positive', 'False positive'],
                ['superseded', 'Superseded'],
                ['risk_accepted', 'Risk accepted'],
              ]}
              value={drop}
              onChange={(e) => setDrop(e.target.value as typeof drop)}
            />
          </Field>
        )}
        {kind !== 'labels' && kind !== 'helpers' && (
          <Field label="Note">
            <Input value={note} maxLength={500} onChange={(e) => setNote(e.target.value)} />
          </Field>
        )}
        <FormActions onCancel={onClose} busy={busy} reason={empty}>
          Change {plural(patches.length, 'patch', 'patches')}
        </FormActions>
      </form>
    </Dialog>
  );
}
