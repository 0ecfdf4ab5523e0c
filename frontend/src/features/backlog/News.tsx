import './news.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useLive } from '../../api/live';
import type { MyTeam, Notice } from '../../api/schema';
import { num, plural } from '../../lib/format';
import { DueChip } from '../../ui/atoms';
import { Button, IconButton } from '../../ui/Button';
import { Glyph } from '../../ui/Glyph';
import { movesText, sinceText } from './causes';
import { movedBy } from './moved';
import { movesQuery, newsKeys, noticesQuery } from './newsQueries';
import { PatchButton } from './PatchButton';
import { useDismiss } from './useDismiss';

const KevDialog = lazy(() => import('./KevDialog').then((m) => ({ default: m.KevDialog })));
const MovesDialog = lazy(() => import('./MovesDialog').then((m) => ({ default: m.MovesDialog })));

/** What is new in the backlog: notices on top, and a quiet line of what moved since one looked. */
export default function News({ team }: { team: MyTeam }) {
  const client = useQueryClient();
  const { data: notices } = useQuery(noticesQuery(team.key));
  const { data: moves } = useQuery(movesQuery(team.key));
  const [open, setOpen] = useState<'moves' | Notice | null>(null);
  const dismiss = useDismiss(team.key);
  useLive(team.key, ({ kind }) => {
    if (['kev.added', 'patches.changed', 'patch.changed', 'sprint.changed', 'reset'].includes(kind)) {
      void client.invalidateQueries({ queryKey: newsKeys.all(team.key) });
    }
  });
  useEffect(() => {
    const moved = (moves?.items ?? []).filter((m) => m.kind === 'moved');
    movedBy.set(new Map(moved.map((m) => [m.key, m.after - m.before])));
    return () => movedBy.set(new Map());
  }, [moves]);
  const line = moves ? movesText(moves) : '';
  return (
    <>
      {notices?.slice(0, 3).map((notice) => (
        <NoticeBar
          key={notice.id}
          notice={notice}
          team={team}
          onReview={() => setOpen(notice.kind === 'kev.added' ? notice : 'moves')}
          onDismiss={() => void dismiss(notice)}
        />
      ))}
      {moves && line && (
        <p className="moved-line">
          <button type="button" className="link" onClick={() => setOpen('moves')}>
            {line} since {sinceText(moves.since, team.time_zone)}
          </button>
        </p>
      )}
      <Suspense>
        {open === 'moves' && moves && <MovesDialog team={team} moves={moves} onClose={() => setOpen(null)} />}
        {open && open !== 'moves' && (
          <KevDialog
            team={team}
            notice={notices?.find((n) => n.id === open.id) ?? open}
            onClose={() => setOpen(null)}
          />
        )}
      </Suspense>
    </>
  );
}

interface BarProps {
  notice: Notice;
  team: MyTeam;
  onReview: () => void;
  onDismiss: () => void;
}

const NoticeBar = ({ notice, team, onReview, onDismiss }: BarProps) => (
  <section
    className="notice-bar"
    data-kind={notice.kind}
    aria-label={notice.kind === 'kev.added' ? 'Known exploited' : 'New EPSS model'}
  >
    <div className="notice-text">
      {notice.kind === 'kev.added' ? <KevText notice={notice} team={team} /> : <BaseText notice={notice} />}
    </div>
    <Button small onClick={onReview}>
      Review
    </Button>
    <IconButton label="Put this notice away" onClick={onDismiss}>
      <Glyph name="cross" size={14} />
    </IconButton>
  </section>
);

const shown = 3;

/** "CVE-… is known exploited now: INF-12, INF-40, due …". */
function KevText({ notice, team }: { notice: Notice; team: MyTeam }) {
  const { vulnerabilities: ids, vulnerability_count: count, patches } = notice;
  const named = ids.slice(0, 2).join(', ');
  const more = count > 2 ? ` and ${num.format(count - 2)} more` : '';
  const open = patches.filter((p) => p.status !== 'verified' && p.status !== 'dropped');
  const due = open.map((p) => p.due_at).filter((at) => at !== null);
  const first = due.toSorted()[0];
  return (
    <>
      <b>
        {named}
        {more} {count === 1 ? 'is' : 'are'} known to be exploited:
      </b>{' '}
      {patches.slice(0, shown).map((p) => (
        <PatchButton key={p.key} patchKey={p.key} />
      ))}
      {notice.patch_count > shown && <span>and {num.format(notice.patch_count - shown)} more</span>}
      {first && <DueChip at={first} zone={team.time_zone} />}
    </>
  );
}

function BaseText({ notice }: { notice: Notice }) {
  const b = notice.rebaseline;
  if (!b) return null;
  return (
    <>
      <b>EPSS has a new model ({b.to}), so every score is on a new base:</b>{' '}
      <span>
        {plural(b.up, 'priority', 'priorities')} rose, {num.format(b.down)} fell. Placed items kept their neighbours.
      </span>
    </>
  );
}
