import type { Activity } from '../api/schema';
import { reasonText } from './reasons';

type Detail = Activity['detail'];
/** The name of a person by id, where it is known. */
type NameOf = (id: string) => string | undefined;

const str = (v: unknown) => (typeof v === 'string' || typeof v === 'number' ? String(v) : '');
const word = (v: unknown) => str(v).replaceAll('_', ' ');

const sentences: Record<string, (d: Detail, nameOf: NameOf) => string> = {
  'patch.created': () => 'created it',
  'patch.changed': changed,
  'patch.moved': (d) => `moved it${d.from ? ` from ${word(d.from)}` : ''}${d.to ? ` to ${word(d.to)}` : ''}`,
  'patch.placed': (d) => `placed it${d.below ? ` below ${str(d.below)}` : ' at the top'}`,
  'patch.unplaced': () => 'returned it to risk order',
  'patch.dropped': (d) => `dropped it: ${reasonText(str(d.reason))}`,
  'patch.restored': () => 'brought it back',
  'patch.reopened': (d) => `reopened it: ${reasonText(str(d.reason))}`,
  'blocker.reported': (d) => `reported that it is blocked: ${str(d.needed)}`,
  'blocker.changed': () => 'changed what blocks it',
  'blocker.resolved': () => 'resolved what blocked it',
  'blocker.reopened': () => 'reported that it is blocked again',
  'patch.superseded': (d) => `closed it as superseded${d.by ? ` by ${str(d.by)}` : ''}`,
};

/** Actions whose sentence contains the reason already. */
const reasoned = new Set(['patch.dropped', 'patch.reopened']);

/** An audit event as the rest of a sentence that begins with a name. */
export function activityText(a: Activity, nameOf: NameOf = () => undefined): string {
  const text = sentences[a.action]?.(a.detail, nameOf) ?? generic(a);
  const why = str(a.detail.reason);
  return why && !reasoned.has(a.action) ? `${text} — “${why}”` : text;
}

/** One edit may change several things; each is told. */
function changed(d: Detail, nameOf: NameOf): string {
  const parts: string[] = [];
  if (isRecord(d.points))
    parts.push(typeof d.points.to === 'number' ? `estimated it at ${d.points.to}` : 'took its estimate away');
  if ('assignee' in d)
    parts.push(d.assignee ? `assigned it to ${nameOf(str(d.assignee)) ?? 'somebody'}` : 'unassigned it');
  const fields = ['title', 'description', 'labels'].filter((name) => name in d);
  if (fields.length > 0) parts.push(`changed ${fields.join(', ')}`);
  return parts.join(' and ') || 'changed it';
}

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null;

/** An action nobody wrote a sentence for: its own words. */
function generic(a: Activity): string {
  const [object = '', verb = a.action] = a.action.split('.');
  return object === 'patch' ? `${word(verb)} it` : `${word(verb)} (${word(object)})`;
}
