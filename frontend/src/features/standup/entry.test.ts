import { expect, test } from 'vitest';
import type { Standup, StandupEntry } from '../../api/schema';
import { clockText, draftOf, firstDraft, halfStop, hashBefore, isEmpty, matching, rowsOf, sameDraft } from './entry';

const entry = (name: string, over: Partial<StandupEntry> = {}): StandupEntry => ({
  member: { id: name, name },
  date: '2026-10-19',
  yesterday: 'Read the advisories',
  yesterday_items: [],
  changed_at: null,
  today: 'Patch the gateways',
  items: [{ key: 'INF-7', title: 'OpenSSL on gateways', status: 'testing' }],
  written_at: '2026-10-19T07:00:00Z',
  edited: false,
  version: 1,
  ...over,
});

test('a new entry begins with the last plan and what was moved', () => {
  const step = { key: 'INF-7', title: 'OpenSSL', status: 'testing', from: 'ready', to: 'testing' } as const;
  const from = { since: '', plan: 'Patch the gateways', items: [] };
  const made = firstDraft({ ...from, yesterday_items: [{ ...step, ticked: true, planned: true }] });
  expect([made.yesterday, made.done]).toEqual(['Patch the gateways', [{ key: 'INF-7', title: 'OpenSSL' }]]);
  expect(isEmpty(firstDraft(undefined))).toBe(true);
  expect(firstDraft({ ...from, plan: 'x'.repeat(5000), yesterday_items: [] }).yesterday).toHaveLength(4000);
});

test('a # while typing asks for a patch, and nothing else does', () => {
  expect(hashBefore('test #in', 8)).toEqual({ from: 5, word: 'in' });
  expect(hashBefore('#', 1)).toEqual({ from: 0, word: '' });
  expect(hashBefore('test #in now', 8)).toEqual({ from: 5, word: 'in' });
  for (const text of ['C#', 'test', '#in now', 'a#7']) expect(hashBefore(text, text.length)).toBeNull();
  const list = [
    { key: 'INF-7', title: 'OpenSSL' },
    { key: 'INF-17', title: 'curl' },
  ];
  expect(matching(list, '7')).toHaveLength(2);
  expect(matching(list, 'ssl')).toEqual([list[0]]);
});

test('a blocker needs a patch and what is needed', () => {
  const draft = firstDraft(undefined);
  expect(halfStop({ ...draft, stops: [{ key: '', needed: ' ' }] })).toBeUndefined();
  expect(halfStop({ ...draft, stops: [{ key: 'INF-7', needed: ' ' }] })).toEqual({ key: 'INF-7', needed: ' ' });
  expect(clockText(65_900)).toBe('1:05');
});

test('everybody stands in the same order, with an entry or without', () => {
  const standup = {
    entries: [entry('Mia'), entry('Ana')],
    missing: [{ id: '3', name: 'Émile' }],
    off: [{ id: '4', name: 'Nils' }],
  } as unknown as Standup;
  expect(rowsOf(standup).map((r) => [r.person.name, !!r.entry])).toEqual([
    ['Ana', true],
    ['Émile', false],
    ['Mia', true],
    ['Nils', false],
  ]);
});

test('a draft differs from what is saved once a text or a patch does', () => {
  const saved = draftOf(entry('Ana'));
  expect(sameDraft(saved, draftOf(entry('Ana', { version: 2 })))).toBe(true);
  expect(sameDraft(saved, { ...saved, items: [] })).toBe(false);
  expect(sameDraft(saved, { ...saved, today: '' })).toBe(false);
});
