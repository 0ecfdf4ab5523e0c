import type { CorrectionKind, SprintSummary } from '../../api/schema';

/** An item of a closed sprint as it counts, with what was corrected so far. */
export interface Counted {
  key: string;
  title: string;
  done: boolean;
}

/** What can be corrected: every item the sprint held at its close. */
export function countedItems(s: SprintSummary): Counted[] {
  const items = new Map<string, Counted>();
  for (const [lines, done] of [
    [s.completed_items, true],
    [s.carried, false],
  ] as const)
    for (const l of lines) if (l.key) items.set(l.key, { key: l.key, title: l.title, done });
  for (const c of s.corrections.items) {
    const item = items.get(c.key);
    if (item && c.counts && c.what !== 'points') item.done = c.what === 'completed';
  }
  return [...items.values()];
}

export const correctionText: Record<CorrectionKind, string> = {
  points: 'Wrong estimate',
  completed: 'Was completed in the sprint',
  not_completed: 'Was not completed',
};

/** What may be wrong about an item. */
export const choicesFor = (item: Counted | undefined): CorrectionKind[] =>
  item?.done ? ['points', 'not_completed'] : ['completed', 'points'];
