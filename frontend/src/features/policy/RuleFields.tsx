import { Plus, Trash2 } from 'lucide-react';
import type { PolicyRule } from '../../api/schema';
import { Button, IconButton } from '../../ui/Button';
import { Checkbox, Field, NumberField, Select } from '../../ui/Field';
import { ruleText, severities } from './words';

interface Props {
  rules: PolicyRule[];
  onChange: (rules: PolicyRule[]) => void;
}

/** The rules of a policy: of those that match a patch the fewest days count. */
export function RuleFields({ rules, onChange }: Props) {
  const set = (at: number, rule: PolicyRule) => onChange(rules.map((r, i) => (i === at ? rule : r)));
  return (
    <fieldset className="fieldset">
      <legend>Rules: of those that match, the fewest days count</legend>
      {rules.map((r, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no other identity while it is edited
        <fieldset className="policy-rule" key={i}>
          <legend className="sr">{`Rule ${i + 1}: ${ruleText(r)}`}</legend>
          <div className="policy-rule-head">
            <Field label="Days" required className="policy-days">
              <NumberField
                required
                min={1}
                max={3650}
                step={1}
                value={r.days}
                onChange={(e) => set(i, { ...r, days: Number(e.target.value) })}
              />
            </Field>
            <IconButton
              label={`Remove rule ${i + 1}`}
              reason={rules.length === 1 && 'a policy needs one'}
              onClick={() => onChange(rules.filter((_, at) => at !== i))}
            >
              <Trash2 size={16} />
            </IconButton>
          </div>
          <Levels label="Severity" value={r.severities ?? []} onChange={(v) => set(i, { ...r, severities: v })} />
          <Levels label="Risk band" value={r.bands ?? []} onChange={(v) => set(i, { ...r, bands: v })} />
          <div className="policy-dates">
            <Question label="In KEV" value={r.kev} onChange={(v) => set(i, answered(r, 'kev', v))} />
            <Question label="Exposed" value={r.exposed} onChange={(v) => set(i, answered(r, 'exposed', v))} />
            <Question
              label="Automatable"
              value={r.automatable}
              onChange={(v) => set(i, answered(r, 'automatable', v))}
            />
            <Question
              label="Total impact"
              value={r.total_impact}
              onChange={(v) => set(i, answered(r, 'total_impact', v))}
            />
          </div>
        </fieldset>
      ))}
      <Button
        small
        reason={rules.length >= 60 && 'At most 60 rules'}
        onClick={() => onChange([...rules, { days: 30 }])}
      >
        <Plus size={14} aria-hidden /> Add a rule
      </Button>
    </fieldset>
  );
}

type Condition = 'kev' | 'exposed' | 'automatable' | 'total_impact';

function answered(rule: PolicyRule, name: Condition, v: boolean | undefined): PolicyRule {
  const next = { ...rule };
  delete next[name];
  return v === undefined ? next : { ...next, [name]: v };
}

interface LevelsProps {
  label: string;
  value: PolicyRule['severities'] & {};
  onChange: (value: PolicyRule['severities'] & {}) => void;
}

function Levels({ label, value, onChange }: LevelsProps) {
  return (
    <fieldset className="policy-choice">
      <legend className="legend-label">{label}</legend>
      {severities.map((s) => (
        <Checkbox
          key={s}
          label={s}
          checked={value.includes(s)}
          onChange={(e) => onChange(e.target.checked ? [...value, s] : value.filter((v) => v !== s))}
        />
      ))}
    </fieldset>
  );
}

const answers = [
  ['', 'any'],
  ['yes', 'yes'],
  ['no', 'no'],
] as const;

interface QuestionProps {
  label: string;
  value: boolean | undefined;
  onChange: (value: boolean | undefined) => void;
}

function Question({ label, value, onChange }: QuestionProps) {
  return (
    <Field label={label}>
      <Select
        options={answers}
        value={value === undefined ? '' : value ? 'yes' : 'no'}
        onChange={(e) => onChange(e.target.value ? e.target.value === 'yes' : undefined)}
      />
    </Field>
  );
}
