import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { boardKey } from '../../../api/board';
import { coverageQuery, findingsQuery, patchKeys } from '../../../api/patches';
import { toProblem } from '../../../api/problem';
import type { Patch, PatchDetail } from '../../../api/schema';
import { splitPatch, unsplitPatch } from '../../../api/split';
import { sprintKeys } from '../../../api/sprints';
import { num } from '../../../lib/format';
import { parsePoints } from '../../../lib/points';
import { Dialog, FormActions } from '../../Dialog';
import { Checkbox, Field, Input, Textarea } from '../../Field';
import { LoadMore } from '../../LoadMore';
import { Segmented } from '../../Segmented';
import { SkeletonRows } from '../../states';
import { toast } from '../../toast';

interface Props {
  team: string;
  patch: PatchDetail;
  onClose: () => void;
}

type By = 'assets' | 'findings';

/** Takes some hosts or findings out of a patch, with a share of its points. */
export default function SplitDialog({ team, patch, onClose }: Props) {
  const client = useQueryClient();
  const [by, setBy] = useState<By>('assets');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [points, setPoints] = useState('');
  const [title, setTitle] = useState('');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const rest = restOf(patch.points, points);
  const wrong =
    (chosen.length === 0 && `Choose the ${by} of the new part`) ||
    (rest === undefined && `Points are halves from 0 to ${patch.points}`) ||
    (!reason.trim() && 'Say why it is split');
  const refresh = () => {
    for (const queryKey of [patchKeys.all(team), sprintKeys.all(team), boardKey(team)])
      void client.invalidateQueries({ queryKey });
  };
  const join = async ([first, ...parts]: readonly Patch[]) => {
    if (!first) return;
    const seen = parts.map((p) => ({ key: p.key, version: p.version }));
    await unsplitPatch(team, first.key, { version: first.version, parts: seen });
    refresh();
    toast({ text: `${first.key} is whole again` });
  };
  const send = async (e: FormEvent) => {
    e.preventDefault();
    if (wrong || busy || rest === undefined) return setProblem(wrong || '');
    setBusy(true);
    try {
      const part = {
        ...(title.trim() && { title: title.trim() }),
        points: patch.points === null ? null : patch.points - (rest ?? 0),
        ...(by === 'assets' ? { asset_ids: [...chosen] } : { finding_ids: [...chosen] }),
      };
      const body = { points: rest, parts: [part], reason: reason.trim(), version: patch.version };
      const { items } = await splitPatch(team, patch.key, body);
      refresh();
      onClose();
      toast({ text: `${patch.key} was split: ${items[1]?.key} took a part`, undo: () => join(items) });
    } catch (error) {
      setProblem(
        toProblem(error)
          .errors?.map((p) => p.detail)
          .join(' ') || toProblem(error).detail,
      );
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Split ${patch.key}`}
      description="What you choose becomes a patch of its own, with the same sprint, clock, labels and people. Together they keep the points."
    >
      <form className="form" onSubmit={(e) => void send(e)} noValidate>
        <Segmented
          label="Split by"
          value={by}
          options={[
            ['assets', 'Hosts'],
            ['findings', 'Findings'],
          ]}
          onChange={(v) => {
            setBy(v as By);
            setChosen([]);
          }}
        />
        {by === 'assets' ? (
          <Hosts team={team} patch={patch} chosen={chosen} onChange={setChosen} />
        ) : (
          <Found team={team} patch={patch} chosen={chosen} onChange={setChosen} />
        )}
        {patch.points !== null && (
          <Field
            label="Points of the new part"
            required
            hint={
              rest !== undefined && rest !== null && points
                ? `${num.format(rest)} stay with ${patch.key}`
                : `Of ${num.format(patch.points)}`
            }
          >
            <Input inputMode="decimal" value={points} onChange={(e) => setPoints(e.target.value)} />
          </Field>
        )}
        <Field label="Title of the new part" hint="Without one it is numbered">
          <Input maxLength={300} value={title} onChange={(e) => setTitle(e.target.value)} />
        </Field>
        <Field label="Reason" required>
          <Textarea rows={2} maxLength={2000} value={reason} onChange={(e) => setReason(e.target.value)} />
        </Field>
        {problem && (
          <p className="field-error" role="alert">
            {problem}
          </p>
        )}
        <FormActions onCancel={onClose} busy={busy}>
          Split
        </FormActions>
      </form>
    </Dialog>
  );
}

/** What stays: null without an estimate, undefined where what was typed does not fit. */
export function restOf(all: number | null, typed: string): number | null | undefined {
  if (all === null) return null;
  const part = parsePoints(typed);
  return typeof part === 'number' && part <= all ? all - part : undefined;
}

interface ListProps {
  team: string;
  patch: PatchDetail;
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

const toggled = (chosen: readonly string[], id: string, on: boolean) =>
  on ? [...chosen, id] : chosen.filter((c) => c !== id);

function Hosts({ team, patch, chosen, onChange }: ListProps) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    coverageQuery(team, patch.key, 'open'),
  );
  if (!data) return <SkeletonRows rows={3} label="Loading the hosts" />;
  const items = data.pages.flatMap((p) => p.items);
  return (
    <fieldset className="split-list">
      <legend>Hosts of the new part</legend>
      {items.map(({ asset }) => (
        <Checkbox
          key={asset.id}
          label={asset.name}
          checked={chosen.includes(asset.id)}
          onChange={(e) => onChange(toggled(chosen, asset.id, e.target.checked))}
        />
      ))}
      {hasNextPage && <LoadMore more busy={isFetchingNextPage} load={() => void fetchNextPage()} />}
    </fieldset>
  );
}

function Found({ team, patch, chosen, onChange }: ListProps) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(findingsQuery(team, patch.key));
  if (!data) return <SkeletonRows rows={3} label="Loading the findings" />;
  const items = data.pages.flatMap((p) => p.items).filter((f) => f.status === 'open');
  return (
    <fieldset className="split-list">
      <legend>Findings of the new part</legend>
      {items.map((f) => (
        <Checkbox
          key={f.id}
          label={`${f.vulnerability} on ${f.asset.name}`}
          checked={chosen.includes(f.id)}
          onChange={(e) => onChange(toggled(chosen, f.id, e.target.checked))}
        />
      ))}
      {hasNextPage && <LoadMore more busy={isFetchingNextPage} load={() => void fetchNextPage()} />}
    </fieldset>
  );
}
