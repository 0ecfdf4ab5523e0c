import type { CloseChecklist, CloseChoice, CloseSprint, Drop } from '../../api/schema';

export interface Decision {
  choice: CloseChoice;
  drop_reason?: Drop['reason'];
}

/** The request that closes a sprint, or null while an unfinished item has no decision. */
export function closeBody(
  list: CloseChecklist,
  decisions: Readonly<Record<string, Decision>>,
  goal: '' | 'yes' | 'no',
): CloseSprint | null {
  const chosen = list.unfinished.flatMap(({ key }) => (decisions[key] ? [{ key, ...decisions[key] }] : []));
  if (chosen.length < list.unfinished.length) return null;
  return { version: list.sprint.version, decisions: chosen, ...(goal && { goal_met: goal === 'yes' }) };
}
