import { expect, it } from 'vitest';
import { slotFor } from './slots';

const list = [{ key: 'a' }, { key: 'b' }, { key: 'c' }];
const whole = { whole: true };
const part = { whole: false };

it('names both neighbours in the whole backlog', () => {
  expect(slotFor(list, 'b', true, whole)).toEqual({ after: 'a', before: 'c' });
  expect(slotFor(list, 'a', true, whole)).toEqual({ before: 'b' });
  expect(slotFor(list, 'c', false, whole)).toEqual({ after: 'b' });
});

it('names one neighbour in a filtered list: the one it was moved to', () => {
  expect(slotFor(list, 'b', true, part)).toEqual({ before: 'c' });
  expect(slotFor(list, 'b', false, part)).toEqual({ after: 'a' });
  expect(slotFor(list, 'c', true, part)).toEqual({ after: 'b' });
});

it('has nothing to say about a list of one', () => {
  expect(slotFor([{ key: 'a' }], 'a', true, whole)).toEqual({});
});
