import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { groupsQuery } from '../../../api/assets';
import { facetsQuery } from '../../../api/finding';
import { membersQuery } from '../../../api/members';
import { openSprintsQuery } from '../../../api/sprints';
import type { UrlState } from '../../../app/url';
import { statusLabel } from '../../../lib/domain';
import { Button } from '../../../ui/Button';
import { Actions, Dialog } from '../../../ui/Dialog';
import { Checkbox, Field, Input, NumberField, Select } from '../../../ui/Field';
import { TagInput } from '../../../ui/TagInput';
import { conditionsOf, filterNames, flags, numbers } from '../filter';
import { AssetPicker } from './AssetPicker';
import { exceptions, label } from './words';
import './finding.css';

interface Props {
  team: string;
  url: UrlState;
  /** The condition to begin with. */
  edit?: string | undefined;
  change: (to: UrlState) => void;
  onClose: () => void;
}

type Draft = Record<string, string>;
const ranges = [
  ['risk', 'Risk', '5'],
  ['epss', 'EPSS', '0.01'],
  ['cvss', 'CVSS', '0.1'],
  ['points', 'Points', '0.5'],
  ['assets', 'Affected assets', '1'],
  ['coverage', 'Coverage, % of hosts', '1'],
] as const;

/** All conditions of the list; each that is set must hold, and any of the values inside one is enough. */
export function FilterDialog({ team, url, edit, change, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>(() => conditionsOf(url));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!edit) return;
    // after the dialog has put the focus on its first field
    const timer = setTimeout(
      () => form.current?.querySelector<HTMLElement>(`[data-condition~="${edit}"] :is(input, select)`)?.focus(),
      50,
    );
    return () => clearTimeout(timer);
  }, [edit]);
  const set = (name: string, value: string) => setDraft((d) => ({ ...d, [name]: value }));
  const apply = () => {
    const gone = Object.fromEntries(filterNames.filter((n) => n !== 'q' && n !== 'order').map((n) => [n, undefined]));
    change({ ...gone, ...conditionsOf(draft) });
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title="Filter the backlog" wide>
      <form
        ref={form}
        className="filter-form"
        onSubmit={(e) => {
          e.preventDefault();
          apply();
        }}
      >
        <Choices
          name="status"
          draft={draft}
          set={set}
          options={Object.entries(statusLabel)}
          hint="None: all that are open"
        />
        <People team={team} draft={draft} set={set} />
        <Sprints team={team} draft={draft} set={set} />
        <Facets team={team} draft={draft} set={set} />
        <Groups team={team} draft={draft} set={set} />
        <Choices
          name="exception"
          draft={draft}
          set={set}
          options={exceptions}
          hint="Of the patch, or of some of its assets"
        />
        <div className="filter-grid" data-condition="asset">
          <AssetPicker team={team} value={draft.asset ?? ''} onChange={(v) => set('asset', v)} />
        </div>
        <div className="filter-grid">
          {flags.map((name) => (
            <div key={name} data-condition={name}>
              <Field label={label[name]} required>
                <Select
                  options={[
                    ['', 'Any'],
                    ['true', 'Yes'],
                    ['false', 'No'],
                  ]}
                  value={draft[name] ?? ''}
                  onChange={(e) => set(name, e.target.value)}
                />
              </Field>
            </div>
          ))}
          <div data-condition="kind">
            <Field label={label.kind} required>
              <Select
                options={[
                  ['', 'Any'],
                  ['patch', 'Patch'],
                  ['improvement', 'Improvement'],
                ]}
                value={draft.kind ?? ''}
                onChange={(e) => set('kind', e.target.value)}
              />
            </Field>
          </div>
        </div>
        <div className="filter-grid">
          {ranges.map(([name, text, step]) => (
            <fieldset key={name} className="filter-range" data-condition={`min_${name} max_${name}`}>
              <legend>{text}</legend>
              <NumberOf name={`min_${name}`} text={`${text} at least`} step={step} draft={draft} set={set} />
              <span aria-hidden>to</span>
              <NumberOf name={`max_${name}`} text={`${text} at most`} step={step} draft={draft} set={set} />
            </fieldset>
          ))}
        </div>
        <div className="filter-grid">
          <Days name="due_within" text="Due within days" draft={draft} set={set} />
          <Day name="due_from" text="Due from" draft={draft} set={set} />
          <Day name="due_to" text="Due by" draft={draft} set={set} />
          <Days name="created_within" text="New within days" draft={draft} set={set} />
          <Day name="created_since" text="New since" draft={draft} set={set} />
          <Days name="updated_within" text="Changed within days" draft={draft} set={set} />
          <Day name="updated_since" text="Changed since" draft={draft} set={set} />
        </div>
        <Actions>
          <Button variant="ghost" onClick={() => setDraft({})}>
            Clear all
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit">
            Show
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

interface PartProps {
  draft: Draft;
  set: (name: string, value: string) => void;
}
type TeamPart = PartProps & { team: string };

interface ChoicesProps extends PartProps {
  name: string;
  options: readonly (readonly [string, string])[];
  hint?: string;
}

/** Several of a few. */
function Choices({ name, options, hint, draft, set }: ChoicesProps) {
  const chosen = (draft[name] ?? '').split(',').filter(Boolean);
  const strange = chosen.filter((c) => !options.some(([v]) => v === c)).map((c) => [c, c] as const);
  const toggle = (v: string) =>
    set(name, (chosen.includes(v) ? chosen.filter((c) => c !== v) : [...chosen, v]).join(','));
  return (
    <fieldset className="filter-choices" data-condition={name}>
      <legend>
        {label[name]}
        {hint && <small> {hint}</small>}
      </legend>
      {[...options, ...strange].map(([v, text]) => (
        <Checkbox key={v} label={text} checked={chosen.includes(v)} onChange={() => toggle(v)} />
      ))}
    </fieldset>
  );
}

function People({ team, ...rest }: TeamPart) {
  const { data } = useQuery(membersQuery(team));
  const people = (data?.items ?? []).filter((m) => m.role !== 'viewer').map((m) => [m.user.id, m.user.name] as const);
  return <Choices name="assignee" options={[['me', 'Me'], ['none', 'Nobody'], ...people]} {...rest} />;
}

function Sprints({ team, ...rest }: TeamPart) {
  const { data } = useQuery(openSprintsQuery(team));
  const sprints = (data ?? []).map((s) => [String(s.number), s.name || `Sprint ${s.number}`] as const);
  return <Choices name="sprint" options={[['active', 'The active one'], ['none', 'None'], ...sprints]} {...rest} />;
}

function Groups({ team, ...rest }: TeamPart) {
  const { data } = useQuery(groupsQuery(team));
  const groups = (data?.items ?? []).map((g) => [g.id, g.name] as const);
  return groups.length > 0 && <Choices name="group" options={groups} {...rest} />;
}

function Facets({ team, draft, set }: TeamPart) {
  const { data } = useQuery(facetsQuery(team));
  const labels = (name: string): ReactNode => (
    <div key={name} data-condition={name}>
      <Field label={label[name]} required>
        <TagInput
          value={(draft[name] ?? '').split(',').filter(Boolean)}
          onChange={(tags) => set(name, tags.join(','))}
          suggestions={data?.labels ?? []}
        />
      </Field>
    </div>
  );
  return (
    <>
      <div className="filter-grid">{['label', 'all_labels', 'no_labels'].map(labels)}</div>
      {data && data.ecosystems.length > 0 && (
        <Choices name="ecosystem" options={data.ecosystems.map((e) => [e, e])} draft={draft} set={set} />
      )}
    </>
  );
}

interface OneProps extends PartProps {
  name: string;
  text: string;
}

const NumberOf = ({ name, text, step, draft, set }: OneProps & { step: string }) => (
  <NumberField
    aria-label={text}
    min={0}
    max={numbers[name as keyof typeof numbers]}
    step={step}
    value={draft[name] ?? ''}
    onChange={(e) => set(name, e.target.value)}
  />
);

const Days = ({ name, text, draft, set }: OneProps) => (
  <div data-condition={name}>
    <Field label={text} required>
      <NumberField min={0} max={3650} step={1} value={draft[name] ?? ''} onChange={(e) => set(name, e.target.value)} />
    </Field>
  </div>
);

const Day = ({ name, text, draft, set }: OneProps) => (
  <div data-condition={name}>
    <Field label={text} required>
      <Input type="date" value={draft[name] ?? ''} onChange={(e) => set(name, e.target.value)} />
    </Field>
  </div>
);
