import createClient from 'openapi-fetch';
import { randomId } from '../lib/id';
import { networkProblem, ProblemError, problemOf } from './problem';
import type { Me, paths } from './schema';

export const apiBase = '/api/v1';

/** Names this tab in `X-Client-Id`; live events that carry it are our own echo. */
export const clientId = randomId();

/** For `Idempotency-Key`: make it once per intent, so that a repeat of the same creation is harmless. */
export const idempotencyKey = randomId;

type Refreshed = (me: Me | null) => void;
let onRefresh: Refreshed = () => {};

/** Told after every refresh: who we are now, or null when the session is over. */
export function setRefreshHandler(handler: Refreshed): void {
  onRefresh = handler;
}

let refreshing: Promise<boolean> | null = null;

/** Exchanges the refresh cookie, once at a time; false when nobody is signed in any more. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= postRefresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function postRefresh(): Promise<boolean> {
  const answer = await fetch(`${apiBase}/session/refresh`, { method: 'POST', headers: { 'X-Client-Id': clientId } });
  if (answer.ok) {
    onRefresh((await answer.json()) as Me);
    return true;
  }
  // only a clear "no" ends the session: a busy or restarting server must not sign people out
  if (answer.status !== 401 && answer.status !== 403) throw new ProblemError(problemOf(null, answer));
  onRefresh(null);
  return false;
}

/** Requests whose 401 is an answer ("wrong password"), not an expired session. */
const answersItself = (request: Request) => {
  const path = new URL(request.url).pathname;
  return (
    (path === `${apiBase}/session` && request.method === 'POST') ||
    path === `${apiBase}/setup` ||
    path === `${apiBase}/meta` ||
    path.startsWith(`${apiBase}/invites/`)
  );
};

/** fetch with one silent refresh and one retry after a 401. */
export async function sessionFetch(request: Request): Promise<Response> {
  request.headers.set('X-Client-Id', clientId);
  const retry = request.clone(); // a body can be read only once
  const first = await fetch(request);
  if (first.status !== 401 || answersItself(request)) return first;
  return (await refreshSession()) ? fetch(retry) : first;
}

/** Lists in an address are `status=new,ready`: the contract has no other. */
const querySerializer = { array: { style: 'form', explode: false } } as const;

export const api = createClient<paths>({ baseUrl: apiBase, fetch: sessionFetch, querySerializer });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or a ProblemError. `await call(api.GET('/meta'))`. */
export async function call<T>(pending: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await pending;
  } catch (error) {
    if (error instanceof ProblemError || (error instanceof DOMException && error.name === 'AbortError')) throw error;
    throw new ProblemError(networkProblem());
  }
  if (!answer.response.ok) throw new ProblemError(problemOf(answer.error, answer.response));
  return answer.data as T;
}
