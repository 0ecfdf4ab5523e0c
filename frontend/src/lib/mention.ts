/** The @ before the caret with what was typed behind it, and the people it may become. */
export interface Mentioning {
  /** Where the @ stands. */
  from: number;
  people: string[];
}

const open = /(?:^|[^\p{L}\p{N}_@])@([\p{L}\p{N}.'’-]*(?: [\p{L}\p{N}.'’-]*){0,3})$/u;

/** What somebody who types a mention may mean; null where none is being typed. */
export function mentionAt(text: string, caret: number, names: readonly string[]): Mentioning | null {
  const before = text.slice(Math.max(0, caret - 100), caret);
  const typed = open.exec(before)?.[1];
  if (typed === undefined) return null;
  const wanted = typed.toLowerCase();
  const fits = (name: string) =>
    name.toLowerCase().startsWith(wanted) ||
    (!wanted.includes(' ') &&
      name
        .toLowerCase()
        .split(' ')
        .some((part) => part.startsWith(wanted)));
  const people = [...new Set(names)]
    .filter(fits)
    .toSorted((a, b) => rank(a, wanted) - rank(b, wanted) || a.localeCompare(b));
  return { from: caret - typed.length - 1, people };
}

/** Who begins with what was typed comes before who has it as a last name. */
const rank = (name: string, wanted: string) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
