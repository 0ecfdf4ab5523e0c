import type { Board, Card, Status } from '../../api/schema';
import type { Pos } from '../../lib/moves';
import { findInLanes, type Lane } from './lanes';

/** A place on the board: a column, beside a card of it or at its end. */
export interface Target {
  status: Status;
  before?: string | undefined;
  after?: string | undefined;
  /** The lane it is put into; a person's lane makes it theirs. */
  lane?: string | undefined;
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

/** Which card gets the focus; empty cells are skipped, up and down goes on in the next lane. */
export function focusAfter(lanes: readonly Lane[], key: string, step: Step): string | null {
  const at = findInLanes(lanes, key);
  if (!at) return null;
  const by = step === 'left' || step === 'up' ? -1 : 1;
  const cell = (lane: number, col: number) => lanes[lane]?.columns[col]?.cards ?? [];
  if (step === 'up' || step === 'down') {
    const near = cell(at.lane, at.col)[at.row + by];
    if (near) return near.key;
    for (let lane = at.lane + by; lane >= 0 && lane < lanes.length; lane += by) {
      const next = cell(lane, at.col).at(by > 0 ? 0 : -1);
      if (next) return next.key;
    }
    return null;
  }
  const width = lanes[at.lane]?.columns.length ?? 0;
  for (let col = at.col + by; col >= 0 && col < width; col += by) {
    const cards = cell(at.lane, col);
    if (cards.length > 0) return cards[Math.min(at.row, cards.length - 1)]?.key ?? null;
  }
  return null;
}

/** Where a card goes by one step; null at the border. Out of one person's lane it goes into the next person's. */
export function targetAfter(lanes: readonly Lane[], key: string, step: Step): Target | null {
  const at = findInLanes(lanes, key);
  const lane = at && lanes[at.lane];
  const column = at && lane?.columns[at.col];
  if (!at || !lane || !column) return null;
  if (step === 'left' || step === 'right') {
    const next = lane.columns[at.col + (step === 'left' ? -1 : 1)];
    return next ? { status: next.status, ...cellSlot(next.cards, at.row) } : null;
  }
  const past = column.cards[at.row + (step === 'up' ? -1 : 1)];
  if (past)
    return step === 'up' ? { status: column.status, before: past.key } : { status: column.status, after: past.key };
  const other = lanes[at.lane + (step === 'up' ? -1 : 1)];
  if (lane.kind !== 'assignee' || other?.kind !== 'assignee') return null;
  return {
    status: column.status,
    ...cellSlot(other.columns[at.col]?.cards ?? [], step === 'down' ? 0 : -1),
    lane: other.id,
  };
}

/** The place at a row of a cell, or at its end. */
function cellSlot(cards: readonly Card[], row: number): { before?: string; after?: string } {
  const beside = row < 0 ? undefined : cards[row];
  if (beside) return { before: beside.key };
  const last = cards.at(-1);
  return last ? { after: last.key } : {};
}

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
