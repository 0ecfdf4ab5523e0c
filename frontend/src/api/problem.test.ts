import { expect, test } from 'vitest';
import { fieldErrors, fieldOf, ProblemError, problemOf, problemText, toProblem } from './problem';

const problem = {
  type: 'about:blank',
  title: 'Invalid',
  status: 422,
  detail: 'Two fields are wrong.',
  request_id: 'r1',
};

test('a JSON pointer names a form field, whether or not it starts at the body', () => {
  expect(fieldOf('/name')).toBe('name');
  expect(fieldOf('/scopes/0')).toBe('scopes.0');
  expect(fieldOf('/body/name')).toBe('name');
  expect(fieldOf('/query/limit')).toBe('limit');
  expect(fieldOf('/a~1b/c~0d')).toBe('a/b.c~d');
});

test('several errors of one field become one text', () => {
  const errors = [
    { pointer: '/name', detail: 'Too long.' },
    { pointer: '/name', detail: 'Contains a line break.' },
  ];
  expect(fieldErrors(new ProblemError({ ...problem, errors }))).toEqual({ name: 'Too long. Contains a line break.' });
});

test('an answer that is no problem document still says what to do', () => {
  const answer = new Response('<html>', { status: 503, headers: { 'X-Request-Id': 'r9' } });
  const made = problemOf('<html>', answer);
  expect(made.detail).toContain('try again');
  expect(made.request_id).toBe('r9');
});

test('the text of a problem prefers the wrong fields to the summary', () => {
  const errors = [{ pointer: '/name', detail: 'Give it a name.' }];
  expect(problemText(new ProblemError({ ...problem, errors }))).toBe('Give it a name.');
  expect(problemText(new ProblemError(problem))).toBe('Two fields are wrong.');
});

test('an error of the page itself is a problem too', () => {
  expect(toProblem(new Error('x is undefined')).detail).toContain('x is undefined');
});
