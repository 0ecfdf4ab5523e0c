import { expect, test, vi } from 'vitest';
import type { OnTime } from '../../api/schema';
import { gatherer } from './onTime';

const answer = (keys: string[]) => Promise.resolve(keys.map((item) => ({ item, p_on_time: 0.5 }) as OnTime));

test('rows that come into sight together ask once, each team for itself', async () => {
  const send = vi.fn((_team: string, keys: string[]) => answer(keys.filter((k) => k !== 'A-3')));
  const ask = gatherer(send, 1);
  const got = await Promise.all([ask('A', 'A-1'), ask('A', 'A-2'), ask('A', 'A-1'), ask('B', 'B-1'), ask('A', 'A-3')]);
  expect(send.mock.calls).toEqual([
    ['A', ['A-1', 'A-2', 'A-3']],
    ['B', ['B-1']],
  ]);
  expect(got.map((i) => i?.item)).toEqual(['A-1', 'A-2', 'A-1', 'B-1', undefined]);
});

test('a question has at most a hundred keys', async () => {
  const send = vi.fn((_team: string, keys: string[]) => answer(keys));
  const ask = gatherer(send, 1);
  await Promise.all(Array.from({ length: 130 }, (_, i) => ask('A', `A-${i}`)));
  expect(send.mock.calls.map(([, keys]) => keys.length)).toEqual([100, 30]);
});
