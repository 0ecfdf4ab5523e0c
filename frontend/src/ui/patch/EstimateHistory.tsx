import './estimates.css';
import { useQuery } from '@tanstack/react-query';
import { estimatesQuery } from '../../api/estimates';
import type { EstimateChange, PastEstimationRound } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { ErrorState, SkeletonRows } from '../states';
import { Suggestion } from './Suggestion';

interface Props {
  team: string;
  patchKey: string;
  zone: string;
}

/** How a patch came to its estimate: who set it when, what was voted, and what similar ones took. */
export default function EstimateHistory({ team, patchKey, zone }: Props) {
  const { data, error, refetch } = useQuery(estimatesQuery(team, patchKey));
  if (error && !data)
    return <ErrorState error={error} what="The estimates could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} label="Loading the estimates" />;
  return (
    <section className="patch-section" aria-label="Estimates">
      <h3>Estimates</h3>
      <Suggestion team={team} patchKey={patchKey} zone={zone} />
      {data.changes.length + data.rounds.length === 0 && <p className="muted">Nobody has estimated it here yet.</p>}
      <ul className="estimate-history plain-list">
        {data.changes.map((c) => (
          <li key={c.at}>
            <b>{changeText(c)}</b>
            <span className="muted">
              {' '}
              by {c.who}
              {c.round !== null && ` after round ${c.round} of planning poker`}, {dateTime(c.at, zone)}
            </span>
          </li>
        ))}
        {data.rounds.map((r) => (
          <li key={r.estimation + r.result.round}>
            {r.name}, round {r.result.round}: {votesText(r)}
            <span className="muted">, {r.result.revealed_at && dateTime(r.result.revealed_at, zone)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function changeText({ from, to }: EstimateChange): string {
  if (to === null) return 'estimate taken away';
  return from === null || from === to ? `${to} points` : `${from} → ${to} points`;
}

const votesText = (r: PastEstimationRound) =>
  r.result.votes.map((v) => `${v.person.name} ${v.value}`).join(', ') || 'no votes';
