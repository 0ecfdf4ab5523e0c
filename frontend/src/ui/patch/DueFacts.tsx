import type { RiskScore } from '../../api/schema';
import { dateTime, longDate, plural } from '../../lib/format';
import { assumedText } from '../../lib/risk';

/** By when policy wants it, which one, and since when the clock runs. */
export function DueFacts({ due, zone }: { due: RiskScore['due']; zone: string }) {
  if (!due) {
    return (
      <section className="patch-section">
        <h3>Due date</h3>
        <p className="muted">No policy of this team sets a due date for it.</p>
      </section>
    );
  }
  return (
    <section className="patch-section" aria-labelledby="due-date">
      <h3 id="due-date">Due {dateTime(due.at, zone)}</h3>
      <p>
        {due.policy}: {plural(due.days, 'day')} from {longDate(due.clock_start, zone)}
        {due.forensics && ', with forensics'}
      </p>
      <p className="muted small">{due.citation}</p>
      {due.assumed.length > 0 && (
        <p className="assumed">
          <b>Assumed:</b> {assumedText(due.assumed)}
        </p>
      )}
    </section>
  );
}
