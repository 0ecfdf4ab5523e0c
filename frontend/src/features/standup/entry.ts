import type { Person, Standup, StandupEntry, StandupItem } from '../../api/schema';
import { statusLabel } from '../../lib/domain';

/** The longest text of one field, in characters, as on the server. */
export const textLimit = 4000;
/** The most patches one entry names. */
export const itemLimit = 30;

export type Item = Pick<StandupItem, 'key' | 'title'>;

/** An entry while it is being written. */
export interface Draft {
  yesterday: string;
  today: string;
  items: readonly Item[];
}

export const draftOf = (e: StandupEntry): Draft => ({
  yesterday: e.yesterday,
  today: e.today,
  items: e.items.map(({ key, title }) => ({ key, title })),
});

/** A new entry begins with what was planned the last time, and what has become of it. */
export function firstDraft(last: StandupEntry | undefined): Draft {
  const lines = last ? [last.today.trim(), ...last.items.map(outcome)].filter(Boolean) : [];
  return { yesterday: lines.join('\n').slice(0, textLimit), today: '', items: [] };
}

const outcome = (item: StandupItem) => `${item.key} ${item.title}: ${statusLabel[item.status].toLowerCase()}`;

export const sameDraft = (a: Draft, b: Draft): boolean =>
  a.yesterday === b.yesterday &&
  a.today === b.today &&
  a.items.map((i) => i.key).join() === b.items.map((i) => i.key).join();

export const isEmpty = (d: Draft): boolean => !d.yesterday.trim() && !d.today.trim() && d.items.length === 0;

export interface Row {
  person: Person;
  entry: StandupEntry | null;
}

/** Everybody in the same order every day, whether they have written or not. */
export function rowsOf(standup: Standup): Row[] {
  const rows: Row[] = [
    ...standup.entries.map((entry) => ({ person: entry.member, entry })),
    ...standup.missing.map((person) => ({ person, entry: null })),
  ];
  return rows.sort((a, b) => a.person.name.localeCompare(b.person.name, 'en') || (a.person.id < b.person.id ? -1 : 1));
}

/** "#7", "7" and "inf-7" all mean INF-7; null when it is no key. */
export function keyOf(text: string, team: string): string | null {
  const found = /^#?(?:([a-z][a-z0-9]*)-)?0*([1-9]\d{0,8})$/i.exec(text.trim());
  return found ? `${(found[1] ?? team).toUpperCase()}-${found[2]}` : null;
}

/** The age of a blocker in working days, as a word. */
export const ageText = (days: number): string => (days === 0 ? 'new' : `${days} d`);
