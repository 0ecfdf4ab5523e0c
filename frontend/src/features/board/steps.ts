import type { Board, Card, Status } from '../../api/schema';
import { findCard, type Pos } from '../../lib/moves';

/** A place on the board: a column, beside a card of it or at its end. */
export interface Target {
  status: Status;
  before?: string | undefined;
  after?: string | undefined;
}

export type Step = 'up' | 'down' | 'left' | 'right';

const stepKeys: Record<string, Step> = {
  ArrowUp: 'up',
  k: 'up',
  ArrowDown: 'down',
  j: 'down',
  ArrowLeft: 'left',
  h: 'left',
  ArrowRight: 'right',
  l: 'right',
};

interface Press {
  key: string;
  altKey: boolean;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** What a key does on the board: arrows and HJKL move the focus, with Alt (arrows) or Shift (letters) the card. */
export function stepOf(e: Press): { step: Step; card: boolean } | null {
  if (e.ctrlKey || e.metaKey) return null;
  const arrow = e.key.startsWith('Arrow');
  const step = stepKeys[arrow ? e.key : e.key.toLowerCase()];
  if (!step) return null;
  if (arrow) return e.shiftKey ? null : { step, card: e.altKey };
  return e.altKey ? null : { step, card: e.shiftKey };
}

/** The columns as they are shown: filtered, emergencies first. */
export type Shown = { status: Status; cards: Card[] }[];

/** Which card gets the focus; empty columns are skipped sideways. */
export function focusAfter(shown: Shown, key: string, step: Step): string | null {
  const at = find(shown, key);
  if (!at) return null;
  if (step === 'up' || step === 'down') return shown[at.col]?.cards[at.row + (step === 'up' ? -1 : 1)]?.key ?? null;
  const by = step === 'left' ? -1 : 1;
  for (let col = at.col + by; col >= 0 && col < shown.length; col += by) {
    const cards = shown[col]?.cards ?? [];
    if (cards.length > 0) return cards[Math.min(at.row, cards.length - 1)]?.key ?? null;
  }
  return null;
}

/** Where a card goes by one step; null at the border. */
export function targetAfter(shown: Shown, key: string, step: Step): Target | null {
  const at = find(shown, key);
  const column = at && shown[at.col];
  if (!at || !column) return null;
  if (step === 'up' || step === 'down') {
    const past = column.cards[at.row + (step === 'up' ? -1 : 1)];
    if (!past) return null;
    return step === 'up' ? { status: column.status, before: past.key } : { status: column.status, after: past.key };
  }
  const next = shown[at.col + (step === 'left' ? -1 : 1)];
  if (!next) return null;
  const beside = next.cards[at.row];
  return beside ? { status: next.status, before: beside.key } : { status: next.status };
}

const find = (shown: Shown, key: string) => findCard({ columns: shown.map((c) => ({ ...c, points: 0 })) }, key);

/** A target as a position, the card itself left out. */
export function positionOf(board: Board, key: string, target: Target): Pos | null {
  const col = board.columns.findIndex((c) => c.status === target.status);
  const rest = board.columns[col]?.cards.filter((c) => c.key !== key);
  if (!rest) return null;
  const before = rest.findIndex((c) => c.key === target.before);
  if (before >= 0) return { col, row: before };
  const after = rest.findIndex((c) => c.key === target.after);
  return { col, row: after >= 0 ? after + 1 : rest.length };
}

/** The cards of a column that a filter leaves, emergencies first. */
export function shownCards(
  cards: readonly Card[],
  q: string,
  assignee: string | undefined,
  me: string | undefined,
): Card[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = cards.filter((c) => {
    const text = `${c.key} ${c.title}`.toLowerCase();
    return words.every((w) => text.includes(w)) && isAssigned(c, assignee, me);
  });
  return [...kept.filter((c) => c.emergency), ...kept.filter((c) => !c.emergency)];
}

function isAssigned(c: Card, assignee: string | undefined, me: string | undefined): boolean {
  if (!assignee) return true;
  if (assignee === 'none') return !c.assignee;
  return c.assignee?.id === (assignee === 'me' ? me : assignee);
}
