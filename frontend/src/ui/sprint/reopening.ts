import type { ReopenedSprint, Sprint } from '../../api/schema';
import { reopenSprint } from '../../api/sprints';
import { plural } from '../../lib/format';
import { toast } from '../toast';
import { sprintName } from './totals';

/** What became of the items of a reopened sprint: nothing that stays away is kept silent. */
export function reopenedText({ sprint, returned, moved_on, next }: ReopenedSprint): string {
  const back = returned.length > 0 ? `, ${plural(returned.length, 'item')} returned` : '';
  const away = moved_on.map((m) => `${m.key} (${m.where})`).join(', ');
  const kept = next === 'kept' ? '; the sprint planned after it stays, it was changed since' : '';
  return `${sprintName(sprint)} is active again${back}${away && `; moved on meanwhile: ${away}`}${kept}`;
}

/** Takes a close back, and says what came of it. */
export async function takeBack(team: string, sprint: Sprint, reason: string): Promise<void> {
  const out = await reopenSprint(team, sprint.number, { version: sprint.version, reason });
  toast({ text: reopenedText(out) });
}
