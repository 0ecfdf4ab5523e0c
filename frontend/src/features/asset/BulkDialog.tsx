import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { groupsQuery, wordsQuery } from '../../api/assets';
import { type Problem, toProblem } from '../../api/problem';
import type { AssetChange, AssetEdit } from '../../api/schema';
import { num } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Input, Select } from '../../ui/Field';
import { FormProblem } from '../../ui/form';
import { Progress } from '../../ui/Progress';
import { TagInput } from '../../ui/TagInput';
import { type Selection, useAssetEdits } from './edit';
import { criticalities, environments, exposures } from './queries';
import { criticalityLabel, environmentLabel, exposureLabel } from './words';

interface Props {
  team: string;
  selection: Selection;
  /** "3 assets", "all 1,000+ that match". */
  name: string;
  onClose: () => void;
  onDone: () => void;
}

const blank = {
  criticality: '',
  exposure: '',
  environment: '',
  owner: '',
  add_tags: [] as string[],
  remove_tags: [] as string[],
  add_regulations: [] as string[],
  remove_regulations: [] as string[],
  add_group: '',
  remove_group: '',
};
type Values = typeof blank;

/** What of the form is filled in; the rest stays as it is. */
export function changeOf(v: Values): AssetChange {
  return {
    ...(v.criticality && { criticality: v.criticality as NonNullable<AssetChange['criticality']> }),
    ...(v.exposure && { exposure: v.exposure as NonNullable<AssetChange['exposure']> }),
    ...(v.environment && { environment: v.environment as NonNullable<AssetChange['environment']> }),
    ...(v.owner.trim() && { owner: v.owner.trim() }),
    ...(v.add_tags.length > 0 && { add_tags: v.add_tags }),
    ...(v.remove_tags.length > 0 && { remove_tags: v.remove_tags }),
    ...(v.add_regulations.length > 0 && { add_regulations: v.add_regulations }),
    ...(v.remove_regulations.length > 0 && { remove_regulations: v.remove_regulations }),
    ...(v.add_group && { add_groups: [v.add_group] }),
    ...(v.remove_group && { remove_groups: [v.remove_group] }),
  };
}

const options = <T extends string>(list: readonly T[], words: Record<T, string>) => [
  ['', 'Leave as it is'] as const,
  ...list.map((v) => [v, words[v]] as const),
];

/** One change for many assets. It says how far it is, goes on without the dialog, and can be undone. */
export default function BulkDialog({ team, selection, name, onClose, onDone }: Props) {
  const edits = useAssetEdits(team);
  const [values, setValues] = useState(blank);
  const [running, setRunning] = useState<AssetEdit | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const groups = useQuery(groupsQuery(team)).data?.items ?? [];
  const words = useQuery(wordsQuery(team)).data;
  const change = changeOf(values);
  const set = (patch: Partial<Values>) => setValues((old) => ({ ...old, ...patch }));
  const pick = (field: 'criticality' | 'exposure' | 'environment' | 'add_group' | 'remove_group') => ({
    value: values[field],
    onChange: (e: { target: { value: string } }) => set({ [field]: e.target.value }),
  });
  const groupOptions = [['', 'None'] as const, ...groups.map((g) => [g.id, g.name] as const)];
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || Object.keys(change).length === 0) return;
    setBusy(true);
    setProblem(null);
    try {
      await edits.change(selection, change, 'changed; their patches are scored again', setRunning);
      onDone();
      onClose();
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
      setRunning(null);
    }
  };
  const tagWords = words?.tags.map((t) => t.word) ?? [];
  return (
    <Dialog open onClose={onClose} title={`Edit ${name}`} wide>
      <form className="form" onSubmit={(e) => void send(e)}>
        <div className="form-row">
          <Field label="Criticality">
            <Select options={options(criticalities, criticalityLabel)} {...pick('criticality')} />
          </Field>
          <Field label="Exposure">
            <Select options={options(exposures, exposureLabel)} {...pick('exposure')} />
          </Field>
        </div>
        <div className="form-row">
          <Field label="Environment">
            <Select options={options(environments, environmentLabel)} {...pick('environment')} />
          </Field>
          <Field label="Owner">
            <Input
              maxLength={100}
              list="owners-in-use"
              value={values.owner}
              placeholder="Leave as it is"
              onChange={(e) => set({ owner: e.target.value })}
            />
          </Field>
        </div>
        <datalist id="owners-in-use">
          {words?.owners.map((o) => (
            <option key={o.word} value={o.word} />
          ))}
        </datalist>
        <div className="form-row">
          <Field label="Add tags" hint="Enter or a comma adds one.">
            <TagInput value={values.add_tags} onChange={(add_tags) => set({ add_tags })} suggestions={tagWords} />
          </Field>
          <Field label="Remove tags">
            <TagInput
              value={values.remove_tags}
              onChange={(remove_tags) => set({ remove_tags })}
              suggestions={tagWords}
            />
          </Field>
        </div>
        <div className="form-row">
          <Field label="Add regulations">
            <TagInput
              value={values.add_regulations}
              onChange={(add_regulations) => set({ add_regulations })}
              suggestions={words?.regulations.map((r) => r.word) ?? []}
              max={20}
            />
          </Field>
          <Field label="Remove regulations">
            <TagInput
              value={values.remove_regulations}
              onChange={(remove_regulations) => set({ remove_regulations })}
              suggestions={words?.regulations.filter((r) => r.count > 0).map((r) => r.word) ?? []}
              max={20}
            />
          </Field>
        </div>
        {groups.length > 0 && (
          <div className="form-row">
            <Field label="Put into group">
              <Select options={groupOptions} {...pick('add_group')} />
            </Field>
            <Field label="Take out of group">
              <Select options={groupOptions} {...pick('remove_group')} />
            </Field>
          </div>
        )}
        {running && <Running edit={running} />}
        <FormProblem problem={problem} />
        <Actions>
          <Button onClick={onClose}>{busy ? 'Continue in the background' : 'Cancel'}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={busy}
            reason={Object.keys(change).length === 0 && 'Choose something to change'}
          >
            {busy ? 'Changing…' : 'Change'}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function Running({ edit }: { edit: AssetEdit }) {
  const text =
    edit.phase === 'scoring' ? 'Scoring their patches again' : `${num.format(edit.done)} of ${num.format(edit.total)}`;
  return (
    <p role="status">
      <Progress label={text} value={edit.phase === 'changing' ? edit.done / Math.max(1, edit.total) : null} /> {text}
    </p>
  );
}
