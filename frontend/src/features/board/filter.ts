import type { Card } from '../../api/schema';
import type { UrlState } from '../../app/url';
import { dayOf } from '../../lib/format';

/** What the address says about which cards are shown. */
export interface CardFilter {
  q: string;
  /** A user id, `me` or `none`. */
  assignee: string | undefined;
  label: string | undefined;
  band: string | undefined;
  blocked: boolean;
  /** Due on the sprint's last day or before. */
  due: boolean;
}

/** What a filter compares with. */
export interface Around {
  me: string | undefined;
  zone: string;
  /** The sprint's last day. */
  end: string;
}

export const filterOf = (url: UrlState): CardFilter => ({
  q: url.q ?? '',
  assignee: url.assignee || undefined,
  label: url.label || undefined,
  band: url.band || undefined,
  blocked: url.blocked === '1',
  due: url.due === '1',
});

/** How many conditions beside text and assignee are in force. */
export const moreCount = (f: CardFilter): number => [f.label, f.band, f.blocked, f.due].filter(Boolean).length;

/** The address without any filter. */
export const noFilter: UrlState = {
  q: undefined,
  assignee: undefined,
  label: undefined,
  band: undefined,
  blocked: undefined,
  due: undefined,
};

/** The cards of a column that a filter leaves, in their order. */
export function shownCards(cards: readonly Card[], f: CardFilter, around: Around): Card[] {
  const words = f.q.toLowerCase().split(/\s+/).filter(Boolean);
  return cards.filter((c) => {
    const text = `${c.key} ${c.title}`.toLowerCase();
    return (
      words.every((w) => text.includes(w)) &&
      isAssigned(c, f.assignee, around.me) &&
      (!f.label || c.labels.includes(f.label)) &&
      (!f.band || c.band === f.band) &&
      (!f.blocked || !!c.blocked_since) &&
      (!f.due || isDue(c, around))
    );
  });
}

function isAssigned(c: Card, assignee: string | undefined, me: string | undefined): boolean {
  if (!assignee) return true;
  if (assignee === 'none') return !c.assignee;
  const id = assignee === 'me' ? me : assignee;
  return c.assignee?.id === id || !!c.co_assignees?.some((p) => p.id === id);
}

const isDue = (c: Card, around: Around) =>
  c.due_at !== null && c.status !== 'verified' && dayOf(c.due_at, around.zone) <= around.end;
