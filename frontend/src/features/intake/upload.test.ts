import { expect, test } from 'vitest';
import { importURL } from './upload';

test('the options of an import stand in its address, an empty asset does not', () => {
  const url = new URL(importURL('INF', 'scan 1.json', { scope: 'partial', asset: ' ', format: '' }), 'http://x');
  expect(url.pathname).toBe('/api/v1/teams/INF/imports');
  expect(Object.fromEntries(url.searchParams)).toEqual({ format: 'auto', scope: 'partial', filename: 'scan 1.json' });
});
