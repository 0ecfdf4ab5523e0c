import { expect, test } from 'vitest';
import { keyFrom } from './rules';

test('a team key is suggested from its name and is always a valid one or empty', () => {
  expect(keyFrom('Infrastructure')).toBe('INF');
  expect(keyFrom('Platform Security Team')).toBe('PST');
  expect(keyFrom('Überwachung')).toBe('UBE');
  expect(keyFrom('24/7 On Call')).toBe('OC');
  expect(keyFrom('日本')).toBe('');
});
