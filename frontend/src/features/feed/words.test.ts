import { expect, test } from 'vitest';
import type { FeedRun } from '../../api/schema';
import { outcomeText, progressText, scheduleText, tookText } from './words';

const run = (more: Partial<FeedRun>): FeedRun => ({
  id: '1',
  state: 'done',
  who: '',
  started_at: '2026-03-01T10:00:00Z',
  finished_at: null,
  phase: '',
  status: null,
  bytes: 0,
  files: 0,
  applied: 0,
  summary: [],
  error: '',
  ...more,
});

test('a schedule reads as people say it', () => {
  const every = (n: number) => scheduleText({ every_minutes: n, daily_at: null, time_zone: 'UTC' });
  expect([5, 60, 120, 90, 1440, 2880].map(every)).toEqual([
    'every 5 minutes',
    'every hour',
    'every 2 hours',
    'every 90 minutes',
    'once a day',
    'every 2 days',
  ]);
  const daily = { every_minutes: null, daily_at: '06:30', time_zone: 'America/New_York' };
  expect(scheduleText(daily)).toBe('daily at 06:30 (America/New York)');
});

test('a run tells how far it is, how long it took, and what came of it', () => {
  expect(progressText(run({ phase: 'fetching', bytes: 1_200_000 }))).toBe('Fetching · 1.2 MB');
  expect(progressText(run({ phase: 'applying', files: 1, applied: 1404 }))).toBe('Applying · 1 file · 1,404 records');
  expect(tookText(run({ finished_at: '2026-03-01T10:00:00.400Z' }))).toBe('0.4 s');
  expect(tookText(run({ finished_at: '2026-03-01T10:05:00Z' }))).toBe('5 min');
  expect(tookText(run({}))).toBe('');
  expect(outcomeText(run({ state: 'unchanged' }))).toBe('The source has nothing new.');
  expect(outcomeText(run({ error: 'No.', summary: ['x'] }))).toBe('No.');
});
