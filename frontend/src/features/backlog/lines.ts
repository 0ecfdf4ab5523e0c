import type { Forecast, Patch, Sprint } from '../../api/schema';
import { dayText, plural } from '../../lib/format';
import { endOfDay } from '../../lib/zone';

/** A line across the backlog, below the first `index` rows. */
export interface Line {
  index: number;
  kind: 'cut' | 'due';
  text: string;
  /** Where the number comes from. */
  help?: string;
}

type Row = Pick<Patch, 'points' | 'sprint' | 'due_at'>;

/**
 * Where the points of the coming sprint run out: what 85 % and what half of the sprints achieve.
 * What the active sprint holds already is being done by that one and is not counted.
 */
export function cutLines(
  rows: readonly Row[],
  forecast: Pick<Forecast, 'enough' | 'p50_points' | 'p85_points'> | undefined,
  active: number | null,
  complete: boolean,
): Line[] {
  if (!forecast?.enough) return [];
  const cuts = [
    { points: forecast.p85_points, part: 85, text: 'likely in the next sprint (P85)' },
    { points: forecast.p50_points, part: 50, text: 'even odds for the next sprint (P50)' },
  ];
  const lines = cuts.flatMap(({ points, part, text }): Line[] => {
    if (typeof points !== 'number') return [];
    const index = lastFitting(rows, points, active);
    return index === 0 || index === rows.length
      ? []
      : [
          {
            index,
            kind: 'cut',
            text: `${plural(points, 'point')}: ${text}`,
            help: `By the last sprints, ${part} % of those to come complete at least as much`,
          },
        ];
  });
  const [first, second] = lines;
  if (first && second && first.index === second.index) return [{ ...first, text: `${first.text}; P50 alike` }];
  return complete ? lines : lines.filter((l) => l.index < rows.length);
}

/** How many rows from the top fit into the points. */
function lastFitting(rows: readonly Row[], points: number, active: number | null): number {
  let sum = 0;
  for (const [i, row] of rows.entries()) {
    if (active !== null && row.sprint === active) continue;
    sum += row.points ?? 0;
    if (sum > points) return i;
  }
  return rows.length;
}

/** Below the last patch that is due before the sprint ends; says how many above are not in it. */
export function dueLine(
  rows: readonly Row[],
  sprint: Pick<Sprint, 'number' | 'end_date'> | undefined,
  zone: string,
  complete: boolean,
): Line[] {
  if (!sprint) return [];
  const end = endOfDay(sprint.end_date, zone);
  let last = -1;
  let missing = 0;
  for (const [i, row] of rows.entries()) {
    if (!row.due_at || Date.parse(row.due_at) >= end) continue;
    last = i;
    if (row.sprint !== sprint.number) missing += 1;
  }
  // with more windows to come, a line at the very end would only move on while scrolling
  if (last < 0 || missing === 0 || (!complete && last === rows.length - 1)) return [];
  const text = `Due before Sprint ${sprint.number} ends (${dayText(sprint.end_date)}): ${missing} above ${missing === 1 ? 'is' : 'are'} not in it`;
  return [{ index: last + 1, kind: 'due', text }];
}
