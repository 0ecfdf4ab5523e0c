import type { Person, Standup, StandupDraft, StandupEntry, StandupItem } from '../../api/schema';

/** The longest text of one field, in characters, as on the server. */
export const textLimit = 4000;
/** The most patches one entry names. */
export const itemLimit = 30;

export type Item = Pick<StandupItem, 'key' | 'title'>;

/** What stops a patch, reported together with the entry. */
export interface Stop {
  key: string;
  needed: string;
}

/** An entry while it is being written. */
export interface Draft {
  yesterday: string;
  done: readonly Item[];
  today: string;
  items: readonly Item[];
  stops: readonly Stop[];
}

export const draftOf = (e: StandupEntry): Draft => ({
  yesterday: e.yesterday,
  done: e.yesterday_items.map(({ key, title }) => ({ key, title })),
  today: e.today,
  items: e.items.map(({ key, title }) => ({ key, title })),
  stops: [],
});

/** A new entry begins with what was planned the last time, and what its writer moved since. */
export const firstDraft = (from: StandupDraft | undefined): Draft => ({
  yesterday: (from?.plan ?? '').slice(0, textLimit),
  done: (from?.yesterday_items ?? []).slice(0, itemLimit).map(({ key, title }) => ({ key, title })),
  today: '',
  items: [],
  stops: [],
});

const keys = (list: readonly Item[]) => list.map((i) => i.key).join();

export const sameDraft = (a: Draft, b: Draft): boolean =>
  a.yesterday === b.yesterday &&
  a.today === b.today &&
  keys(a.items) === keys(b.items) &&
  keys(a.done) === keys(b.done) &&
  JSON.stringify(a.stops) === JSON.stringify(b.stops);

/** What was typed about one blocker and not about the other half of it. */
export const halfStop = (d: Draft): Stop | undefined => d.stops.find((s) => !s.key !== !s.needed.trim());

export const isEmpty = (d: Draft): boolean =>
  !d.yesterday.trim() && !d.today.trim() && d.items.length + d.done.length === 0;

export interface Row {
  person: Person;
  entry: StandupEntry | null;
  /** Has a day off and said nothing. */
  off: boolean;
}

/** Everybody in the same order every day, whether they have written or not. */
export function rowsOf(standup: Standup): Row[] {
  const rows: Row[] = [
    ...standup.entries.map((entry) => ({ person: entry.member, entry, off: false })),
    ...standup.missing.map((person) => ({ person, entry: null, off: false })),
    ...standup.off.map((person) => ({ person, entry: null, off: true })),
  ];
  return rows.sort((a, b) => a.person.name.localeCompare(b.person.name, 'en') || (a.person.id < b.person.id ? -1 : 1));
}

/** The age of a blocker in working days, as a word. */
export const ageText = (days: number): string => (days === 0 ? 'new' : `${days} d`);

/** The key or word after the last `#` before the caret, while one is typed; null otherwise. */
export function hashBefore(text: string, caret: number): { from: number; word: string } | null {
  const found = /(?:^|[\s(,;])#([\p{L}\p{N}-]{0,30})$/u.exec(text.slice(0, caret));
  return found ? { from: caret - (found[1] ?? '').length - 1, word: found[1] ?? '' } : null;
}

/** The patches that a typed word means: by key, by number, or by a part of the title. */
export function matching(list: readonly Item[], word: string): Item[] {
  const part = word.toLowerCase();
  return list.filter((i) => i.key.toLowerCase().includes(part) || i.title.toLowerCase().includes(part)).slice(0, 8);
}

/** Minutes and seconds, "1:05". */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
