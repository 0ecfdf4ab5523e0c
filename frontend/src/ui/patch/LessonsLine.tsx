import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { patchLessonsQuery } from '../../api/lessons';
import { longDate, plural } from '../../lib/format';

interface Props {
  team: string;
  patchKey: string;
  zone?: string | undefined;
  /** How many there are, where that is known: then they are read when the line is opened. */
  count?: number;
}

/** "2 lessons about openssl": what the team has learned of a product, in a line that opens. */
export function LessonsLine({ team, patchKey, zone, count }: Props) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...patchLessonsQuery(team, patchKey), enabled: count === undefined || open });
  const n = count ?? data?.items.length ?? 0;
  if (n === 0) return null;
  return (
    <details className="lessons-line" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        {plural(n, 'lesson')}
        {data?.product && ` about ${data.product}`}
        <span className="sr"> for {patchKey}</span>
      </summary>
      <ul className="plain-list">
        {data?.items.map((l) => (
          <li key={l.id}>
            {l.text}{' '}
            <small className="muted">
              {l.author}, {longDate(l.created_at, zone)}
            </small>
          </li>
        ))}
      </ul>
    </details>
  );
}
