import type { Feed, NewFeed } from '../../api/schema';
import { isShared, scheduleText } from './words';

/** The fields of the form; `every` is a number of minutes, or "daily". */
export interface FeedValues {
  name: string;
  kind: Feed['kind'];
  source: string;
  team: string;
  scope: Feed['scope'];
  every: string;
  every_minutes: null;
  daily_at: string;
  time_zone: string;
  max_mib: number;
  max_minutes: number;
  since: string;
  enabled: boolean;
}

export const valuesOf = (feed: Feed | null): FeedValues => ({
  name: feed?.name ?? '',
  kind: feed?.kind ?? 'url',
  source: feed?.source ?? '',
  team: feed?.team ?? '',
  scope: feed?.scope ?? 'partial',
  every: feed?.daily_at ? 'daily' : String(feed?.every_minutes ?? 1440),
  every_minutes: null,
  daily_at: feed?.daily_at ?? '06:30',
  time_zone: feed?.time_zone ?? 'UTC',
  max_mib: feed?.max_mib ?? 512,
  max_minutes: feed?.max_minutes ?? 60,
  since: feed?.since?.slice(0, 10) ?? '',
  enabled: feed?.enabled ?? true,
});

const usual = [15, 60, 120, 360, 720, 1440, 10080];

/** The usual intervals, the feed's own among them, and a time of day. */
export function everyOptions(feed: Feed | null): [string, string][] {
  const minutes = feed?.every_minutes ? [...new Set([...usual, feed.every_minutes])].toSorted((a, b) => a - b) : usual;
  const every = minutes.map((n): [string, string] => [
    String(n),
    scheduleText({ every_minutes: n, daily_at: null, time_zone: 'UTC' }),
  ]);
  return [...every, ['daily', 'at a time of day']];
}

/** What the server is told. */
export function bodyOf(v: FeedValues): NewFeed {
  const daily = v.every === 'daily';
  return {
    name: v.name.trim(),
    kind: v.kind,
    source: v.source.trim(),
    team: isShared(v.kind) || !v.team ? null : v.team,
    scope: v.scope,
    enabled: v.enabled,
    every_minutes: daily ? null : Number(v.every),
    daily_at: daily ? v.daily_at : null,
    time_zone: v.time_zone.trim(),
    max_mib: v.max_mib,
    max_minutes: v.max_minutes,
    since: v.kind === 'csaf' && v.since ? `${v.since}T00:00:00Z` : null,
  };
}
