import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useLive } from '../../api/live';
import { useMe, usePermission, useTeam } from '../../api/queries';
import type { Blocker, MyTeam, Standup } from '../../api/schema';
import { useShortcuts } from '../../app/shortcuts';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { dayOf, dayText } from '../../lib/format';
import { type Calendar, isWorking, parseDay, stepWorking } from '../../lib/workdays';
import { Segmented } from '../../ui/Segmented';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { BlockerStrip } from './BlockerStrip';
import { DayActions } from './DayActions';
import { DayHead } from './DayHead';
import { EntryRows } from './EntryRows';
import { OwnEntry } from './OwnEntry';
import { calendarQuery, standupKeys, standupQuery } from './queries';
import { hasUnsaved } from './useEditor';
import { Walk } from './Walk';
import './standup.css';
import { useGathered } from '../../lib/useGathered';

const Ageing = lazy(() => import('./Ageing').then((m) => ({ default: m.Ageing })));
const MiniBurndown = lazy(() => import('./MiniBurndown').then((m) => ({ default: m.MiniBurndown })));
const BlockerDialog = lazy(() => import('../../ui/blocker/BlockerDialog').then((m) => ({ default: m.BlockerDialog })));

/** What everybody did and plans, and what stops them, a working day at a time. */
export function StandupPage() {
  useTitle('Stand-up');
  const team = useTeam();
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  return <OfTeam key={team.key} team={team} />;
}

function OfTeam({ team }: { team: MyTeam }) {
  const { data, error, refetch } = useQuery(calendarQuery(team.key));
  if (error && !data)
    return <ErrorState page error={error} what="The stand-up could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={8} label="Loading the stand-up" />;
  return <OfDay team={team} calendar={data} />;
}

function OfDay({ team, calendar }: { team: MyTeam; calendar: Calendar }) {
  const [url, change] = useUrlState();
  const today = useToday(team.time_zone);
  const next = stepWorking(today, calendar, 1);
  const home = isWorking(today, calendar) ? today : next;
  const day = parseDay(url.day) ?? home;
  const { data, error, refetch, dataUpdatedAt } = useQuery(standupQuery(team.key, day));
  const mayWork = usePermission('work', team.key);
  const [asked, setAsked] = useState<Blocker | 'new' | null>(null);
  const ageing = url.view === 'ageing';
  useStandupLive(team.key);
  const go = (to: string) => change({ day: to === home ? undefined : to }, { push: true });
  const last = data?.last ?? next;
  const back = () => go(data?.before ?? stepWorking(day, calendar, -1));
  const forth = () => day < last && go(data?.after ?? stepWorking(day, calendar, 1));
  const report = () => mayWork && setAsked('new');
  const group = 'Stand-up';
  useShortcuts([
    { keys: '[', label: 'The working day before', group, run: back },
    { keys: ']', label: 'The working day after', group, run: forth },
    { keys: 'b', label: 'Report a blocker', group, run: report },
  ]);
  return (
    <div className="page long">
      <DayHead
        day={day}
        home={home}
        homeText={home === today ? 'Today' : dayText(home)}
        last={last}
        standup={data}
        mayWork={mayWork}
        onGo={go}
        onBack={back}
        onForth={forth}
        onReport={report}
      />
      <div className="standup-views">
        <Segmented
          label="Show"
          value={ageing ? 'ageing' : 'day'}
          onChange={(v) => change({ view: v === 'ageing' ? v : undefined })}
          options={[
            ['day', 'Stand-up'],
            ['ageing', 'Ageing of blockers'],
          ]}
        />
        {!ageing && data && <DayActions team={team.key} standup={data} today={today} mayWork={mayWork} />}
      </div>
      {ageing && (
        <Suspense>
          <Ageing team={team.key} zone={team.time_zone} />
        </Suspense>
      )}
      {!ageing && error && !data && (
        <ErrorState error={error} what="The stand-up of this day could not be loaded" retry={() => void refetch()} />
      )}
      {!ageing && !data && !error && <SkeletonRows rows={8} label="Loading the stand-up" />}
      {!ageing && data && (
        <DayView
          key={day}
          team={team}
          standup={data}
          readAt={dataUpdatedAt}
          today={today}
          writable={mayWork && data.working && day >= today && day <= last}
          onEdit={setAsked}
        />
      )}
      {asked && (
        <Suspense>
          <BlockerDialog
            team={team.key}
            day={day}
            blocker={asked === 'new' ? null : asked}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
    </div>
  );
}

interface DayProps {
  team: MyTeam;
  standup: Standup;
  readAt: number;
  today: string;
  /** The signed-in person may write for this day. */
  writable: boolean;
  onEdit: (blocker: Blocker) => void;
}

function DayView({ team, standup, readAt, today, writable, onEdit }: DayProps) {
  const me = useMe()?.user.id;
  const mayManage = usePermission('manage', team.key);
  const own = standup.entries.find((e) => e.member.id === me);
  // an administrator who only visits the team is not expected to write
  const expected = !!own || [...standup.missing, ...standup.off].some((p) => p.id === me);
  // stays open when the same person saves in another window: what is typed here must not vanish
  const [editing, setEditing] = useState(
    (!own && !standup.off.some((p) => p.id === me)) || hasUnsaved(me, team.key, standup.date),
  );
  const [asked, setAsked] = useState(0);
  const open = writable && expected && editing;
  const edit = useRef<HTMLButtonElement>(null);
  const saved = useRef(false);
  useEffect(() => {
    if (!saved.current || open || !edit.current) return; // the button comes with the saved entry
    saved.current = false;
    edit.current.focus();
  });
  const close = () => {
    saved.current = true;
    setEditing(false);
  };
  const start = () => {
    setAsked((n) => n + 1);
    setEditing(true);
  };
  useShortcuts([{ keys: 'e', label: 'Change your entry', group: 'Stand-up', run: start }], writable);
  return (
    <>
      {standup.walk && (
        <Walk
          team={team.key}
          standup={standup}
          walk={standup.walk}
          readAt={readAt}
          leads={mayManage || standup.walk.started_by.id === me}
        />
      )}
      <BlockerStrip team={team} day={standup.date} today={today} blockers={standup.blockers} onEdit={onEdit} />
      {open && me && (
        <OwnEntry team={team.key} me={me} day={standup.date} entry={own ?? null} asked={asked} onDone={close} />
      )}
      <EntryRows
        standup={standup}
        past={standup.date < today}
        zone={team.time_zone}
        me={me}
        edit={edit}
        onEdit={writable && own && !open ? start : undefined}
      />
      {standup.date === today && (
        <Suspense>
          <MiniBurndown team={team.key} />
        </Suspense>
      )}
    </>
  );
}

/** The calendar day in the team's time zone; a page that is left open overnight moves on. */
function useToday(zone: string): string {
  const [today, setToday] = useState(() => dayOf(Date.now(), zone));
  useEffect(() => {
    const look = () => setToday(dayOf(Date.now(), zone));
    const timer = setInterval(look, 60_000);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [zone]);
  return today;
}

const uninteresting = new Set(['asset.changed', 'import.progress', 'patch.placed']);

function useStandupLive(team: string): void {
  const client = useQueryClient();
  const gather = useGathered(60);
  useLive(team, (event) => {
    if (uninteresting.has(event.kind)) return;
    gather(() => {
      void client.invalidateQueries({ queryKey: standupKeys.all(team) });
      if (event.kind === 'team.changed' || event.kind === 'reset')
        void client.invalidateQueries({ queryKey: calendarQuery(team).queryKey });
    });
  });
}
