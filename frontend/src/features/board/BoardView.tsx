import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, lazy, Suspense, useMemo, useRef, useState } from 'react';
import { boardGroupsQuery } from '../../api/board';
import { useMe, usePermission, whoMay } from '../../api/queries';
import type { Board, MyTeam, Sprint, Status } from '../../api/schema';
import { workingDaysQuery } from '../../api/standup';
import { useShortcuts } from '../../app/shortcuts';
import { useUrlState } from '../../app/url';
import { num } from '../../lib/format';
import { useMedia } from '../../lib/media';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { announce } from '../../ui/LiveRegion';
import { BurndownLink } from '../../ui/links';
import { AssignDialog, PatchPanel } from '../../ui/patch/lazy';
import { Segmented } from '../../ui/Segmented';
import { SprintDialogs } from '../../ui/sprint/SprintDialogs';
import { spanText, sprintName } from '../../ui/sprint/totals';
import { toast } from '../../ui/toast';
import { BoardFilter } from './BoardFilter';
import { CardSelectionBar } from './CardSelectionBar';
import type { CardCommands } from './CardView';
import { filterOf, shownCards } from './filter';
import { useBoardDrops, useBoardLive, useRefocus } from './hooks';
import { Lanes, LoadBadge } from './Lanes';
import { cardsOf, laneBy, lanesOf } from './lanes';
import { loads, overloaded } from './load';
import { type Kept, moveMany } from './many';
import { cardEntries } from './menu';
import { Mover, type Stopped } from './mover';
import { focusAfter, stepOf, type Target, targetAfter } from './steps';
import { useCardPatch } from './useCardPatch';
import { useCardSelection } from './useCardSelection';
import { Viewers } from './Viewers';

const PassDialog = lazy(() => import('./PassDialog').then((m) => ({ default: m.PassDialog })));
const KeptDialog = lazy(() => import('./KeptDialog').then((m) => ({ default: m.KeptDialog })));
const ExceptionDialog = lazy(() =>
  import('../../ui/exception/ExceptionDialog').then((m) => ({ default: m.ExceptionDialog })),
);
const ReopenDialog = lazy(() => import('./ReopenDialog').then((m) => ({ default: m.ReopenDialog })));

interface Props {
  team: MyTeam;
  board: Board;
  sprint: Sprint;
  /** Under which key the board is cached. */
  shownAs: readonly unknown[];
}

export function BoardView({ team, board, sprint, shownAs }: Props) {
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
  const [excepting, setExcepting] = useState<string | null>(null);
  const work = useCardPatch(team.key);
  const refocus = useRef<string | null>(null);
  const [stopped, setStopped] = useState<Stopped | null>(null);
  const mover = useMemo(() => {
    const review = (key: string) => {
      refocus.current = key;
      setFocused(key);
    };
    return new Mover(client, team.key, review, setStopped, shownAs);
  }, [client, team.key, shownAs]);
  const by = laneBy(url.lanes);
  const { data: groups } = useQuery({ ...boardGroupsQuery(team.key), enabled: by === 'group' });
  const shown = useMemo(() => {
    const around = { me, zone: team.time_zone, end: sprint.end_date };
    const filter = filterOf(url);
    return board.columns.map((c) => ({ status: c.status, name: c.name, cards: shownCards(c.cards, filter, around) }));
  }, [board.columns, url, me, team.time_zone, sprint.end_date]);
  const lanes = useMemo(
    () => lanesOf(shown, { by, emergencies: board.emergency_lane, groups: groups?.items ?? [], me }),
    [shown, by, board.emergency_lane, groups, me],
  );
  const all = useMemo(() => cardsOf(lanes), [lanes]);
  const selection = useCardSelection(all);
  const [peeked, setPeeked] = useState<string | null>(null);
  const [kept, setKept] = useState<Kept | null>(null);
  const phone = useMedia('(max-width: 48em)');
  const only = phone ? (shown.find((c) => c.status === url.column) ?? shown[0])?.status : undefined;
  const onScreen = only ? all.filter((c) => shown.find((x) => x.status === only)?.cards.includes(c)) : all;
  const active = onScreen.some((c) => c.key === focused) ? focused : (onScreen[0]?.key ?? null);
  useBoardLive(team.key, mover);
  useRefocus(root, refocus, focused, board);

  const moveSelected = (to: { status: Status; name: string }, note?: string, cards = selection.cards) => {
    if (!mayMove) return toast({ text: whoMay.work });
    selection.clear();
    void moveMany(client, team.key, shownAs, cards, to, note, setKept);
  };
  const move = (key: string, target: Target | null) => {
    const card = all.find((c) => c.key === key);
    if (!card || !target) return announce('It cannot go further that way');
    if (!mayMove) return toast({ text: whoMay.work });
    if (selection.keys.has(key) && selection.cards.length > 1) {
      const name = shown.find((c) => c.status === target.status)?.name ?? '';
      return moveSelected({ status: target.status, name });
    }
    refocus.current = key;
    setFocused(key);
    if (card.status === 'verified' && target.status !== 'verified') setReopening({ key, target });
    else mover.move(key, target);
    const lane = lanes.find((l) => l.id === target.lane);
    if (lane?.kind === 'assignee' && lane.person?.id !== card.assignee?.id)
      void work.give(card.key, lane.person ?? null, mover.settled());
  };
  useBoardDrops(move);
  const open = (key: string) => {
    setPeeked(null);
    change({ patch: key }, { push: true });
  };
  const focusCard = (key: string | null) => {
    if (!key) return;
    setFocused(key);
    root.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  };

  const now = {
    open,
    select: (key: string, to: 'toggle' | 'extend') => selection[to](key),
    entries: (key: string) => {
      const card = all.find((c) => c.key === key);
      if (!card) return [];
      const approval = (status: Status) =>
        board.approval_required && !mayApprove && needsApproval(board, card.status, status) && whoMay.approve;
      return cardEntries({
        card,
        columns: shown,
        lanes,
        selected: selection.keys.has(key) ? selection.cards.length : 0,
        mayMove,
        approval,
        open: () => open(key),
        assign: () => void work.ask(key),
        except: () => setExcepting(key),
        select: () => selection.toggle(key),
        move: (target) => move(key, target),
        moveSelected: (status, name) => moveSelected({ status, name }),
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
      select: (key, to) => latest.current.select(key, to),
      entries: (key) => latest.current.entries(key),
    }),
    [],
  );

  const peek = (key: string) => {
    if (url.patch === key) return change({ patch: undefined });
    setPeeked(key);
    change({ patch: key });
  };
  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    const key = (e.target as HTMLElement).dataset.key;
    if (!key) return; // a button inside the card, a menu
    const hit = stepOf(e);
    const next = hit && !hit.card ? focusAfter(lanes, key, hit.step) : null;
    if (hit?.card) move(key, targetAfter(lanes, key, hit.step));
    else if (hit) focusCard(next);
    else if (e.shiftKey && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      selection.extend(key);
      const to = focusAfter(lanes, key, e.key === 'ArrowDown' ? 'down' : 'up');
      if (to) selection.extend(to);
      focusCard(to);
    } else if (e.key === 'Enter') open(key);
    else if (e.key === ' ') peek(key);
    else if (e.key === 'Escape' && selection.keys.size > 0) selection.clear();
    else return;
    e.preventDefault();
  };
  const group = 'Sprint board';
  useShortcuts([
    { keys: '/', label: 'Filter', group, run: () => search.current?.focus() },
    { keys: 'a', label: 'Assign the card', group, run: () => active && void work.ask(active) },
    { keys: 'i', label: 'Assign the card to me', group, run: () => active && void work.assignMe(active) },
    {
      keys: 'x',
      label: 'Select the card (Shift and arrows for more)',
      group,
      keysOnly: true,
      run: () => active && selection.toggle(active),
    },
    {
      keys: 'j',
      label: 'To the cards (then arrows or HJKL; Alt or Shift moves the card)',
      group,
      keysOnly: true,
      run: () => focusCard(active),
    },
  ]);
  const done = board.columns.filter((c) => c.status === 'verified').reduce((s, c) => s + c.points, 0);
  const total = board.columns.reduce((s, c) => s + c.points, 0);

  const load = useMemo(() => loads(board), [board]);
  const tooMuch = useMemo(() => overloaded(board), [board]);
  const manyEntries = () =>
    shown.map((c) => ({ label: c.name, disabled: !mayMove && whoMay.work, run: () => moveSelected(c) }));

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
          <Viewers team={team.key} />
          {board.active_sprints.length > 1 && (
            <Select
              aria-label="Sprint"
              options={board.active_sprints.map((n) => [String(n), `Sprint ${n}`] as const)}
              value={String(sprint.number)}
              onChange={(e) => change({ sprint: e.target.value })}
            />
          )}
          <BoardFilter team={team.key} board={board} url={url} change={change} search={search} />
          <BurndownLink n={sprint.number} className="btn" />
          <Button reason={!mayPlan && whoMay.plan} onClick={() => setClosing(true)}>
            Close sprint…
          </Button>
        </div>
      </header>
      {tooMuch.length > 0 && (
        <p className="overloaded">
          Over the limit of a person:{' '}
          {tooMuch.map((l) => (
            <LoadBadge key={l.id} load={l} limit={board.person_limit} named />
          ))}
        </p>
      )}
      {only && (
        <div className="board-tabs">
          <Segmented
            label="Column"
            value={only}
            onChange={(column) => change({ column })}
            options={shown.map((c) => [c.status, `${c.name} ${c.cards.length}`] as const)}
          />
        </div>
      )}
      <div className="with-panel">
        {all.length === 0 && board.columns.every((c) => c.cards.length === 0) && (
          <p className="board-empty">This sprint has no items yet. Add some from the backlog.</p>
        )}
        <Lanes
          root={root}
          board={board}
          lanes={lanes}
          loads={load}
          only={only}
          zone={team.time_zone}
          calendar={calendar}
          active={active}
          selected={selection.keys}
          mayMove={mayMove}
          commands={commands}
          onKeyDown={onKeyDown}
        />
        {url.patch && (
          <PatchPanel
            team={team.key}
            patchKey={url.patch}
            zone={team.time_zone}
            peek={peeked === url.patch}
            onClose={() => change({ patch: undefined })}
          />
        )}
      </div>
      {selection.cards.length > 0 ? (
        <CardSelectionBar cards={selection.cards} entries={manyEntries} onClear={selection.clear} />
      ) : (
        <p className="help">
          {mayMove
            ? 'Arrows move the focus · Alt and arrows (or Shift HJKL) move the card · Space peeks, Enter opens · X selects'
            : 'Arrows move the focus · Enter opens a card · you may not move cards in this team'}
        </p>
      )}
      {kept && (
        <Suspense>
          <KeptDialog
            kept={kept}
            onClose={() => setKept(null)}
            onPass={(note) => moveSelected(kept, note, kept.cards)}
          />
        </Suspense>
      )}
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
      {excepting && (
        <Suspense>
          <ExceptionDialog
            team={team.key}
            patchKey={excepting}
            zone={team.time_zone}
            onClose={() => setExcepting(null)}
          />
        </Suspense>
      )}
      {closing && <SprintDialogs team={team.key} sprint={sprint} dialog="close" onClose={() => setClosing(false)} />}
    </div>
  );
}

/** Past the column in which approvals are given. */
function needsApproval(board: Board, from: Status, to: Status): boolean {
  const order = board.columns.map((c) => c.status);
  const gate = order.indexOf('awaiting_approval');
  return gate >= 0 && order.indexOf(to) > gate && order.indexOf(from) <= gate;
}
