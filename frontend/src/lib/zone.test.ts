import { expect, it } from 'vitest';
import { endOfDay } from './zone';

it.each([
  ['2026-10-19', 'UTC', '2026-10-20T00:00:00.000Z'],
  ['2026-10-19', 'Europe/Berlin', '2026-10-19T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-30', 'America/Los_Angeles', '2026-10-31T07:00:00.000Z'],
  ['2026-10-30', 'Asia/Kolkata', '2026-10-30T18:30:00.000Z'],
])('ends %s in %s', (day, zone, want) => {
  expect(new Date(endOfDay(day, zone)).toISOString()).toBe(want);
});
