import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type PatchPages, patchKeys, rowsOf } from '../../api/patches';
import type { Patch } from '../../api/schema';
import { connectToaster, undoLast } from '../../ui/toast';
import { Placer } from './placing';

/** Requests as "METHOD key {body}", each answered when the test says so. */
interface Asked {
  text: string;
  answer: (status: number, body: unknown) => void;
}
let asked: Asked[] = [];
let told: string[] = [];
let client: QueryClient;
let placer: Placer;

const team = 'INF';
const shown = { queryKey: patchKeys.list(team, {}), whole: true };
const patch = (key: string, more: Partial<Patch> = {}) => ({ key, version: 1, placement: null, ...more }) as Patch;
const keys = () =>
  rowsOf(client.getQueryData<PatchPages>(shown.queryKey))
    .map((p) => p.key)
    .join('');
const row = (key: string) => rowsOf(client.getQueryData<PatchPages>(shown.queryKey)).find((p) => p.key === key);
const placed = (key: string, version: number) =>
  patch(key, { version, placement: { by: 'Ana', at: '2026-10-19T10:00:00Z', reason: '', drift: 2 } });
const next = async (n: number) => {
  await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(n));
  return asked[n - 1] as Asked;
};

beforeEach(() => {
  asked = [];
  told = [];
  connectToaster((m) => told.push(m.text));
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = request.body ? await request.text() : new URL(request.url, location.href).search;
    const key = new URL(request.url, location.href).pathname.split('/')[6];
    return new Promise((resolve) =>
      asked.push({
        text: `${request.method} ${key} ${body}`,
        answer: (status, data) =>
          resolve(new Response(JSON.stringify(data), { status, headers: { 'Content-Type': 'application/json' } })),
      }),
    );
  });
  client = new QueryClient();
  const page = { items: [...'abcd'].map((k) => patch(k)), next_cursor: null, count: 4, count_capped: false };
  client.setQueryData<PatchPages>(shown.queryKey, { pages: [page], pageParams: [undefined] });
  placer = new Placer({ client, team, me: 'Ana', review: () => {} });
});
afterEach(() => vi.unstubAllGlobals());

describe('placing', () => {
  test('shows the new place at once, pinned, and names the neighbours and the version it saw', async () => {
    placer.move(shown, new Set(['c']), 'b', 'audit');
    expect(keys()).toBe('acbd');
    expect(row('c')?.placement).toMatchObject({ by: 'Ana', reason: 'audit' });
    const request = await next(1);
    expect(request.text).toBe('POST c {"after":"a","before":"b","version":1,"reason":"audit"}');
    request.answer(200, placed('c', 2));
    await vi.waitFor(() => expect(told).toEqual(['c moved from 3 to 2']));
    expect(row('c')?.version).toBe(2);
  });

  test('sends the last of several quick steps, with the version the one before left', async () => {
    placer.move(shown, new Set(['d']), 'c');
    placer.move(shown, new Set(['d']), 'b');
    placer.move(shown, new Set(['d']), 'a');
    expect(keys()).toBe('dabc');
    (await next(1)).answer(200, placed('d', 2));
    const second = await next(2);
    expect(second.text).toBe('POST d {"before":"a","version":2}');
    second.answer(200, placed('d', 3));
    await vi.waitFor(() => expect(told).toEqual(['d moved from 4 to 1']));
    expect(asked).toHaveLength(2);
  });

  test('places several in their order, each below the one before', async () => {
    placer.move(shown, new Set(['b', 'd']), 'a');
    expect(keys()).toBe('bdac');
    (await next(1)).answer(200, placed('b', 2));
    const second = await next(2);
    expect(second.text).toBe('POST d {"after":"b","before":"a","version":1}');
    second.answer(200, placed('d', 2));
    await vi.waitFor(() => expect(told).toEqual(['2 patches moved to 1']));
  });

  test('undoes a first placement by returning the patch to risk order', async () => {
    placer.move(shown, new Set(['c']), 'a');
    (await next(1)).answer(200, placed('c', 2));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    undoLast();
    const inverse = await next(2);
    expect(inverse.text).toBe('DELETE c ?version=2');
    inverse.answer(200, patch('c', { version: 3 }));
    await vi.waitFor(() => expect(keys()).toBe('abcd'));
  });

  test('explains a conflict, drops the moves that wait, and asks for the list again', async () => {
    const invalidated = vi.spyOn(client, 'invalidateQueries');
    placer.move(shown, new Set(['c']), 'a');
    placer.move(shown, new Set(['c']), 'b');
    const current = { item: patch('c', { version: 5 }), changed_by: 'Grace' };
    (await next(1)).answer(409, { type: '', title: 'Conflict', status: 409, detail: '…', request_id: 'r', current });
    await vi.waitFor(() => expect(told).toEqual(['Grace changed c first.']));
    expect(invalidated).toHaveBeenCalledWith({ queryKey: shown.queryKey });
    expect(asked).toHaveLength(1);
  });

  test('names the fresh neighbours when only the place has changed', async () => {
    placer.move(shown, new Set(['c']), 'b');
    const neighbours = { above: patch('a'), below: patch('x') };
    const current = { item: patch('c'), changed_by: 'Ana', neighbours };
    (await next(1)).answer(409, { type: '', title: 'Conflict', status: 409, detail: '…', request_id: 'r', current });
    await vi.waitFor(() => expect(told[0]).toContain('it would stand between a and x'));
  });
});
