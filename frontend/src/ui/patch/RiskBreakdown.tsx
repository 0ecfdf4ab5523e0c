import { useQuery } from '@tanstack/react-query';
import { patchRiskQuery } from '../../api/patches';
import { epssText } from '../../lib/format';
import { signed } from '../../lib/ledger';
import { assumedText, partLabel, partReason, segments } from '../../lib/risk';
import { ErrorState, SkeletonRows } from '../states';
import { DueFacts } from './DueFacts';

/** Why this score: its parts as a bar that ends at the score, and each with its reason. */
export function RiskBreakdown({ team, patchKey, zone }: { team: string; patchKey: string; zone: string }) {
  const { data, error, refetch } = useQuery(patchRiskQuery(team, patchKey));
  if (error) return <ErrorState error={error} what="The score could not be explained" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the score" />;
  const bar = segments(data.parts);
  return (
    <>
      <section className="patch-section" aria-labelledby="why-score">
        <h3 id="why-score">Why {data.score.toFixed(1)}</h3>
        <div
          className="score-bar"
          role="img"
          aria-label={`Parts: ${data.parts.map((p) => `${partLabel[p.name]} ${signed(p.points)}`).join(', ')}`}
        >
          {bar.segments.map((s) => (
            <i
              key={s.name}
              data-part={s.name}
              data-minus={s.minus || undefined}
              style={{ left: `${s.left}%`, width: `${s.width}%` }}
            />
          ))}
        </div>
        <table className="score-parts">
          <caption className="sr">Parts of the score</caption>
          <tbody>
            {data.parts
              .filter((p) => p.points !== 0 || p.name === 'threat')
              .map((p) => (
                <tr key={p.name}>
                  <th scope="row">
                    <i data-part={p.name} data-minus={p.points < 0 || undefined} aria-hidden />
                    {partLabel[p.name]}
                  </th>
                  <td>{partReason(p.name, data.inputs)}</td>
                  <td className="num">{signed(p.points)}</td>
                </tr>
              ))}
            <tr className="score-sum">
              <th scope="row">Priority</th>
              <td>Risk {data.risk.toFixed(1)} before regulation and urgency</td>
              <td className="num">{data.score.toFixed(1)}</td>
            </tr>
          </tbody>
        </table>
        {data.assumed.length > 0 && (
          <p className="assumed">
            <b>Assumed:</b> {assumedText(data.assumed)}. Nothing is known, so the score uses{' '}
            {data.assumed.includes('epss') ? `the median EPSS of ${epssText(data.median_epss)}` : 'a cautious value'}
            {data.assumed.includes('cvss') ? ' and CVSS 6.0' : ''}; unknown is never zero.
          </p>
        )}
        <p className="muted small">Formula {data.formula}</p>
      </section>
      <DueFacts due={data.due} policies={data.policies} zone={zone} />
    </>
  );
}
