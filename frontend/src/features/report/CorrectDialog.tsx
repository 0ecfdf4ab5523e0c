import { useState } from 'react';
import type { CorrectionKind, NewCorrection, SprintSummary } from '../../api/schema';
import { correctSprint } from '../../api/sprints';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, NumberField, Select, Textarea } from '../../ui/Field';
import { sprintName } from '../../ui/sprint/totals';
import { toast, toastError } from '../../ui/toast';
import { choicesFor, correctionText, countedItems } from './corrections';

interface Props {
  team: string;
  summary: SprintSummary;
  onClose: () => void;
  onDone: () => void;
}

/** Adds a row to the ledger of a closed sprint; it changes none. */
export default function CorrectDialog({ team, summary, onClose, onDone }: Props) {
  const items = countedItems(summary);
  const [key, setKey] = useState(items[0]?.key ?? '');
  const [what, setWhat] = useState<CorrectionKind | ''>('');
  const [points, setPoints] = useState('');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const choices = choicesFor(items.find((i) => i.key === key));
  const kind = what && choices.includes(what) ? what : (choices[0] ?? 'points');
  const run = async () => {
    setBusy(true);
    try {
      const body: NewCorrection = { key, what: kind, reason: reason.trim() };
      if (kind === 'points') body.points = Number(points);
      await correctSprint(team, summary.sprint.number, body);
      toast({ text: `${key} corrected in the report of ${sprintName(summary.sprint)}` });
      onDone();
      onClose();
    } catch (error) {
      toastError(error, 'The correction was not recorded');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Correct ${sprintName(summary.sprint)}`}
      description="The correction is added to the ledger with your name. The figures of the close stay, also in velocity; the corrected ones stand beside them."
    >
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void run();
        }}
      >
        <Field label="Item" required>
          <Select
            options={items.map((i) => [i.key, `${i.key} ${i.title}`])}
            value={key}
            onChange={(e) => setKey(e.target.value)}
          />
        </Field>
        <Field label="What was wrong" required>
          <Select
            options={choices.map((c) => [c, correctionText[c]])}
            value={kind}
            onChange={(e) => setWhat(e.target.value as CorrectionKind)}
          />
        </Field>
        {kind === 'points' && (
          <Field label="Right points" required>
            <NumberField
              min={0}
              max={1_000_000}
              step="any"
              required
              value={points}
              onChange={(e) => setPoints(e.target.value)}
            />
          </Field>
        )}
        <Field label="Reason" required>
          <Textarea rows={2} required maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
        </Field>
        <FormActions onCancel={onClose} busy={busy} reason={!reason.trim() && 'Say why first'}>
          Record correction
        </FormActions>
      </form>
    </Dialog>
  );
}
