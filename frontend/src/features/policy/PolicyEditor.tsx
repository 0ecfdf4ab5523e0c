import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { groupsQuery, wordsQuery } from '../../api/assets';
import type { Criticality, DuePolicy, Environment, Exposure, NewPolicy, PolicyScope } from '../../api/schema';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input, Textarea } from '../../ui/Field';
import { TagInput } from '../../ui/TagInput';
import { toast } from '../../ui/toast';
import { Preview } from './Preview';
import { savePolicy } from './queries';
import { RuleFields } from './RuleFields';
import { draftOf, tidyRule } from './words';

interface Props {
  team: string;
  /** The policy that is edited or copied; null for a new one. */
  of: DuePolicy | null;
  copy: boolean;
  zone: string;
  enabled: string[];
  onClose: () => void;
  onSaved: () => void;
}

const environments: Environment[] = ['production', 'staging', 'test', 'development', 'unknown'];
const criticalities: Criticality[] = ['critical', 'high', 'medium', 'low'];
const exposures: Exposure[] = ['internet', 'unknown', 'internal', 'isolated'];

/** Writes an own policy in two steps: what it says, then what that would change. */
export function PolicyEditor({ team, of, copy, zone, enabled, onClose, onSaved }: Props) {
  const [draft, setDraft] = useState(() => draftOf(of, copy));
  const [trying, setTrying] = useState(false);
  const edited = copy ? null : of;
  const set = (change: Partial<NewPolicy>) => setDraft({ ...draft, ...change });
  const body = cleaned(draft);
  const save = async () => {
    const saved = await savePolicy(team, edited, body);
    const applies = saved.enabled ? 'due dates follow' : 'switch it on to apply it';
    toast({ text: `${saved.name}, version ${saved.label}, is saved; ${applies}` });
    onSaved();
  };
  const title = edited ? `Edit ${edited.name}` : copy ? `Copy of ${of?.name}` : 'New policy';
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      description="A change is a new version; earlier ones stay readable."
    >
      {trying ? (
        <Preview
          team={team}
          zone={zone}
          trial={{ enabled, policy: body, ...(edited && { replaces: edited.id }) }}
          action={edited?.enabled ? 'Save and apply' : 'Save'}
          back="Back"
          onBack={() => setTrying(false)}
          apply={save}
          onApplied={onClose}
        />
      ) : (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            setTrying(true);
          }}
        >
          <About draft={draft} set={set} />
          <Scope team={team} scope={draft.scope ?? {}} onChange={(scope) => set({ scope })} />
          <RuleFields rules={draft.rules} onChange={(rules) => set({ rules })} />
          <Checkbox
            label="Never later than the KEV date"
            checked={draft.not_past_kev_due ?? false}
            onChange={(e) => set({ not_past_kev_due: e.target.checked })}
          />
          <Field label="Why">
            <Textarea
              rows={2}
              maxLength={1000}
              value={draft.note ?? ''}
              onChange={(e) => set({ note: e.target.value })}
            />
          </Field>
          <FormActions onCancel={onClose} reason={draft.rules.length === 0 && 'A policy needs a rule'}>
            Preview
          </FormActions>
        </form>
      )}
    </Dialog>
  );
}

/** Empty dates are none, empty conditions hold always. */
function cleaned(d: NewPolicy): NewPolicy {
  return {
    ...d,
    name: d.name.trim(),
    cited_on: d.cited_on || null,
    valid_from: d.valid_from || null,
    valid_until: d.valid_until || null,
    rules: d.rules.map(tidyRule),
  };
}

function About({ draft: d, set }: { draft: NewPolicy; set: (change: Partial<NewPolicy>) => void }) {
  const date = (label: string, name: 'cited_on' | 'valid_from' | 'valid_until') => (
    <Field label={label}>
      <Input type="date" value={d[name] ?? ''} onChange={(e) => set({ [name]: e.target.value })} />
    </Field>
  );
  return (
    <>
      <Field label="Name" required>
        <Input required maxLength={100} value={d.name} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Field label="Citation" hint="Where the rule is written">
        <Input maxLength={300} value={d.citation ?? ''} onChange={(e) => set({ citation: e.target.value })} />
      </Field>
      <Field label="Address of the citation">
        <Input
          type="url"
          maxLength={500}
          value={d.citation_url ?? ''}
          onChange={(e) => set({ citation_url: e.target.value })}
        />
      </Field>
      <div className="policy-dates">
        {date('Cited on', 'cited_on')}
        {date('Valid from', 'valid_from')}
        {date('Valid until', 'valid_until')}
      </div>
    </>
  );
}

/** Which assets the policy is about: each choice narrows it; nothing chosen is every patch. */
interface ScopeProps {
  team: string;
  scope: PolicyScope;
  onChange: (scope: PolicyScope) => void;
}

function Scope({ team, scope, onChange }: ScopeProps) {
  const { data: words } = useQuery(wordsQuery(team));
  const choice = <T extends string>(label: string, name: 'environments' | 'criticalities' | 'exposures', all: T[]) => {
    const chosen = (scope[name] ?? []) as string[];
    return (
      <fieldset className="fieldset">
        <legend>{label}</legend>
        <div className="policy-choice">
          {all.map((v) => (
            <Checkbox
              key={v}
              label={v}
              checked={chosen.includes(v)}
              onChange={(e) =>
                onChange({ ...scope, [name]: e.target.checked ? [...chosen, v] : chosen.filter((c) => c !== v) })
              }
            />
          ))}
        </div>
      </fieldset>
    );
  };
  return (
    <details className="policy-scope">
      <summary>Only for some assets</summary>
      <div className="form">
        <Groups team={team} scope={scope} onChange={onChange} />
        <Field label="Tags">
          <TagInput
            value={scope.tags ?? []}
            onChange={(tags) => onChange({ ...scope, tags })}
            suggestions={words?.tags.map((t) => t.word) ?? []}
          />
        </Field>
        <Field label="Regulations" hint="However it is spelt: PCI DSS is pci-dss">
          <TagInput
            value={scope.regulations ?? []}
            onChange={(regulations) => onChange({ ...scope, regulations })}
            suggestions={words?.regulations.map((r) => r.word) ?? []}
          />
        </Field>
        <Field label="Kinds">
          <TagInput value={scope.kinds ?? []} onChange={(kinds) => onChange({ ...scope, kinds })} max={20} />
        </Field>
        {choice('Environments', 'environments', environments)}
        {choice('Criticalities', 'criticalities', criticalities)}
        {choice('Exposures', 'exposures', exposures)}
      </div>
    </details>
  );
}

/** Groups of assets by name; one that was deleted meanwhile can be taken out. */
function Groups({ team, scope, onChange }: ScopeProps) {
  const { data } = useQuery(groupsQuery(team));
  const chosen = scope.groups ?? [];
  const known = data?.items ?? [];
  const gone = data ? chosen.filter((id) => !known.some((g) => g.id === id)) : [];
  const set = (id: string, on: boolean) =>
    onChange({ ...scope, groups: on ? [...chosen, id] : chosen.filter((c) => c !== id) });
  return (
    <fieldset className="fieldset">
      <legend>Asset groups</legend>
      <div className="policy-choice">
        {[...known.map((g) => [g.id, g.name] as const), ...gone.map((id) => [id, 'a deleted group'] as const)].map(
          ([id, name]) => (
            <Checkbox key={id} label={name} checked={chosen.includes(id)} onChange={(e) => set(id, e.target.checked)} />
          ),
        )}
        {data && known.length + gone.length === 0 && (
          <span className="muted">No groups yet; they are made on the page of the assets.</span>
        )}
      </div>
    </fieldset>
  );
}
