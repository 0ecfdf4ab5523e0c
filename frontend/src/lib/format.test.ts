import { expect, test } from 'vitest';
import { ago, bytesText, dayOf, daysBetween, initials } from './format';

test('an instant falls on the calendar day of the team, not of the browser', () => {
  expect(dayOf('2026-10-19T22:30:00Z', 'Europe/Berlin')).toBe('2026-10-20');
  expect(dayOf('2026-10-19T22:30:00Z', 'America/New_York')).toBe('2026-10-19');
});

test('days are counted by the calendar, also over a change of the clocks', () => {
  expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  expect(daysBetween('2026-10-26', '2026-10-24')).toBe(-2);
});

test('sizes and ages read well at their edges', () => {
  expect(bytesText(999)).toBe('999 B');
  expect(bytesText(999_999)).toBe('1 MB');
  expect(ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:30Z'))).toBe('just now');
  expect(ago('2026-01-01T00:00:00Z', Date.parse('2026-01-03T01:00:00Z'))).toBe('2 days ago');
});

test('initials survive one name, many names and other scripts', () => {
  expect(initials('Bram de Vries')).toBe('BV');
  expect(initials('Madonna')).toBe('M');
  expect(initials('  ')).toBe('');
  expect(initials('李 小龙')).toBe('李小');
});
