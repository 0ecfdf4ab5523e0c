import type { Problem } from './schema';

export type { Problem };

/** A request that did not succeed; `problem` always has a cause and, where known, what to do. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'title' in body && 'status' in body && 'detail' in body;

const advice: Record<number, string> = {
  401: 'Your session has ended. Sign in again.',
  403: 'You may not do this. Ask a Scrum master or an administrator of the team.',
  404: 'It does not exist, or you may not see it.',
  413: 'The request is too large for this server.',
  429: 'Too many requests. Wait a moment and try again.',
  503: 'The server is busy. Wait a moment and try again.',
};

/** What an answer that is no success means; a proxy in between may answer with HTML. */
export function problemOf(body: unknown, response: Response): Problem {
  if (isProblem(body)) return body;
  return {
    type: 'about:blank',
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    detail: advice[response.status] ?? `The server answered with status ${response.status}. Try again in a moment.`,
    request_id: response.headers.get('X-Request-Id') ?? '',
  };
}

/** The request never got an answer. */
export function networkProblem(): Problem {
  return {
    type: 'about:blank#network',
    title: 'No connection',
    status: 0,
    detail: 'The server did not answer. Check the connection and try again.',
    request_id: '',
  };
}

/** Any thrown value as a problem, for error pages and toasts. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    type: 'about:blank#page',
    title: 'The page failed',
    status: 0,
    detail: `${error instanceof Error ? error.message : String(error)}. Load the page again; if it stays, report it.`,
    request_id: '',
  };
}

/** One sentence for people: the wrong fields when there are some, else the detail. */
export function problemText(error: unknown): string {
  const problem = toProblem(error);
  if (problem.errors?.length) return problem.errors.map((e) => e.detail).join(' ');
  return problem.detail || problem.title;
}

export const isConflict = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && error.status === 409;

/** A JSON pointer as the dotted path of a form field: `/scopes/0` becomes `scopes.0`. */
export const fieldOf = (pointer: string): string =>
  pointer
    .replace(/^\/(body|query|path|header)(?=\/)/, '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');

/** Field errors of a problem by field; several of one field become one text. */
export function fieldErrors(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { pointer, detail } of toProblem(error).errors ?? []) {
    const field = fieldOf(pointer);
    found[field] = found[field] ? `${found[field]} ${detail}` : detail;
  }
  return found;
}
