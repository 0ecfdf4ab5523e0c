import { expect, it } from 'vitest';
import { parsePoints } from './points';

it.each([
  ['3', 3],
  [' 0.5 ', 0.5],
  ['0,5', 0.5],
  ['13.0', 13],
  ['0', 0],
  ['1000', 1000],
  ['', null],
  ['–', null],
  ['1000.5', undefined],
  ['0.25', undefined],
  ['-1', undefined],
  ['1e2', undefined],
  ['three', undefined],
])('reads "%s" as %s points', (text, want) => {
  expect(parsePoints(text)).toBe(want);
});
