import type { Patch } from '../../api/schema';

const termsOf = (words: string) =>
  words
    .toLowerCase()
    .split(/[^\p{L}\p{N}\-_.+~:]+/u)
    .filter(Boolean);

/** Whether nothing that the row shows has the words. */
export const hidden = (p: Patch, words: string): boolean => {
  const text = `${p.key} ${p.title} ${p.component} ${p.fixed_version}`.toLowerCase();
  return !termsOf(words).some((t) => text.includes(t));
};

/** A text with what was searched for marked. */
export function Marked({ text, words }: { text: string; words: string }) {
  const terms = termsOf(words).map((t) => t.replace(/[.+]/g, '\\$&'));
  if (terms.length === 0) return text;
  const parts = text.split(new RegExp(`(${terms.join('|')})`, 'gi'));
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text
  return parts.map((part, i) => (i % 2 ? <mark key={i}>{part}</mark> : part));
}
