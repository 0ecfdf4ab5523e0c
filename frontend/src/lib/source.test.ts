import { expect, it } from 'vitest';
import { sourceName } from './source';

it('calls sources as the import page does, and others what they call themselves', () => {
  expect(sourceName('generic-csv')).toBe('Findings (CSV)');
  expect(sourceName('trivy')).toBe('Trivy');
  expect(sourceName('cyclonedx: syft')).toBe('cyclonedx: syft');
  expect(sourceName('constructor')).toBe('constructor');
});
