import './estimates.css';
import { useQuery } from '@tanstack/react-query';
import { suggestionQuery } from '../../api/estimates';
import type { SimilarPatch } from '../../api/schema';
import { longDate, plural } from '../../lib/format';
import { PatchLink } from '../links';

const whyText: Record<SimilarPatch['why'], string> = {
  component: 'the same component',
  family: 'the same product family',
  size: 'as many assets of the same kind',
};

interface Props {
  team: string;
  patchKey: string;
  zone: string;
}

/** What similar finished patches were estimated at, with the evidence. */
export function Suggestion({ team, patchKey, zone }: Props) {
  const { data } = useQuery(suggestionQuery(team, patchKey));
  if (!data) return null;
  if (data.similar.length === 0)
    return <p className="muted small">No similar patch was finished in the last 12 months.</p>;
  return (
    <div className="suggestion">
      <p>
        Similar: <b>{data.similar.map((s) => s.points).join(', ')}</b>
      </p>
      <ul className="plain-list">
        {data.similar.map((s) => (
          <li key={s.key}>
            <PatchLink patchKey={s.key} team={team} /> <b>{plural(s.points, 'pt')}</b>{' '}
            <span className="muted">
              {s.title}: {whyText[s.why]}, {plural(s.assets, 'asset')}, {longDate(s.done_at, zone)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
