import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/extract-closest-edge';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type CSSProperties,
  type KeyboardEvent,
  lazy,
  Suspense,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react';
import { pauseLive, useLive } from '../../api/live';
import { useMe, usePermission, whoMay } from '../../api/queries';
import type { Board, MyTeam, Sprint, Status } from '../../api/schema';
import { workingDaysQuery } from '../../api/standup';
import { useShortcuts } from '../../app/shortcuts';
import { useUrlState } from '../../app/url';
import { num } from '../../lib/format';
import { Button } from '../../ui/Button';
import { announce } from '../../ui/LiveRegion';
import { BurndownLink } from '../../ui/links';
import { AssignDialog, PatchPanel } from '../../ui/patch/lazy';
import { SprintDialogs } from '../../ui/sprint/SprintDialogs';
import { spanText, sprintName } from '../../ui/sprint/totals';
import { toast } from '../../ui/toast';
import { BoardColumn } from './BoardColumn';
import { BoardFilter } from './BoardFilter';
import type { CardCommands } from './CardView';
import { cardEntries } from './menu';
import { Mover, type Stopped } from './mover';
import { focusAfter, shownCards, stepOf, type Target, targetAfter } from './steps';
import { useCardPatch } from './useCardPatch';

const PassDialog = lazy(() => import('./PassDialog').then((m) => ({ default: m.PassDialog })));
const ReopenDialog = lazy(() => import('./ReopenDialog').then((m) => ({ default: m.ReopenDialog })));

interface Props {
  team: MyTeam;
  board: Board;
  sprint: Sprint;
}

export function BoardView({ team, board, sprint }: Props) {
  const client = useQueryClient();
  const [url, change] = useUrlState();
  const me = useMe()?.user.id;
  const mayMove = usePermission('work', team.key);
  const mayApprove = usePermission('approve', team.key);
  const mayPlan = usePermission('plan', team.key);
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const [reopening, setReopening] = useState<{ key: string; target: Target } | null>(null);
  const [closing, setClosing] = useState(false);
  const work = useCardPatch(team.key);
  const refocus = useRef<string | null>(null);
  const [stopped, setStopped] = useState<Stopped | null>(null);
  const mover = useMemo(() => {
    const review = (key: string) => {
      refocus.current = key;
      setFocused(key);
    };
    return new Mover(client, team.key, review, setStopped);
  }, [client, team.key]);
  const shown = useMemo(
    () =>
      board.columns.map((c) => ({
        ...c,
        cards: shownCards(c.cards, url.q ?? '', url.assignee, me),
        count: c.cards.length,
        counted: board.emergency_lane ? c.cards.filter((x) => !x.emergency).length : c.cards.length,
      })),
    [board.columns, board.emergency_lane, url.q, url.assignee, me],
  );
  const all = shown.flatMap((c) => c.cards);
  const active = all.some((c) => c.key === focused) ? focused : (all[0]?.key ?? null);
  useBoardLive(team.key, mover);
  useRefocus(root, refocus, focused, board);

  const move = (key: string, target: Target | null) => {
    const card = all.find((c) => c.key === key);
    if (!card || !target) return announce('It cannot go further that way');
    if (!mayMove) return toast({ text: whoMay.work });
    refocus.current = key;
    setFocused(key);
    if (card.status === 'verified' && target.status !== 'verified') setReopening({ key, target });
    else mover.move(key, target);
  };
  useBoardDrops(move);
  const open = (key: string) => change({ patch: key }, { push: true });
  const focusCard = (key: string | null) => {
    if (!key) return;
    setFocused(key);
    root.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  };

  const now = {
    open,
    entries: (key: string) => {
      const card = all.find((c) => c.key === key);
      if (!card) return [];
      const approval = (status: Status) =>
        board.approval_required && !mayApprove && needsApproval(board, card.status, status) && whoMay.approve;
      return cardEntries({
        card,
        columns: shown,
        mayMove,
        approval,
        open: () => open(key),
        assign: () => void work.ask(key),
        move: (target) => move(key, target),
      });
    },
  };
  const { data: calendar } = useQuery(workingDaysQuery(team.key));
  const latest = useRef(now);
  latest.current = now;
  const commands = useMemo<CardCommands>(
    () => ({
      focus: setFocused,
      open: (key) => latest.current.open(key),
      entries: (key) => latest.current.entries(key),
    }),
    [],
  );

  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    const key = (e.target as HTMLElement).dataset.key;
    if (!key) return; // a button inside the card, a menu
    const hit = stepOf(e);
    if (hit) {
      if (hit.card) move(key, targetAfter(shown, key, hit.step));
      else focusCard(focusAfter(shown, key, hit.step));
    } else if (e.key === 'Enter' || e.key === ' ') open(key);
    else return;
    e.preventDefault();
  };
  const group = 'Sprint board';
  useShortcuts([
    { keys: '/', label: 'Filter', group, run: () => search.current?.focus() },
    { keys: 'a', label: 'Assign the card', group, run: () => active && void work.ask(active) },
    { keys: 'i', label: 'Assign the card to me', group, run: () => active && void work.assignMe(active) },
    {
      keys: 'j',
      label: 'To the cards (then arrows or HJKL; Alt or Shift moves the card)',
      group,
      run: () => focusCard(active),
    },
  ]);
  const done = board.columns.filter((c) => c.status === 'verified').reduce((s, c) => s + c.points, 0);
  const total = board.columns.reduce((s, c) => s + c.points, 0);

  return (
    <div className="page board-page">
      <header className="page-head">
        <div className="board-title">
          <h1>
            {sprintName(sprint)} <span className="muted">· {spanText(sprint)}</span>
          </h1>
          {sprint.goal && (
            <p className="clip" title={sprint.goal}>
              {sprint.goal}
            </p>
          )}
        </div>
        <div className="tools">
          <span className="badge soft">
            {num.format(done)} of {num.format(total)} points done
          </span>
          <BoardFilter team={team.key} url={url} change={change} search={search} />
          <BurndownLink n={sprint.number} className="btn" />
          <Button reason={!mayPlan && whoMay.plan} onClick={() => setClosing(true)}>
            Close sprint…
          </Button>
        </div>
      </header>
      <div className="with-panel">
        {all.length === 0 && board.columns.every((c) => c.cards.length === 0) && (
          <p className="board-empty">This sprint has no items yet. Add some from the backlog.</p>
        )}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the focused card bubble up to here */}
        <div className="board" ref={root} style={widths(shown)} onKeyDown={onKeyDown}>
          {shown.map((c) => (
            <BoardColumn
              key={c.status}
              status={c.status}
              name={c.name}
              count={c.count}
              points={c.points}
              limit={board.limits === 'off' ? 0 : c.limit}
              counted={c.counted}
              ageDays={board.age_days}
              cards={c.cards}
              zone={team.time_zone}
              calendar={calendar}
              active={c.cards.some((x) => x.key === active) ? active : null}
              mayMove={mayMove}
              commands={commands}
            />
          ))}
        </div>
        {url.patch && (
          <PatchPanel
            team={team.key}
            patchKey={url.patch}
            zone={team.time_zone}
            onClose={() => change({ patch: undefined })}
          />
        )}
      </div>
      <p className="help">
        {mayMove
          ? 'Arrows move the focus · Alt and arrows (or Shift HJKL) move the card · Enter opens it'
          : 'Arrows move the focus · Enter opens a card · you may not move cards in this team'}
      </p>
      {reopening && (
        <Suspense>
          <ReopenDialog
            patchKey={reopening.key}
            onClose={() => setReopening(null)}
            onReopen={(why) => mover.move(reopening.key, reopening.target, why)}
          />
        </Suspense>
      )}
      {stopped && (
        <Suspense>
          <PassDialog
            stopped={stopped}
            onClose={() => setStopped(null)}
            onPass={(reason) => mover.move(stopped.key, stopped.target, undefined, reason)}
          />
        </Suspense>
      )}
      {work.asked && (
        <AssignDialog team={team.key} patches={[work.asked]} onClose={work.close} onAssign={work.assign} />
      )}
      {closing && <SprintDialogs team={team.key} sprint={sprint} dialog="close" onClose={() => setClosing(false)} />}
    </div>
  );
}

/** Empty columns are narrower, so that all of them fit a laptop's screen. */
function widths(columns: { count: number }[]): CSSProperties {
  const each = columns.map((c) => (c.count > 0 ? 'minmax(160px, 1fr)' : 'minmax(118px, 0.5fr)'));
  return { '--columns': each.join(' ') } as CSSProperties;
}

/** Past the column in which approvals are given. */
function needsApproval(board: Board, from: Status, to: Status): boolean {
  const order = board.columns.map((c) => c.status);
  const gate = order.indexOf('awaiting_approval');
  return gate >= 0 && order.indexOf(to) > gate && order.indexOf(from) <= gate;
}

function useBoardLive(team: string, mover: Mover): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(team, (event) => {
    if (event.kind === 'asset.changed' || event.kind === 'member.changed' || event.kind === 'patch.placed') return;
    // several events of one change, one reading; cards that did not change keep their identity and are not drawn again
    clearTimeout(timer.current);
    timer.current = setTimeout(() => mover.refresh(), 60);
  });
}

/** A card that changes its column is a new element: the focus follows it. */
function useRefocus(
  root: { readonly current: HTMLElement | null },
  wanted: { current: string | null },
  focused: string | null,
  board: Board,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: after every drawing of the board
  useEffect(() => {
    const lost = focused && document.activeElement === document.body;
    const key = wanted.current ?? (lost && document.hasFocus() ? focused : null);
    wanted.current = null;
    if (key) root.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  }, [board, focused]);
}

function useBoardDrops(move: (key: string, target: Target) => void): void {
  const drop = useEffectEvent(move);
  useEffect(() => {
    let resume: (() => void) | undefined;
    const stop = monitorForElements({
      canMonitor: ({ source }) => source.data.type === 'card',
      onDragStart: () => {
        resume = pauseLive();
      },
      onDrop: ({ source, location }) => {
        resume?.();
        const [over, column] = location.current.dropTargets;
        if (!over) return;
        const status = (column ?? over).data.status as Status;
        const beside = over.data.type === 'card' ? (over.data.key as string) : undefined;
        const edge = extractClosestEdge(over.data) === 'bottom' ? 'after' : 'before';
        drop(source.data.key as string, { status, ...(beside && { [edge]: beside }) });
      },
    });
    return () => {
      stop();
      resume?.();
    };
  }, []);
}
