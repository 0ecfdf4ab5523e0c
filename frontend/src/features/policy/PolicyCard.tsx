import { groupsQuery } from '../../api/assets';
import '../../ui/section.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DuePolicy } from '../../api/schema';
import { dateTime, longDate, longDay } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Switch } from '../../ui/Field';
import { versionsQuery } from './queries';
import { ruleText, scopeText } from './words';

interface Props {
  team: string;
  policy: DuePolicy;
  zone: string;
  /** Why nothing can be changed. */
  reason: string | false;
  onSwitch: () => void;
  onEdit: () => void;
  onCopy: () => void;
  onRetire: () => void;
}

/** One policy: whether it applies, where it is written, what it asks, and who changed it when. */
export function PolicyCard({ team, policy: p, zone, reason, onSwitch, onEdit, onCopy, onRetire }: Props) {
  const [history, setHistory] = useState(false);
  return (
    <section className="section policy" aria-label={p.name}>
      <header className="policy-head">
        <Switch label={p.name} checked={p.enabled} disabled={!!reason} onChange={onSwitch} />
        <span className="chip">{p.shipped ? `shipped, ${p.label}` : `version ${p.label}`}</span>
        {!p.in_force && <span className="chip">not in force today</span>}
      </header>
      <PolicyFacts team={team} policy={p} />
      {p.changed_at && (
        <p className="muted small">
          {p.changed_by}, {dateTime(p.changed_at, zone)}
          {p.note && ` — “${p.note}”`}
        </p>
      )}
      <div className="policy-tools">
        {!p.shipped && (
          <Button small reason={reason} onClick={onEdit} aria-label={`Edit ${p.name}`}>
            Edit…
          </Button>
        )}
        <Button small reason={reason} onClick={onCopy} aria-label={`Copy ${p.name}`}>
          Copy…
        </Button>
        {!p.shipped && (
          <Button
            small
            reason={reason || (p.enabled && 'Switch it off first')}
            onClick={onRetire}
            aria-label={`Retire ${p.name}`}
          >
            Retire
          </Button>
        )}
        {!p.shipped && p.version > 1 && (
          <Button small aria-expanded={history} onClick={() => setHistory(!history)}>
            Earlier versions
          </Button>
        )}
      </div>
      {history && <Versions team={team} policy={p} zone={zone} />}
    </section>
  );
}

/** What a policy asks, for whom, and where it is written. */
export function PolicyFacts({ team, policy: p }: { team: string; policy: DuePolicy }) {
  const groups = useQuery({ ...groupsQuery(team), enabled: !!p.scope.groups?.length }).data?.items;
  const scope = scopeText(p.scope, groups);
  return (
    <>
      <p className="policy-cite">
        {p.citation_url ? (
          <a href={p.citation_url} target="_blank" rel="noreferrer">
            {p.citation || p.citation_url}
          </a>
        ) : (
          p.citation
        )}
        {p.cited_on && ` (${longDate(p.cited_on, 'UTC')})`}
      </p>
      <p className="muted">
        {scope ? `Patches of assets with ${scope}` : 'Every patch'}
        {p.valid_from && `, from ${longDay(p.valid_from)}`}
        {p.valid_until && `, until ${longDay(p.valid_until)}`}
        {p.not_past_kev_due && ', never later than the KEV date'}
      </p>
      <details>
        <summary>{p.rules.length === 1 ? '1 rule' : `${p.rules.length} rules`}</summary>
        <ul className="plain-list policy-rules">
          {p.rules.map((r) => (
            <li key={ruleText(r)}>{ruleText(r)}</li>
          ))}
        </ul>
      </details>
    </>
  );
}

function Versions({ team, policy, zone }: { team: string; policy: DuePolicy; zone: string }) {
  const { data } = useQuery(versionsQuery(team, policy.id));
  return (
    <ol className="plain-list policy-versions" aria-label={`Earlier versions of ${policy.name}`}>
      {data?.items.slice(1).map((v) => (
        <li key={v.version}>
          <b>Version {v.label}</b> by {v.changed_by}
          {v.changed_at && `, ${dateTime(v.changed_at, zone)}`}
          {v.note && ` — “${v.note}”`}
          <PolicyFacts team={team} policy={v} />
        </li>
      ))}
    </ol>
  );
}
