import { expect, test } from 'vitest';
import type { Correction, SprintSummary, SummaryLine } from '../../api/schema';
import { choicesFor, countedItems } from './corrections';

const line = (key: string) => ({ key, title: `Title of ${key}` }) as SummaryLine;
const correction = (key: string, what: Correction['what'], counts = true) => ({ key, what, counts }) as Correction;
const summary = (items: Correction[]) =>
  ({
    completed_items: [line('A-1')],
    carried: [line('A-2'), line('')],
    corrections: { items, figures: null },
  }) as unknown as SprintSummary;

test('every item that the sprint held at its close can be corrected', () => {
  expect(countedItems(summary([])).map((i) => [i.key, i.done])).toEqual([
    ['A-1', true],
    ['A-2', false],
  ]);
});

test('what was corrected is corrected back, unless it no longer counts', () => {
  const after = countedItems(summary([correction('A-2', 'completed'), correction('A-1', 'not_completed', false)]));
  expect(after.map((i) => i.done)).toEqual([true, true]);
  expect(choicesFor(after[1])).toEqual(['points', 'not_completed']);
});
