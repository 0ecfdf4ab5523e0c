import './calendar.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useLive } from '../../api/live';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { Window } from '../../api/schema';
import { useTitle } from '../../app/title';
import { Button } from '../../ui/Button';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { Absences } from './Absences';
import { Availabilities } from './Availabilities';
import { FeedSection } from './FeedSection';
import { calendarKeys, calendarQuery, windowsQuery } from './queries';
import { Windows } from './Windows';

const WindowDialog = lazy(() => import('./WindowDialog').then((m) => ({ default: m.WindowDialog })));

/** When assets may be changed, when not, and who is there. */
export function CalendarPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Calendar · ${team}`);
  const client = useQueryClient();
  const zone = useTeam()?.time_zone ?? 'UTC';
  const days = useQuery(calendarQuery(team));
  const windows = useQuery(windowsQuery(team));
  const mayPlan = usePermission('plan', team);
  const [editing, setEditing] = useState<Window | 'new' | null>(null);
  const refresh = () => void client.invalidateQueries({ queryKey: calendarKeys.all(team) });
  useLive(team, (event) => {
    if (['calendar.changed', 'team.changed', 'member.changed', 'reset'].includes(event.kind)) refresh();
  });
  const error = windows.error ?? days.error;
  return (
    <div className="page long">
      <header className="page-head">
        <h1>Calendar</h1>
        <div className="tools">
          <Button variant="primary" reason={!mayPlan && whoMay.plan} onClick={() => setEditing('new')}>
            Add window…
          </Button>
        </div>
      </header>
      {error && !windows.data ? (
        <ErrorState error={error} what="The calendar could not be loaded" retry={refresh} />
      ) : windows.data && days.data ? (
        <div className="calendar-columns">
          <Windows team={team} zone={zone} windows={windows.data.items} mayPlan={mayPlan} onEdit={setEditing} />
          <Absences team={team} calendar={days.data} />
          <Availabilities team={team} people={days.data.availabilities} />
          <FeedSection team={team} />
        </div>
      ) : (
        <SkeletonRows label="Loading the calendar" />
      )}
      {editing && (
        <Suspense>
          <WindowDialog
            team={team}
            zone={zone}
            window={editing === 'new' ? null : editing}
            onClose={() => setEditing(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
