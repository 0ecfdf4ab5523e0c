import { expect, it } from 'vitest';
import { makeIntent } from './intent';

it('keeps its key while the same is sent again, and changes it with the content', () => {
  const intent = makeIntent();
  const first = intent({ title: 'curl' });
  expect(first.length).toBeGreaterThanOrEqual(8);
  expect(intent({ title: 'curl' })).toBe(first);
  expect(intent({ title: 'curl 8' })).not.toBe(first);
  expect(makeIntent()({ title: 'curl' })).not.toBe(first);
});
