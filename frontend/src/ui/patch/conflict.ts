import { type ProblemError, toProblem } from '../../api/problem';
import type { Patch } from '../../api/schema';

/** What a 409 says about a patch: how it is now, who changed it, between whom it stands. */
export interface Conflict {
  item: Patch | null;
  by: string | null;
  after: string | null;
  before: string | null;
}

type Loose = Record<string, unknown>;
const isRecord = (v: unknown): v is Loose => typeof v === 'object' && v !== null && !Array.isArray(v);
const text = (v: unknown): string | null =>
  typeof v === 'string' && v ? v : isRecord(v) ? (text(v.name) ?? text(v.key)) : null;

/** Reads `current` of a conflict; the fields that are missing become null. */
export function conflictOf(error: ProblemError): Conflict {
  const current: Loose = toProblem(error).current ?? {};
  const item = isRecord(current.item) ? current.item : typeof current.key === 'string' ? current : null;
  const neighbours = isRecord(current.neighbours) ? current.neighbours : {};
  return {
    item: item as Patch | null,
    by:
      text(current.by) ??
      text(current.moved_by) ??
      text(current.changed_by) ??
      text(current.actor) ??
      text(current.who),
    after: text(neighbours.after ?? neighbours.above),
    before: text(neighbours.before ?? neighbours.below),
  };
}

/** "Ana moved INF-7 first.", or what stands now at the place that was asked for. */
export function conflictText(key: string, verb: string, c: Conflict): string {
  const kept = `${key} stays where it was.`;
  if (c.after && c.before)
    return `The backlog changed there first: it would stand between ${c.after} and ${c.before}. ${kept}`;
  if (c.before) return `The backlog changed there first: it would stand above ${c.before}. ${kept}`;
  if (c.after) return `The backlog changed there first: it would stand below ${c.after}. ${kept}`;
  return `${c.by ?? 'Somebody else'} ${verb} ${key} first.`;
}
