import type { Weekday } from '../api/schema';

/** On which days a team works. Days are calendar days (`2026-10-19`) of the team's time zone. */
export interface Calendar {
  working_week: readonly Weekday[];
  holidays: readonly string[];
}

/** Where the team's own calendar is not at hand: an age in days may then be off by a holiday. */
export const usualWeek: Calendar = { working_week: ['mon', 'tue', 'wed', 'thu', 'fri'], holidays: [] };

const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayLength = 86_400_000;
/** No search and no count goes further: a calendar may consist of holidays. */
const furthest = 3660;

const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`);

export const addDays = (day: string, n: number): string =>
  new Date(midnight(day) + n * dayLength).toISOString().slice(0, 10);

/** The text as a calendar day of this or the last century; undefined when there is no such day. */
export function parseDay(text: string | undefined): string | undefined {
  if (!text || !/^(19|20)\d\d-\d\d-\d\d$/.test(text) || Number.isNaN(midnight(text))) return undefined;
  return addDays(text, 0) === text ? text : undefined; // February 30 would become March 2
}

export function isWorking(day: string, calendar: Calendar): boolean {
  const weekday = weekdays[new Date(midnight(day)).getUTCDay()];
  return !!weekday && calendar.working_week.includes(weekday) && !calendar.holidays.includes(day);
}

/** The nearest working day after (or with -1 before) a day; the neighbouring day when the team never works. */
export function stepWorking(day: string, calendar: Calendar, step: 1 | -1): string {
  for (let n = 1; n <= furthest; n++) {
    const other = addDays(day, n * step);
    if (isWorking(other, calendar)) return other;
  }
  return addDays(day, step);
}

/** How many working days have begun after `from`, up to and including `to`; 0 when `to` is not later. */
export function workingDays(from: string, to: string, calendar: Calendar = usualWeek): number {
  const span = Math.min((midnight(to) - midnight(from)) / dayLength, furthest);
  let count = 0;
  for (let n = 1; n <= span; n++) if (isWorking(addDays(from, n), calendar)) count += 1;
  return count;
}
