import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react';
import { type PatchFilter, patchKeys } from '../../api/patches';
import { useMe, usePermission, whoMay } from '../../api/queries';
import type { BulkChange, MyTeam, Patch, Sprint } from '../../api/schema';
import { openSprintsQuery } from '../../api/sprints';
import type { UrlState } from '../../app/url';
import { anchorFor, type Direction } from '../../lib/moves';
import { announce } from '../../ui/LiveRegion';
import { usePatchActions } from '../../ui/patch/actions';
import { usePlanning } from '../../ui/sprint/actions';
import { toast } from '../../ui/toast';
import type { Asking } from './BacklogDialogs';
import type { RowCommands } from './BacklogRow';
import { isRanked, isWhole } from './filter';
import { rowEntries } from './menu';
import { Placer } from './placing';
import type { useBacklog } from './useBacklog';
import { useSelection } from './useSelection';

interface Options {
  team: MyTeam;
  filter: PatchFilter;
  backlog: ReturnType<typeof useBacklog>;
  url: UrlState;
  change: (patch: UrlState, options?: { push?: boolean }) => void;
  scroller: RefObject<HTMLDivElement | null>;
}

const none: Sprint[] = [];
/** The most that is changed in one call. */
const mostSelected = 1000;
export type BacklogCommands = ReturnType<typeof useBacklogCommands>;

/** What can be done on the backlog page, by pointer, key or menu alike. */
export function useBacklogCommands({ team, filter, backlog, url, change, scroller }: Options) {
  const client = useQueryClient();
  const me = useMe()?.user;
  const { rows } = backlog;
  const [chosen, setActive] = useState<string | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const selection = useSelection(rows, url, change);
  const actions = usePatchActions(team.key);
  const planning = usePlanning(team.key);
  const { data: sprints = none } = useQuery(openSprintsQuery(team.key));
  const may = {
    work: usePermission('work', team.key),
    rank: usePermission('rank', team.key),
    plan: usePermission('plan', team.key),
  };
  /** The row to scroll to once it is drawn. */
  const reveal = useRef<string | null>(null);
  const peeking = url.patch !== undefined;
  const go = useCallback(
    (key: string) => {
      reveal.current = key;
      setActive(key);
      if (peeking) change({ patch: key }); // an open panel goes along
    },
    [peeking, change],
  );
  const placer = useMemo(
    () => new Placer({ client, team: team.key, me: me?.name ?? 'You', review: (key) => go(key) }),
    [client, team.key, me?.name, go],
  );
  // the first row stands for the active one until one is chosen, and when the chosen one is gone
  const activePatch = rows.find((p) => p.key === chosen) ?? rows[0];
  const active = activePatch?.key ?? null;
  const shown = { queryKey: patchKeys.list(team.key, filter), whole: isWhole(filter) };
  const byKey = (key: string) => rows.find((p) => p.key === key);
  const focusGrid = () => scroller.current?.focus({ preventScroll: true });

  const noRank = (): string | false =>
    may.rank ? !isRanked(filter) && 'Show the backlog order first: places exist only there' : whoMay.rank;
  const noFill = (s: Sprint): string | false => {
    const allowed = s.state === 'planned' ? may.work || may.plan || may.rank : may.plan || may.rank;
    return (
      !allowed &&
      (s.state === 'planned' ? whoMay.work : 'Only Scrum masters and product owners change a running sprint')
    );
  };
  const target =
    sprints.find((s) => s.state === 'planned' && !noFill(s)) ?? sprints.find((s) => !noFill(s)) ?? sprints[0];
  const noSprint = (): string | false => (target ? noFill(target) : 'No sprint is planned');
  /** The selection, or the row by itself when it is not part of it. */
  const withSelection = (patch: Patch): Patch[] => (selection.keys.has(patch.key) ? selection.patches : [patch]);
  const current = (): Patch[] => (selection.patches.length > 0 ? selection.patches : activePatch ? [activePatch] : []);

  const move = async (where: Direction, patches = current()) => {
    const reason = noRank();
    if (reason) return toast({ text: reason });
    const keys = new Set(patches.map((p) => p.key));
    if (where === 'bottom' && backlog.hasNextPage) return void placer.toEnd(shown, patches);
    const anchor = anchorFor(rows, keys, where);
    if (anchor === undefined) return announce('It is there already');
    reveal.current = patches[0]?.key ?? null;
    placer.move(shown, keys, anchor);
  };
  const placeAt = (patch: Patch, position: number, reason: string) => {
    const rest = rows.filter((p) => p.key !== patch.key);
    go(patch.key);
    placer.move(shown, new Set([patch.key]), rest[position - 1]?.key ?? null, reason);
  };
  const intoSprint = () => {
    const reason = noSprint();
    if (reason || !target) return toast({ text: reason || 'No sprint is planned' });
    void planning.add(current(), target.number).then(selection.clear);
  };
  const edit = () => {
    if (!may.work) return toast({ text: whoMay.work });
    if (selection.patches.length > 1) setAsking({ kind: 'estimate', patches: selection.patches });
    else if (activePatch) setEditing(active);
  };
  const assign = () => (may.work ? setAsking({ kind: 'assign', patches: current() }) : toast({ text: whoMay.work }));
  const assignMe = (patches = current()) =>
    may.work && me ? void actions.assign(patches, { id: me.id, name: me.name }) : toast({ text: whoMay.work });
  const changeMany = async (patches: readonly Patch[], body: BulkChange) => {
    const bulk = await import('./finding/useBulk');
    await bulk.changeMany(client, team.key, patches, body);
  };
  const changeSelected = () =>
    may.work ? setAsking({ kind: 'bulk', patches: current() }) : toast({ text: whoMay.work });
  const block = () =>
    !may.work ? toast({ text: whoMay.work }) : activePatch && setAsking({ kind: 'block', patch: activePatch });
  /** What the filter finds, loaded or not, up to the most that is changed at once. */
  const selectMatching = async () => {
    await backlog.loadAll(mostSelected);
    const all = latest.current.rows().slice(0, mostSelected);
    selection.set(all.map((p) => p.key));
  };
  /** What was typed exactly: a key opens its patch, an id of a vulnerability its page. */
  const find = (text: string) => {
    const word = text.trim().toUpperCase();
    if (new RegExp(`^${team.key}-\\d+$`).test(word)) open(word);
    else focusGrid();
  };
  const open = (key: string) => change({ patch: key }, { push: true });
  const closePanel = useCallback(() => change({ patch: undefined }), [change]);

  const entries = (key: string) => {
    const patch = byKey(key);
    if (!patch) return [];
    const all = withSelection(patch);
    return rowEntries({
      patch,
      selected: selection.keys.has(key),
      sprints,
      reasons: { work: !may.work && whoMay.work, rank: noRank(), fill: noFill },
      noRank: !may.rank ? 'product owners' : isRanked(filter) ? '' : 'backlog order only',
      open: () => open(key),
      select: () => selection.toggle(key),
      estimate: () => (all.length > 1 ? setAsking({ kind: 'estimate', patches: all }) : setEditing(key)),
      assign: () => setAsking({ kind: 'assign', patches: all }),
      assignMe: () => assignMe(all),
      move: (where) => void move(where, all),
      placeWithReason: () => setAsking({ kind: 'place', patch, position: rows.indexOf(patch) + 1 }),
      unplace: () => void placer.unplace(shown, patch),
      change: () => setAsking({ kind: 'bulk', patches: all }),
      block: () => setAsking({ kind: 'block', patch }),
      except: () => setAsking({ kind: 'except', patch }),
      drop: () => setAsking({ kind: 'drop', patches: all }),
      add: (s) => void planning.add(all, s.number).then(selection.clear),
      addEmergency: (sprint) => setAsking({ kind: 'emergency', patches: all, sprint }),
      remove: (n) =>
        void planning.remove(
          all.filter((p) => p.sprint === n),
          n,
        ),
    });
  };

  // rows hold on to one object; what its functions do is always the latest
  const now = {
    rows: () => backlog.rows,
    entries,
    open,
    select: (key: string, extend: boolean) => (extend ? selection.extend(key) : selection.toggle(key)),
    estimate: (key: string, points: number | null) => {
      const patch = byKey(key);
      if (patch) void actions.estimate([patch], points);
    },
    carried: (key: string) => {
      const patch = byKey(key);
      return patch ? withSelection(patch) : [];
    },
  };
  const latest = useRef(now);
  latest.current = now;
  const commands = useMemo<RowCommands>(
    () => ({
      activate: (key) => setActive(key),
      select: (key, extend) => latest.current.select(key, extend),
      open: (key) => latest.current.open(key),
      edit: (key) => {
        setEditing(key);
        if (key) setActive(key);
        else scroller.current?.focus({ preventScroll: true });
      },
      estimate: (key, points) => latest.current.estimate(key, points),
      entries: (key) => latest.current.entries(key),
      carried: (key) => latest.current.carried(key),
    }),
    [scroller],
  );

  return {
    team,
    rows,
    shown,
    selection,
    sprints,
    target,
    active,
    activePatch,
    go,
    reveal,
    editing,
    asking,
    commands,
    actions,
    planning,
    placer,
    ask: setAsking,
    closeDialog: () => setAsking(null),
    move,
    placeAt,
    intoSprint,
    edit,
    assign,
    assignMe,
    open,
    closePanel,
    focusGrid,
    noSprint,
    changeMany,
    changeSelected,
    block,
    selectMatching,
    find,
  };
}
