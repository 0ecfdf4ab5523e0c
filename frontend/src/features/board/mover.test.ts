import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { boardKey } from '../../api/board';
import type { Board, Card, Patch } from '../../api/schema';
import { connectToaster } from '../../ui/toast';
import { Mover } from './mover';

interface Asked {
  body: Record<string, unknown>;
  answer: (status: number, body: unknown) => void;
}
let asked: Asked[] = [];
let told: string[] = [];
let client: QueryClient;
let mover: Mover;

const team = 'INF';
const card = (key: string) => ({ key, points: 2, version: 1, status: 'ready' }) as Card;
const column = (status: string, name: string, keys: string) => ({
  status,
  name,
  points: 2 * keys.length,
  cards: [...keys].map(card),
});
const layout = () =>
  client
    .getQueryData<Board>(boardKey(team))
    ?.columns.map((c) => `${c.cards.map((x) => x.key).join('')}:${c.points}`)
    .join(' ');
const patch = (key: string, version: number, status = 'testing') =>
  ({ key, version, status, points: 2, sprint: 1 }) as Patch;
const next = async (n: number) => {
  await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(n));
  return asked[n - 1] as Asked;
};
const problem = (status: number, detail: string, current?: unknown) => ({
  type: '',
  title: 'No',
  status,
  detail,
  request_id: 'r',
  current,
});

beforeEach(() => {
  asked = [];
  told = [];
  connectToaster((m) => told.push(m.text));
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = JSON.parse(await request.text()) as Record<string, unknown>;
    return new Promise((resolve) =>
      asked.push({
        body,
        answer: (status, data) =>
          resolve(new Response(JSON.stringify(data), { status, headers: { 'Content-Type': 'application/json' } })),
      }),
    );
  });
  client = new QueryClient();
  const columns = [
    column('ready', 'To do', 'ab'),
    column('in_progress', 'In progress', ''),
    column('testing', 'Testing', 'c'),
  ];
  client.setQueryData(boardKey(team), { sprint: null, approval_required: false, columns });
  mover = new Mover(client, team, () => {});
});
afterEach(() => vi.unstubAllGlobals());

describe('moving a card', () => {
  test('is on the screen at once, points and all', async () => {
    mover.move('a', { status: 'testing', before: 'c' });
    expect(layout()).toBe('b:2 :0 ac:4');
    const request = await next(1);
    expect(request.body).toEqual({ status: 'testing', before: 'c', version: 1 });
    request.answer(200, patch('a', 2));
    await vi.waitFor(() => expect(told).toEqual(['a moved to Testing, position 1']));
  });

  test('sends quick steps one after the other with the version that is due, and skips those in between', async () => {
    mover.move('a', { status: 'in_progress' });
    mover.move('a', { status: 'testing' });
    mover.move('a', { status: 'testing', before: 'c' });
    (await next(1)).answer(200, patch('a', 2, 'in_progress'));
    const second = await next(2);
    expect(second.body).toEqual({ status: 'testing', before: 'c', version: 2 });
    second.answer(200, patch('a', 3));
    await vi.waitFor(() => expect(told).toEqual(['a moved to Testing, position 1']));
    expect(layout()).toBe('b:2 :0 ac:4');
  });

  test('is taken back with the server’s sentence when it is refused', async () => {
    mover.move('a', { status: 'testing' });
    (await next(1)).answer(422, problem(422, 'This change needs an approval first.'));
    await vi.waitFor(() => expect(told).toEqual(['a was not moved: This change needs an approval first.']));
    expect(layout()).toBe('ab:4 :0 c:2');
  });

  test('names who was first when the board was old', async () => {
    mover.move('a', { status: 'in_progress' });
    (await next(1)).answer(409, problem(409, '…', { item: patch('a', 4), changed_by: 'Grace' }));
    await vi.waitFor(() => expect(told[0]).toContain('Grace moved a first.'));
    expect(layout()).toBe('ab:4 :0 c:2');
  });

  test('to where it stands already asks nobody', () => {
    mover.move('a', { status: 'ready', before: 'b' });
    expect(asked).toHaveLength(0);
  });
});
