import type { EstimationRound } from '../../api/schema';
import { plural } from '../../lib/format';
import { cardName, statisticsText } from './cards';

/** What came of a round: in one line, and as bars. */
export function Result({ round }: { round: EstimationRound }) {
  const s = round.statistics;
  if (!s) return null;
  if (s.counts.length === 0) return <p className="muted">Nobody voted.</p>;
  const most = Math.max(...s.counts.map((c) => c.votes));
  return (
    <div className="estimate-result">
      <p>
        <b>{statisticsText(round)}</b>
      </p>
      <ul className="estimate-bars plain-list" aria-label="Distribution">
        {s.counts.map((c) => (
          <li key={c.value}>
            <span className="estimate-value">{c.value}</span>
            <span className="estimate-bar" aria-hidden>
              <i style={{ width: `${(100 * c.votes) / most}%` }} />
            </span>
            <span>
              <span className="sr">{cardName(c.value)}: </span>
              {plural(c.votes, 'vote')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
