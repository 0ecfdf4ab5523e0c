import { lazy, Suspense, useState } from 'react';
import { whoMay } from '../../api/queries';
import type { Standup } from '../../api/schema';
import { Button } from '../../ui/Button';
import { useWalk } from './Walk';

const Digest = lazy(() => import('./Digest').then((m) => ({ default: m.Digest })));

interface Props {
  team: string;
  standup: Standup;
  today: string;
  mayWork: boolean;
}

/** Go through the stand-up together, and take along what was said. */
export function DayActions({ team, standup, today, mayWork }: Props) {
  const { go, busy } = useWalk(team, standup.date);
  const [asked, setAsked] = useState(false);
  return (
    <span className="standup-buttons">
      {standup.date === today && !standup.walk && (
        <Button reason={!mayWork && whoMay.work} busy={busy} onClick={() => void go('start')}>
          Walk through
        </Button>
      )}
      <Button onClick={() => setAsked(true)}>Digest…</Button>
      {asked && (
        <Suspense>
          <Digest team={team} day={standup.date} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </span>
  );
}
