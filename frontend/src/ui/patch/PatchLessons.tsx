import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { patchLessonsQuery } from '../../api/lessons';
import { usePermission, whoMay } from '../../api/queries';
import { longDate } from '../../lib/format';
import { Button } from '../Button';
import { LessonDialog } from './LessonDialog';

interface Props {
  team: string;
  patchKey: string;
  zone: string;
  /** The patch is in: what was learned from it is asked for. */
  done: boolean;
}

/** What the team learned about the product of this patch; loaded with the panel's other extras. */
export default function PatchLessons({ team, patchKey, zone, done }: Props) {
  const { data } = useQuery(patchLessonsQuery(team, patchKey));
  const mayWork = usePermission('work', team);
  const [asked, setAsked] = useState(false);
  if (!data) return null;
  return (
    <section className="patch-section" aria-label="Lessons">
      <h3>Lessons{data.product && ` about ${data.product}`}</h3>
      {data.items.length === 0 && <p className="muted">Nothing was written down so far.</p>}
      <ul className="plain-list">
        {data.items.map((l) => (
          <li key={l.id}>
            <p className="patch-text">{l.text}</p>
            <small className="muted">
              {l.author}, {longDate(l.created_at, zone)}
              {l.key && `, from ${l.key}`}
              {l.sprint && `, sprint ${l.sprint}`}
            </small>
          </li>
        ))}
      </ul>
      <Button small reason={!mayWork && whoMay.work} onClick={() => setAsked(true)}>
        {done ? 'What did we learn?' : 'Add a lesson'}
      </Button>
      {asked && (
        <LessonDialog
          team={team}
          start={{ vendor: data.vendor, product: data.product }}
          from={{ key: patchKey }}
          onClose={() => setAsked(false)}
        />
      )}
    </section>
  );
}
