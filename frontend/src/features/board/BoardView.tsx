import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { boardGroupsQuery } from '../../api/board';
import { useMe, usePermission, whoMay } from '../../api/queries';
import type { Board, MyTeam, Sprint, Status } from '../../api/schema';
import { workingDaysQuery } from '../../api/standup';
import { useUrlState } from '../../app/url';
import { useMedia } from '../../lib/media';
import { announce } from '../../ui/LiveRegion';
import { AssignDialog, PatchPanel } from '../../ui/patch/lazy';
import { Segmented } from '../../ui/Segmented';
import { toast } from '../../ui/toast';
import { type Asked, BoardDialogs } from './BoardDialogs';
import { BoardHead } from './BoardHead';
import { CardSelectionBar } from './CardSelectionBar';
import type { CardCommands } from './CardView';
import { filterOf, shownCards } from './filter';
import { useBoardDrops, useBoardLive, useRefocus } from './hooks';
import { Lanes, LoadBadge } from './Lanes';
import { cardsOf, laneBy, lanesOf } from './lanes';
import { loads, overloaded } from './load';
import { moveMany } from './many';
import { cardEntries } from './menu';
import { Mover, type Stopped } from './mover';
import type { Target } from './steps';
import { useBoardKeys } from './useBoardKeys';
import { useCardPatch } from './useCardPatch';
import { useCardSelection } from './useCardSelection';

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
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const work = useCardPatch(team.key);
  const refocus = useRef<string | null>(null);
  const mover = useMemo(() => {
    const review = (key: string) => {
      refocus.current = key;
      setFocused(key);
    };
    const stop = (stopped: Stopped) => setAsked({ kind: 'pass', stopped });
    return new Mover(client, team.key, review, stop, shownAs);
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
  const phone = useMedia('(max-width: 48em)');
  const only = phone ? (shown.find((c) => c.status === url.column) ?? shown[0])?.status : undefined;
  const onScreen = only ? all.filter((c) => shown.find((x) => x.status === only)?.cards.includes(c)) : all;
  const active = onScreen.some((c) => c.key === focused) ? focused : (onScreen[0]?.key ?? null);
  useBoardLive(team.key, mover);
  useRefocus(root, refocus, focused, board);

  const moveSelected = (to: { status: Status; name: string }, note?: string, cards = selection.cards) => {
    if (!mayMove) return toast({ text: whoMay.work });
    selection.clear();
    void moveMany(client, team.key, shownAs, cards, to, note, (kept) => setAsked({ kind: 'kept', kept }));
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
    if (card.status === 'verified' && target.status !== 'verified') setAsked({ kind: 'reopen', key, target });
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
        block: () => block(key),
        except: () => setAsked({ kind: 'except', key }),
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
  const block = (key: string) => (mayMove ? setAsked({ kind: 'block', key }) : toast({ text: whoMay.work }));
  const onKeyDown = useBoardKeys({ lanes, active, search, selection, work, block, focus: focusCard, move, open, peek });
  const load = useMemo(() => loads(board), [board]);
  const tooMuch = useMemo(() => overloaded(board), [board]);
  const manyEntries = () =>
    shown.map((c) => ({ label: c.name, disabled: !mayMove && whoMay.work, run: () => moveSelected(c) }));

  return (
    <div className="page board-page">
      <BoardHead
        team={team}
        board={board}
        sprint={sprint}
        url={url}
        change={change}
        search={search}
        onClose={() => setAsked({ kind: 'close' })}
      />
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
      {work.asked && (
        <AssignDialog team={team.key} patches={[work.asked]} onClose={work.close} onAssign={work.assign} />
      )}
      {asked && (
        <BoardDialogs
          team={team}
          sprint={sprint}
          asked={asked}
          mover={mover}
          onClose={() => setAsked(null)}
          onPassMany={(kept, note) => moveSelected(kept, note, kept.cards)}
        />
      )}
    </div>
  );
}

/** Past the column in which approvals are given. */
function needsApproval(board: Board, from: Status, to: Status): boolean {
  const order = board.columns.map((c) => c.status);
  const gate = order.indexOf('awaiting_approval');
  return gate >= 0 && order.indexOf(to) > gate && order.indexOf(from) <= gate;
}
