import { expect, type Page } from '@playwright/test';
import type { HistoryImport, Patch, PatchList, Sprint } from '../src/api/schema';
import { read, send } from './shared';

/** A past sprint told as events, as the import of history reads it. */
export interface Told {
  name: string;
  time_zone: string;
  start: string;
  close: string;
  planned_end: string;
  working_week?: string[];
  holidays?: string[];
  events: unknown[][];
  risk_at_start: Record<string, number>;
  risk_events: unknown[][];
}

const zone = 'Europe/Berlin';

/** Nobody put anything into it. */
export const emptySprint: Told = {
  name: 'Nothing in it',
  time_zone: zone,
  start: '2026-09-14T10:00',
  close: '2026-09-18T16:00',
  planned_end: '2026-09-18',
  events: [],
  risk_at_start: {},
  risk_events: [],
};

/** Begun in the morning, closed in the afternoon. */
export const oneDay: Told = {
  name: 'Patch Tuesday',
  time_zone: zone,
  start: '2026-09-08T09:00',
  close: '2026-09-08T17:30',
  planned_end: '2026-09-08',
  events: [
    ['2026-09-08T08:30', 'add', 'KB1', 5],
    ['2026-09-08T08:31', 'add', 'KB2', 3],
    ['2026-09-08T11:00', 'complete', 'KB1', null],
    ['2026-09-08T13:00', 'add', 'KB3', 2],
    ['2026-09-08T15:00', 'complete', 'KB3', null],
  ],
  risk_at_start: { KB1: 88, KB2: 40 },
  risk_events: [
    ['2026-09-08T11:00', 'retired', 'KB1'],
    ['2026-09-08T12:30', 'arrived', 'KB3', 71],
    ['2026-09-08T15:00', 'retired', 'KB3'],
  ],
};

/** Planned to end on Friday the 11th, closed on Tuesday the 22nd. */
export const overdue: Told = {
  name: 'Ran over',
  time_zone: zone,
  start: '2026-08-31T10:00',
  close: '2026-09-22T16:00',
  planned_end: '2026-09-11',
  events: [
    ...['A', 'B', 'C', 'D'].map((item, i) => ['2026-08-30T10:00', 'add', item, 5 + i]),
    ['2026-09-02T10:00', 'complete', 'A', null],
    ['2026-09-10T10:00', 'add', 'E', 13],
    ['2026-09-15T10:00', 'complete', 'B', null],
    ['2026-09-17T10:00', 'reopen', 'B', 'failed_verification'],
    ['2026-09-21T10:00', 'complete', 'C', null],
  ],
  risk_at_start: { A: 90, B: 60, C: 55, D: 20 },
  risk_events: [
    ['2026-09-02T10:00', 'retired', 'A'],
    ['2026-09-09T10:00', 'arrived', 'E', 97],
    ['2026-09-15T10:00', 'retired', 'B'],
    ['2026-09-17T10:00', 'returned', 'B'],
    ['2026-09-21T10:00', 'retired', 'C'],
  ],
};

/** Half a year with 1,200 items: every day something is added, estimated anew, finished, and some comes back. */
export function hugeSprint(): Told {
  const events: unknown[][] = [];
  const risk: unknown[][] = [];
  const at = (day: number, minute: number) =>
    new Date(Date.UTC(2026, 0, 5 + day, 8, minute)).toISOString().slice(0, 16);
  const name = (i: number) => `ITEM-${String(i).padStart(4, '0')}`;
  const risk_at_start: Record<string, number> = {};
  for (let i = 0; i < 800; i++) {
    events.push([at(-1, i % 60), 'add', name(i), 1 + (i % 40)]);
    risk_at_start[name(i)] = 5 + (i % 95);
  }
  for (let day = 0; day < 180; day++) {
    for (let k = 0; k < 4; k++) {
      const done = day * 4 + k;
      events.push([at(day, 1 + k), 'complete', name(done), null]);
      risk.push([at(day, 1 + k), 'retired', name(done)]);
    }
    for (let k = 0; k < 2; k++) {
      const added = 800 + day * 2 + k;
      events.push([at(day, 10 + k), 'add', name(added), 8]);
      risk.push([at(day, 10 + k), 'arrived', name(added), 60]);
    }
    if (day % 7 === 3) {
      events.push([at(day, 30), 'reopen', name(day * 4), 'rolled_back']);
      risk.push([at(day, 30), 'returned', name(day * 4)]);
    }
    if (day % 5 === 0) {
      events.push([at(day, 40), 'estimate', name(799 - day / 5), 100]);
      risk.push([at(day, 40), 'rescored', name(799 - day / 5), 99]);
    }
  }
  return {
    name: 'The year that would not end',
    time_zone: zone,
    start: '2026-01-05T08:00',
    close: '2026-07-03T16:00',
    planned_end: '2026-07-03',
    events,
    risk_at_start,
    risk_events: risk,
  };
}

/** Sums of closed sprints in CSV, so that velocity and forecast have what they need. */
export const sums = (completed: readonly number[], scale = 1): string =>
  [
    'sprint,start,end,committed,completed',
    ...completed.map((points, i) => {
      const day = (n: number) => new Date(Date.UTC(2025, 0, 6 + i * 14 + n)).toISOString().slice(0, 10);
      return `Wave ${i + 1},${day(0)},${day(11)},${(points + 3) * scale},${points * scale}`;
    }),
  ].join('\n');

/** Has a team remember closed sprints, as the file of an import. */
export async function remember(page: Page, team: string, file: string): Promise<HistoryImport> {
  const answer = await page.request.post(`/api/v1/teams/${team}/history`, {
    data: Buffer.from(file),
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as HistoryImport;
}

/** Patches of a team, in one go: from a report of one finding each. */
export async function patches(page: Page, team: string, titles: readonly string[], points: number): Promise<Patch[]> {
  for (const title of titles) await send(page, `/teams/${team}/patches`, { title, points });
  return (await read<PatchList>(page, `/teams/${team}/patches?limit=200`)).items;
}

/** Plans a sprint of the given days with these items and starts it. */
export async function begin(
  page: Page,
  team: string,
  dates: { start_date: string; end_date: string },
  keys: readonly string[],
): Promise<Sprint> {
  const { number } = await send<Sprint>(page, `/teams/${team}/sprints`, dates);
  const path = `/teams/${team}/sprints/${number}`;
  if (keys.length > 0) await send(page, `${path}/items`, { keys });
  const { version } = await read<Sprint>(page, path);
  return send<Sprint>(page, `${path}/start`, { version });
}

/** Moves one item to a status. */
export async function moveTo(page: Page, team: string, key: string, status: string): Promise<void> {
  const { version } = await read<Patch>(page, `/teams/${team}/patches/${key}`);
  await send(page, `/teams/${team}/patches/${key}/move`, { status, version });
}
