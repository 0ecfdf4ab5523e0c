import { Check, Timer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { whoMay } from '../../api/queries';
import type { RetroPhase } from '../../api/schema';
import { useShortcuts } from '../../app/shortcuts';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { announce } from '../../ui/LiveRegion';
import { MenuButton, type MenuEntry } from '../../ui/Menu';
import { clockText, nextPhase, phaseLabel, phases } from './phases';
import { setReady } from './queries';
import { SetUpDialog } from './SetUpDialog';
import type { Room } from './useRetro';

/** How far it is, how long this phase still takes, and who is ready for the next. */
export function PhaseBar({ room }: { room: Room }) {
  const { retro, mayLead, mayWork } = room;
  const [asked, setAsked] = useState<'close' | 'setup' | null>(null);
  const at = phases.indexOf(retro.phase);
  const next = nextPhase(retro.phase);
  const closed = retro.phase === 'closed';
  const go = (phase: RetroPhase) => (phase === 'closed' ? setAsked('close') : void room.lead({ phase }));
  const ready = () => {
    if (!mayWork || closed) return;
    const now = !retro.mine_ready;
    void room
      .run(() => setReady(room.place, now), 'It was not noted')
      .then((ok) => ok && announce(now ? 'You are ready' : 'You are not ready yet'));
  };
  useShortcuts([{ keys: 'r', label: 'I am ready', group: 'Retrospective', run: ready }], !closed);
  return (
    <section className="sheet retro-bar" aria-label="Phases">
      <ol className="retro-phases">
        {phases.map((p, i) => (
          <li key={p} aria-current={i === at ? 'step' : undefined} data-over={i < at || undefined}>
            {i < at && <Check size={13} aria-hidden />}
            {phaseLabel[p]}
          </li>
        ))}
      </ol>
      <div className="retro-lead">
        {retro.anonymous && (
          <span className="badge soft" title="Nothing leads from a card or a vote to its author">
            Anonymous
          </span>
        )}
        <Clock ends={retro.ends_at} now={retro.now} />
        {!closed && (
          <>
            <span aria-live="polite">
              {retro.ready} of {retro.members} ready
            </span>
            <Button
              aria-pressed={retro.mine_ready}
              aria-keyshortcuts="r"
              reason={!mayWork && whoMay.work}
              onClick={ready}
            >
              {retro.mine_ready ? 'Ready ✓' : 'I am ready'}
            </Button>
            {mayLead && next && (
              <Button variant="primary" onClick={() => go(next)}>
                {next === 'closed' ? 'Close…' : `Go on to ${phaseLabel[next].toLowerCase()}`}
              </Button>
            )}
            {mayLead && (
              <MenuButton label="Lead the retrospective" entries={() => entries(room, go, () => setAsked('setup'))}>
                Lead…
              </MenuButton>
            )}
          </>
        )}
      </div>
      <ConfirmDialog
        open={asked === 'close'}
        onClose={() => setAsked(null)}
        title="Close the retrospective"
        text={`Its summary stays as it is then, and nothing changes it any more.${retro.sprint_state === 'active' ? ' The sprint is still active.' : ''}`}
        action="Close it"
        run={() => room.lead({ phase: 'closed' })}
      />
      {asked === 'setup' && <SetUpDialog room={room} onClose={() => setAsked(null)} />}
    </section>
  );
}

function entries(room: Room, go: (phase: RetroPhase) => void, setUp: () => void): MenuEntry[] {
  const { retro } = room;
  const timers = [3, 5, 10, 15].map((minutes) => ({
    label: `Timer of ${minutes} minutes`,
    icon: Timer,
    run: () => void room.lead({ minutes }),
  }));
  return [
    ...timers,
    { label: 'Stop the timer', disabled: !retro.ends_at, run: () => void room.lead({ minutes: 0 }) },
    ...phases.map((p, i) => ({
      label: `To ${phaseLabel[p].toLowerCase()}`,
      separate: i === 0,
      current: p === retro.phase,
      disabled: p === retro.phase,
      run: () => go(p),
    })),
    { label: 'Set up…', separate: true, run: setUp },
  ];
}

/** Counts by the server's clock, so that every screen shows the same. */
function Clock({ ends, now }: { ends: string | null; now: string }) {
  const [offset, setOffset] = useState(() => Date.parse(now) - Date.now());
  const [, tick] = useState(0);
  useEffect(() => setOffset(Date.parse(now) - Date.now()), [now]);
  useEffect(() => {
    if (!ends) return;
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [ends]);
  const left = ends ? Date.parse(ends) - (Date.now() + offset) : 0;
  const over = !!ends && left <= 0;
  useEffect(() => {
    if (over) announce('The time is up');
  }, [over]);
  if (!ends) return null;
  return (
    <span className="retro-clock" role="timer" data-over={over || undefined}>
      <Timer size={15} aria-hidden /> {over ? 'Time is up' : clockText(left)}
    </span>
  );
}
