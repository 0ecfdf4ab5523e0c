import { expect, test } from 'vitest';
import type { Standup, StandupEntry } from '../../api/schema';
import { draftOf, firstDraft, isEmpty, keyOf, rowsOf, sameDraft } from './entry';

const entry = (name: string, over: Partial<StandupEntry> = {}): StandupEntry => ({
  member: { id: name, name },
  date: '2026-10-19',
  yesterday: 'Read the advisories',
  today: 'Patch the gateways',
  items: [{ key: 'INF-7', title: 'OpenSSL on gateways', status: 'testing' }],
  written_at: '2026-10-19T07:00:00Z',
  edited: false,
  version: 1,
  ...over,
});

test('a new entry begins with the last plan and what became of it', () => {
  expect(firstDraft(entry('Ana')).yesterday).toBe('Patch the gateways\nINF-7 OpenSSL on gateways: testing');
  expect(isEmpty(firstDraft(undefined))).toBe(true);
  expect(firstDraft(entry('Ana', { today: 'x'.repeat(5000) })).yesterday).toHaveLength(4000);
});

test('everybody stands in the same order, with an entry or without', () => {
  const standup = { entries: [entry('Mia'), entry('Ana')], missing: [{ id: '3', name: 'Émile' }] } as Standup;
  expect(rowsOf(standup).map((r) => [r.person.name, !!r.entry])).toEqual([
    ['Ana', true],
    ['Émile', false],
    ['Mia', true],
  ]);
});

test('a key is understood however it is typed', () => {
  for (const text of ['INF-7', 'inf-7', '#7', ' 7 ', '#inf-007']) expect(keyOf(text, 'INF')).toBe('INF-7');
  for (const text of ['', 'gateway', 'INF-', '-7', 'INF-0', 'INF-7 OpenSSL', '12345678901'])
    expect(keyOf(text, 'INF')).toBeNull();
});

test('a draft differs from what is saved once a text or a patch does', () => {
  const saved = draftOf(entry('Ana'));
  expect(sameDraft(saved, draftOf(entry('Ana', { version: 2 })))).toBe(true);
  expect(sameDraft(saved, { ...saved, items: [] })).toBe(false);
  expect(sameDraft(saved, { ...saved, today: '' })).toBe(false);
});
