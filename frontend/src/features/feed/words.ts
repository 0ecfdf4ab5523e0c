import type { Feed, FeedRun } from '../../api/schema';
import { bytesText, plural } from '../../lib/format';

export const kindLabel: Record<Feed['kind'], string> = {
  kev: 'KEV catalogue',
  epss: 'EPSS scores',
  cve: 'CVE records',
  osv: 'OSV records',
  csaf: 'CSAF provider',
  url: 'File at an address',
  folder: 'Watched folder',
};

export const kindHelp: Record<Feed['kind'], string> = {
  kev: 'The catalogue of known exploited vulnerabilities, as JSON or CSV.',
  epss: "A day's probabilities of exploitation, as CSV, plain or .gz.",
  cve: 'A CVE record with Vulnrichment, or an archive of them (.tar.gz, .zip).',
  osv: 'An OSV record, or an archive of them (.zip).',
  csaf: 'The provider-metadata.json of a provider, or its ROLIE feed: the documents that changed since the last run.',
  url: 'Any file of a format that imports know. Reports need a team.',
  folder: 'Files that appear in a folder on the server, each once, also again after they change.',
};

/** Knowledge for every team; such a feed names none. */
export const isShared = (kind: Feed['kind']) => ['kev', 'epss', 'cve', 'osv'].includes(kind);

export const stateLabel: Record<FeedRun['state'], string> = {
  running: 'Running',
  done: 'Done',
  unchanged: 'Nothing new',
  failed: 'Failed',
  cancelled: 'Stopped',
};

/** "every 2 hours", "daily at 06:30". */
export function scheduleText(feed: Pick<Feed, 'every_minutes' | 'daily_at' | 'time_zone'>): string {
  if (feed.daily_at) return `daily at ${feed.daily_at} (${feed.time_zone.replaceAll('_', ' ')})`;
  const minutes = feed.every_minutes ?? 1440;
  if (minutes === 1440) return 'once a day';
  if (minutes % 1440 === 0) return `every ${minutes / 1440} days`;
  if (minutes === 60) return 'every hour';
  if (minutes % 60 === 0) return `every ${minutes / 60} hours`;
  return `every ${minutes} minutes`;
}

const phases: Record<string, string> = {
  fetching: 'Fetching',
  checking: 'Checking',
  applying: 'Applying',
  scoring: 'Scoring patches',
};

/** How far a run is. */
export function progressText(run: FeedRun): string {
  const parts = [phases[run.phase] ?? 'Starting'];
  if (run.bytes > 0) parts.push(bytesText(run.bytes));
  if (run.files > 0) parts.push(plural(run.files, 'file'));
  if (run.applied > 0) parts.push(plural(run.applied, 'record'));
  return parts.join(' · ');
}

/** How long a run took: "0.4 s", "12 s", "3 min". */
export function tookText(run: FeedRun): string {
  if (!run.finished_at) return '';
  const seconds = Math.max(0, (Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** What came of a run, in a line. */
export const outcomeText = (run: FeedRun) =>
  run.error || run.summary[0] || (run.state === 'unchanged' ? 'The source has nothing new.' : '');
