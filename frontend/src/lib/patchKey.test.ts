import { expect, test } from 'vitest';
import { keyOf } from './patchKey';

test('a key is understood however it is typed', () => {
  for (const text of ['INF-7', 'inf-7', '#7', ' 7 ', '#inf-007']) expect(keyOf(text, 'INF')).toBe('INF-7');
  for (const text of ['', 'gateway', 'INF-', '-7', 'INF-0', 'INF-7 OpenSSL', '12345678901'])
    expect(keyOf(text, 'INF')).toBeNull();
});
