import { expect, test } from 'vitest';
import { safeNext } from './next';

test('after signing in one returns to the page one came from', () => {
  expect(safeNext('/t/INF/board?open=INF-1')).toBe('/t/INF/board?open=INF-1');
  expect(safeNext(undefined)).toBe('/');
});

test('a link cannot send people to another site after they signed in', () => {
  for (const bad of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '\t//evil.example',
  ]) {
    expect(safeNext(bad)).toBe('/');
  }
});
