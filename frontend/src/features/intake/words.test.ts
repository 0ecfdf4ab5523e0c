import { expect, test } from 'vitest';
import type { Import } from '../../api/schema';
import { problemText, scopeText } from './words';

const job = (change: Partial<Import>) =>
  ({
    file: 'a.json',
    state: 'done',
    scope: 'full',
    findings: { new: 0, unchanged: 0, closed: 0 },
    ...change,
  }) as Import;

test('a refusal says why, without the name that stands above and the list that stands beside it', () => {
  const error = 'a.json: is empty (0 bytes); accepted are files of these kinds: Trivy, Grype';
  expect(problemText(job({ error }))).toBe(
    'Is empty (0 bytes). Nothing that can be imported looks like this; the kinds of file are listed above.',
  );
  expect(problemText(job({ error: 'a.json: cut off at line 3' }))).toBe('Cut off at line 3');
  expect(problemText(job({ error: 'The disk is full.' }))).toBe('The disk is full.');
});

test('the scope is told where the file was, or may be, about findings', () => {
  expect(scopeText(job({}))).toBe('');
  expect(scopeText(job({ state: 'running' }))).toBe('full scope');
  expect(scopeText(job({ scope: 'partial' }))).toBe('partial scope');
  expect(scopeText(job({ findings: { new: 0, unchanged: 3, closed: 0, without_fix: 0 } }))).toBe('full scope');
});
