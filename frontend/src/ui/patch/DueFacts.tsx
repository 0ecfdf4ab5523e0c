import type { RiskScore } from '../../api/schema';
import { dateTime, longDate, plural } from '../../lib/format';
import { assumedText } from '../../lib/risk';

/** By when policy wants it, which one, and since when the clock runs. */
export function DueFacts({
  due,
  policies,
  zone,
}: {
  due: RiskScore['due'];
  policies: RiskScore['policies'];
  zone: string;
}) {
  if (!due) {
    return (
      <section className="patch-section">
        <h3>Due date</h3>
        <p className="muted">No policy of this team sets a due date for it.</p>
        <Applied policies={policies} zone={zone} />
      </section>
    );
  }
  return (
    <section className="patch-section" aria-labelledby="due-date">
      <h3 id="due-date">Due {dateTime(due.at, zone)}</h3>
      <p>
        {due.policy}
        {due.policy_version && ` (version ${due.policy_version})`}: {plural(due.days, 'day')} from{' '}
        {longDate(due.clock_start, zone)}
        {due.forensics && ', with forensics'}
      </p>
      <p className="muted small">{due.citation}</p>
      {due.assumed.length > 0 && (
        <p className="assumed">
          <b>Assumed:</b> {assumedText(due.assumed)}
        </p>
      )}
      <Applied policies={policies} zone={zone} />
    </section>
  );
}

/** Every policy that applies with its own date: the earliest wins. */
function Applied({ policies, zone }: { policies: RiskScore['policies']; zone: string }) {
  if (policies.length === 0) return null;
  return (
    <details className="applied-policies">
      <summary>{plural(policies.length, 'policy applies', 'policies apply')}</summary>
      <ul className="applied-list">
        {policies.map((p) => (
          <li key={p.id}>
            <b>{p.name}</b> {p.version}: {p.due_at ? dateTime(p.due_at, zone) : 'no date'}
            {p.sets && <span className="chip">sets the date</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
