import { useState } from 'react';
import { putContent } from '../../../api/content';
import { usePauseLive } from '../../../api/live';
import { toProblem } from '../../../api/problem';
import type { AdvisoryLink, PatchContent, PatchContentEdit } from '../../../api/schema';
import { webAddress } from '../../../lib/markdown';
import { Button, IconButton } from '../../Button';
import { FormActions } from '../../Dialog';
import { Field, Input, NumberField, Select } from '../../Field';
import { Glyph } from '../../Glyph';
import { toast } from '../../toast';

interface Props {
  team: string;
  content: PatchContent;
  onSaved: (now: PatchContent) => void;
  onDone: () => void;
}

const reboots = [
  ['unknown', 'Unknown'],
  ['yes', 'Yes'],
  ['no', 'No'],
] as const;

/** Reboot, downtime and advisories; what was typed stays when it cannot be saved. */
export function ContentForm({ team, content, onSaved, onDone }: Props) {
  const [reboot, setReboot] = useState(content.reboot);
  const [downtime, setDowntime] = useState(content.downtime_minutes?.toString() ?? '');
  const [links, setLinks] = useState<AdvisoryLink[]>(content.links);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  usePauseLive(true);
  const minutes = downtime.trim() === '' ? null : Number(downtime);
  const wrongTime = minutes !== null && !(Number.isInteger(minutes) && minutes >= 0 && minutes <= 100_000);
  const filled = links.filter((l) => l.url.trim() || l.title.trim());
  const wrongLink = filled.find((l) => !webAddress(l.url.trim()));
  const save = async () => {
    if (busy || wrongTime || wrongLink) return;
    setBusy(true);
    setProblem('');
    const body: PatchContentEdit = {
      reboot,
      downtime_minutes: minutes,
      links: filled.map((l) => ({ title: l.title.trim() || l.url.trim().slice(0, 200), url: l.url.trim() })),
      version: content.version,
    };
    try {
      onSaved(await putContent(team, content.key, body));
      toast({ text: `${content.key} saved` });
      onDone();
    } catch (error) {
      setProblem(toProblem(error).detail);
    } finally {
      setBusy(false);
    }
  };
  const change = (at: number, part: Partial<AdvisoryLink>) =>
    setLinks(links.map((l, i) => (i === at ? { ...l, ...part } : l)));
  return (
    <form
      className="form content-form"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Field label="Reboot needed" required>
        <Select options={reboots} value={reboot} onChange={(e) => setReboot(e.target.value as typeof reboot)} />
      </Field>
      <Field
        label="Expected downtime in minutes"
        error={wrongTime ? 'Whole minutes from 0 to 100,000' : undefined}
        hint="Empty when it is not known"
      >
        <NumberField min={0} max={100_000} step={1} value={downtime} onChange={(e) => setDowntime(e.target.value)} />
      </Field>
      <fieldset className="fieldset link-rows">
        <legend>Advisories</legend>
        {links.map((l, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id, and are only added and removed
          <div className="link-row" key={i}>
            <Input
              aria-label={`Title of advisory ${i + 1}`}
              placeholder="RHSA-2026:1"
              maxLength={200}
              value={l.title}
              onChange={(e) => change(i, { title: e.target.value })}
            />
            <Input
              aria-label={`Address of advisory ${i + 1}`}
              placeholder="https://"
              maxLength={2000}
              value={l.url}
              aria-invalid={(l.url !== '' && !webAddress(l.url.trim())) || undefined}
              onChange={(e) => change(i, { url: e.target.value })}
            />
            <IconButton label={`Remove advisory ${i + 1}`} onClick={() => setLinks(links.filter((_, n) => n !== i))}>
              <Glyph name="cross" size={12} />
            </IconButton>
          </div>
        ))}
        {wrongLink && <p className="field-error">An address begins with https:// or http://</p>}
        {links.length < 30 && (
          <Button small onClick={() => setLinks([...links, { title: '', url: '' }])}>
            Add an advisory
          </Button>
        )}
      </fieldset>
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <FormActions onCancel={onDone} busy={busy}>
        Save
      </FormActions>
    </form>
  );
}
