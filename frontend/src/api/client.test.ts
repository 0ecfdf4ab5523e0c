import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, call, clientId, refreshSession, setRefreshHandler } from './client';
import { ProblemError } from './problem';

type Route = (request: Request) => Response | Promise<Response>;

let seen: string[] = [];
let routes: Record<string, Route> = {};

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const unauthorized = () =>
  json(401, { type: '', title: 'Signed out', status: 401, detail: 'Sign in.', request_id: 'r' });
const me = { user: { id: 'u' }, teams: [] };

beforeEach(() => {
  seen = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(new URL(typeof input === 'string' ? input : input.url, location.href), {
      method: (input as Request).method ?? init?.method,
      headers: (input as Request).headers ?? init?.headers,
    });
    const name = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
    seen.push(name);
    if (typeof input !== 'string' && input.body) await input.text(); // a body can be read once
    return routes[name]?.(request) ?? json(500, {});
  });
});
afterEach(() => {
  setRefreshHandler(() => {});
  vi.unstubAllGlobals();
});

test('a request names the tab it comes from', async () => {
  let header: string | null = null;
  routes = {
    'GET /meta': (request) => {
      header = request.headers.get('X-Client-Id');
      return json(200, {});
    },
  };
  await call(api.GET('/meta'));
  expect(header).toBe(clientId);
});

test('an expired session is renewed once and the request sent again, body and all', async () => {
  let renewed = false;
  routes = {
    'POST /teams': () => (renewed ? json(201, { key: 'INF' }) : unauthorized()),
    'POST /session/refresh': () => {
      renewed = true;
      return json(200, me);
    },
  };
  const team = await call(api.POST('/teams', { body: { key: 'INF', name: 'Infrastructure' } }));
  expect(team.key).toBe('INF');
  expect(seen).toEqual(['POST /teams', 'POST /session/refresh', 'POST /teams']);
});

test('requests that expire together renew the session together', async () => {
  let renewed = false;
  routes = {
    'GET /teams': () => (renewed ? json(200, { items: [] }) : unauthorized()),
    'POST /session/refresh': async () => {
      await Promise.resolve();
      renewed = true;
      return json(200, me);
    },
  };
  await Promise.all([call(api.GET('/teams')), call(api.GET('/teams')), call(api.GET('/teams'))]);
  expect(seen.filter((s) => s === 'POST /session/refresh')).toHaveLength(1);
});

test('when the session cannot be renewed the page is told, and the request fails as signed out', async () => {
  const told = vi.fn();
  setRefreshHandler(told);
  routes = { 'GET /teams': unauthorized, 'POST /session/refresh': unauthorized };
  await expect(call(api.GET('/teams'))).rejects.toMatchObject({ status: 401 });
  expect(told).toHaveBeenCalledExactlyOnceWith(null);
  expect(seen).toHaveLength(2);
});

test('a busy server does not sign anybody out', async () => {
  const told = vi.fn();
  setRefreshHandler(told);
  routes = { 'POST /session/refresh': () => json(503, {}) };
  await expect(refreshSession()).rejects.toBeInstanceOf(ProblemError);
  expect(told).not.toHaveBeenCalled();
});

test('a wrong password is an answer, not an expired session', async () => {
  routes = { 'POST /session': unauthorized };
  await expect(call(api.POST('/session', { body: { email: 'a@b', password: 'x' } }))).rejects.toMatchObject({
    status: 401,
  });
  expect(seen).toEqual(['POST /session']);
});

test('a request without an answer is reported as no connection', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(call(api.GET('/meta'))).rejects.toMatchObject({ problem: { title: 'No connection' } });
});
