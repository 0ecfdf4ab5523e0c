import { expect, test } from 'vitest';
import { addDays, type Calendar, isWorking, parseDay, stepWorking, workingDays } from './workdays';

const berlin: Calendar = { working_week: ['mon', 'tue', 'wed', 'thu', 'fri'], holidays: ['2026-12-25'] };
const cairo: Calendar = { working_week: ['sun', 'mon', 'tue', 'wed', 'thu'], holidays: [] };
const never: Calendar = { working_week: [], holidays: [] };

test('the next stand-up leaves out weekends and holidays of the team', () => {
  expect(stepWorking('2026-12-24', berlin, 1)).toBe('2026-12-28');
  expect(stepWorking('2026-12-28', berlin, -1)).toBe('2026-12-24');
  expect(stepWorking('2026-10-22', cairo, 1)).toBe('2026-10-25');
  expect(isWorking('2026-10-23', cairo)).toBe(false);
});

test('a team that never works still gets another day', () => {
  expect(stepWorking('2026-10-19', never, 1)).toBe('2026-10-20');
  expect(workingDays('2026-10-19', '2026-10-30', never)).toBe(0);
});

test('an age counts the working days that have begun since', () => {
  expect(workingDays('2026-10-23', '2026-10-23', berlin)).toBe(0);
  expect(workingDays('2026-10-23', '2026-10-25', berlin)).toBe(0);
  expect(workingDays('2026-10-23', '2026-10-26', berlin)).toBe(1);
  expect(workingDays('2026-12-24', '2026-12-31', berlin)).toBe(4);
  expect(workingDays('2026-10-26', '2026-10-23', berlin)).toBe(0);
});

test('days go over the change of the clocks and the end of the year', () => {
  expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});

test('only real days of the address are taken', () => {
  expect(parseDay('2028-02-29')).toBe('2028-02-29');
  for (const text of [undefined, '', 'today', '2026-02-30', '2026-13-01', '9999-12-31', '2026-1-1', '2026-10-19T00:00'])
    expect(parseDay(text)).toBeUndefined();
});
