import { describe, expect, it } from 'vitest';
import type { BulkResult } from '../../../api/schema';
import { outcomeText } from './useBulk';

const result = (...outcomes: BulkResult['items'][number]['outcome'][]): BulkResult => ({
  done: outcomes.filter((o) => o === 'done').length,
  undo: null,
  items: outcomes.map((outcome, i) => ({
    key: `INF-${i + 1}`,
    outcome,
    reason: 'Ana changed this first.',
    version: 1,
  })),
});

describe('what became of many', () => {
  it.each([
    [result('done', 'done'), '2 patches changed'],
    [result('unchanged'), 'Nothing to change'],
    [result('done', 'unchanged'), '1 patch changed. 1 patch were so already'],
    [result('done', 'conflict'), '1 patch changed. 1 patch not: INF-2: Ana changed this first'],
    [result('refused', 'missing'), '0 patches changed. 2 patches not: INF-1: Ana changed this first. …'],
  ])('is told in one sentence', (r, text) => {
    expect(outcomeText(r, 'changed')).toBe(text);
  });
});
