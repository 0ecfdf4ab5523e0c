import { expect, test } from 'vitest';
import { clockText, groupName, nextPhase } from './phases';
import { randomUUID } from './ticket';

test('the timer counts whole seconds down and stops at nothing', () => {
  expect(clockText(245_000)).toBe('4:05');
  expect(clockText(244_001)).toBe('4:05');
  expect(clockText(400)).toBe('0:01');
  expect(clockText(-5000)).toBe('0:00');
});

test('phases follow each other to the close', () => {
  expect(nextPhase('facts')).toBe('collect');
  expect(nextPhase('closed')).toBeUndefined();
});

test('a group without a name is called as its first card', () => {
  const card = { id: 'c', column: 0, text: 'Late scans', hidden: false, mine: false, author: '', group_id: 'g' };
  expect(groupName({ cards: [card] }, { id: 'g', name: '' })).toBe('Late scans');
  expect(groupName({ cards: [card] }, { id: 'g', name: 'Scans' })).toBe('Scans');
  expect(groupName({ cards: [{ ...card, text: 'x'.repeat(99) }] }, { id: 'g', name: '' })).toHaveLength(60);
});

test('ids of cards are random ones, and hold no moment', () => {
  expect(randomUUID()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(randomUUID()).not.toBe(randomUUID());
});
