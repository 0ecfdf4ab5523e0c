import { expect, it } from 'vitest';
import type { CloseChecklist } from '../../api/schema';
import { closeBody } from './closing';

const list = {
  sprint: { version: 7 },
  completed: 5,
  next_sprint: null,
  unfinished: [{ key: 'A-1' }, { key: 'A-2' }],
} as unknown as CloseChecklist;

it('waits until every unfinished item has a decision', () => {
  expect(closeBody(list, { 'A-1': { choice: 'backlog_top' } }, '')).toBeNull();
});

it('sends one decision an item, and nothing about items that are gone meanwhile', () => {
  const decisions = {
    'A-1': { choice: 'next_sprint' },
    'A-2': { choice: 'drop', drop_reason: 'duplicate' },
    'A-9': { choice: 'drop' },
  } as const;
  expect(closeBody(list, decisions, 'no')).toEqual({
    version: 7,
    goal_met: false,
    decisions: [
      { key: 'A-1', choice: 'next_sprint' },
      { key: 'A-2', choice: 'drop', drop_reason: 'duplicate' },
    ],
  });
});

it('closes a sprint that has finished everything without asking', () => {
  expect(closeBody({ ...list, unfinished: [] }, {}, '')).toEqual({ version: 7, decisions: [] });
});
