import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { boardKey } from '../../api/board';
import { isConflict, type Problem, toProblem } from '../../api/problem';
import type { Standup, StandupDraft, StandupEntry } from '../../api/schema';
import { longDay } from '../../lib/format';
import { announce } from '../../ui/LiveRegion';
import { toast } from '../../ui/toast';
import { type Draft, draftOf, firstDraft, halfStop, isEmpty, sameDraft } from './entry';
import { putEntry, standupKeys, standupQuery, withEntry } from './queries';
import { type Items, useItems } from './useItems';

export interface EditorProps {
  team: string;
  me: string;
  day: string;
  entry: StandupEntry | null;
  /** What a new one begins with. */
  prefill: StandupDraft | undefined;
  onDone: () => void;
}

/** What somebody typed and has not saved, while they look at another day. */
const unsaved = new Map<string, { draft: Draft; version: number | undefined }>();
const idOf = (me: string | undefined, team: string, day: string) => `${me} ${team} ${day}`;

export const hasUnsaved = (me: string | undefined, team: string, day: string): boolean =>
  unsaved.has(idOf(me, team, day));

export interface Editor {
  draft: Draft;
  /** It differs from what the server has. */
  dirty: boolean;
  items: Items;
  change(part: Partial<Draft>): void;
  save(): Promise<void>;
  leave(): void;
  busy: boolean;
  /** There was nothing to save. */
  empty: boolean;
  problem: Problem | null;
  /** The version that was saved first elsewhere; `settle` goes on with one of the two. */
  other: StandupEntry | null;
  settle(draft: Draft): void;
}

export function useEditor({ team, me, day, entry, prefill, onDone }: EditorProps): Editor {
  const id = idOf(me, team, day);
  const start = entry ? draftOf(entry) : firstDraft(prefill);
  const [kept] = useState(() => unsaved.get(id));
  const [draft, setDraft] = useState(kept?.draft ?? start);
  const latest = useRef(draft); // a key is looked up while somebody types on
  const version = useRef(kept ? kept.version : entry?.version);
  const [other, setOther] = useState<StandupEntry | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [empty, setEmpty] = useState(false);
  const [busy, setBusy] = useState(false);
  const put = usePut(team, day);

  const change = (part: Partial<Draft>) => {
    latest.current = { ...latest.current, ...part };
    setDraft(latest.current);
    setEmpty(false);
    unsaved.set(id, { draft: latest.current, version: version.current });
  };
  const items = useItems(team, draft.items, (step) => {
    change({ items: step(latest.current.items) });
    return latest.current.items;
  });
  const leave = () => {
    unsaved.delete(id);
    onDone();
  };
  const send = async () => {
    if (!(await items.take())) return; // what stands in the field counts too
    if (isEmpty(latest.current)) return setEmpty(true);
    if (halfStop(latest.current)) return announce('A blocker needs a patch and what is needed.');
    const saved = await put(latest.current, version.current);
    toast({
      text: `Your entry for ${longDay(day)} is saved`,
      ...(entry && { undo: () => put(draftOf(entry), saved.version) }),
    });
    leave();
  };
  const explain = async (error: unknown) => {
    const theirs = isConflict(error) ? await put.look(me) : undefined;
    if (!theirs || theirs.version === version.current) return setProblem(toProblem(error));
    setOther(theirs);
    announce('Your entry was saved elsewhere in the meantime. Both versions are shown.');
  };
  const save = async () => {
    if (busy || other) return;
    setBusy(true);
    setProblem(null);
    await send().catch(explain);
    setBusy(false);
  };
  const settle = (next: Draft) => {
    version.current = other?.version;
    setOther(null);
    change(next);
  };
  const dirty = !sameDraft(draft, start);
  return { draft, dirty, items, change, save, leave, busy, empty, problem, other, settle };
}

/** Saves a version, which then shows at once; `look` reads how one's own entry stands now. */
function usePut(team: string, day: string) {
  const client = useQueryClient();
  const key = standupKeys.day(team, day);
  const put = async (draft: Draft, version: number | undefined) => {
    const { yesterday, today } = draft;
    const items = draft.items.map((i) => i.key);
    const yesterday_items = draft.done.map((i) => i.key);
    const blockers = draft.stops.filter((s) => s.key).map((s) => ({ key: s.key, needed: s.needed.trim() }));
    const body = { yesterday, yesterday_items, today, items, blockers };
    const saved = await putEntry(team, day, { ...body, ...(version && { version }) });
    client.setQueryData<Standup>(key, (old) => withEntry(old, saved));
    void client.invalidateQueries({ queryKey: key });
    if (blockers.length > 0) void client.invalidateQueries({ queryKey: boardKey(team) });
    return saved;
  };
  const look = async (me: string) => {
    const now = await client.fetchQuery({ ...standupQuery(team, day), staleTime: 0 }).catch(() => null);
    return now?.entries.find((e) => e.member.id === me);
  };
  return Object.assign(put, { look });
}
