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
  'asset.created': () => 'added it',
  'asset.changed': () => 'changed it',
  'asset.returned': () => 'took it back into use',
  'asset.merged': (d) => `merged ${names(d.assets)}`,
  'asset.merge_undone': (d) => `took ${names(d.assets)} apart again`,
  'blocker.reported': (d) => `reported that it is blocked: ${str(d.needed)}`,
  'blocker.changed': () => 'changed what blocks it',
  'blocker.resolved': () => 'resolved what blocked it',
  'blocker.escalated': () => 'escalated what blocks it: its day has come',
  'blocker.reopened': () => 'reported that it is blocked again',
  'patch.need_added': (d) =>
    d.needs ? `said that it needs ${str(d.needs)} first` : `said that ${str(d.needed_by)} needs it first`,
  'patch.need_removed': (d) =>
    d.needs ? `said that it no longer needs ${str(d.needs)}` : `said that ${str(d.needed_by)} no longer needs it`,
  'patch.sprint_added': (d) => `put it into sprint ${str(d.sprint)}`,
  'patch.sprint_removed': (d) => `took it out of sprint ${str(d.sprint)}`,
  'patch.sprint_carried': (d) => `closed sprint ${str(d.sprint)} with it unfinished`,
  'comment.added': (d) => `commented${mentioned(d)}`,
  'comment.edited': (d) => `edited a comment${mentioned(d)}`,
  'comment.deleted': (d) => (d.author ? `deleted a comment of ${str(d.author)}` : 'deleted a comment'),
  'attachment.added': (d) => `attached ${str(d.name)}`,
  'attachment.deleted': (d) => `deleted the file ${str(d.name)}`,
  'score.changed': rescored,
  'exception.requested': (d) => `asked for an exception: ${reasonText(str(d.kind))}`,
  'exception.edited': () => 'changed the exception asked for',
  'exception.approved': (d) => `approved the exception: ${reasonText(str(d.kind))}`,
  'exception.rejected': (d) => `rejected the exception${d.note ? ` (${str(d.note)})` : ''}`,
  'exception.withdrawn': () => 'withdrew the request for an exception',
  'exception.ended': (d) => `ended the exception${d.note ? ` (${str(d.note)})` : ''}`,
  'exception.expired': () => 'the exception expired',
  'exception.closed': () => 'ended the exception, because the patch is done',
  'exception.reminder': () => 'reminded that the exception expires soon',
  'exception.kev_listed': () => 'flagged the exception: a vulnerability was added to KEV',
  'exception.reviewed': () => 'reviewed the exception after a KEV listing, and it stands',
  'task.added': (d) => `added the task “${str(d.title)}”`,
  'task.done': (d) => `finished the task “${str(d.title)}”`,
  'task.reopened': (d) => `took up the task “${str(d.title)}” again`,
  'task.changed': (d) => `changed the task “${str(d.title)}”`,
  'task.deleted': (d) => `deleted the task “${str(d.title)}”`,
  'task.template_applied': (d) => `added the tasks of the template “${str(d.template)}”: ${names(d.titles)}`,
  'patch.unsplit': (d) =>
    d.into
      ? `took the split back: ${str(d.into)} has it again`
      : `took the split back: ${names(d.parts)} joined it again`,
  'patch.split': (d) => (d.from ? `split it off ${str(d.from)}` : `split it: ${names(d.into)} took a part`),
  'patch.superseded': (d) => `closed it as superseded${d.by ? ` by ${str(d.by)}` : ''}`,
};

const mentioned = (d: Detail) =>
  Array.isArray(d.mentioned) ? ` and mentioned ${d.mentioned.map(str).join(', ')}` : '';

const day = (v: unknown) => (typeof v === 'string' ? v.slice(0, 10) : 'none');

/** A new score: of risk, a listing, a due date. */
function rescored(d: Detail): string {
  const parts: string[] = [];
  if (d.kev) parts.push('it is now listed as exploited');
  if (isRecord(d.risk) && d.risk.from !== d.risk.to) parts.push(`risk ${str(d.risk.from)} → ${str(d.risk.to)}`);
  if (isRecord(d.due)) parts.push(`due date ${day(d.due.from)} → ${day(d.due.to)}`);
  return `rescored it: ${parts.join(', ')}`;
}

const names = (v: unknown) => (Array.isArray(v) ? v.map(str).join(', ') : '');

/** Actions whose sentence contains the reason already. */
const reasoned = new Set(['patch.dropped', 'patch.reopened']);

/** An audit event as the rest of a sentence that begins with a name. */
export function activityText(a: Activity, nameOf: NameOf = () => undefined): string {
  const text = sentences[a.action]?.(a.detail, nameOf) ?? generic(a);
  const why = str(a.detail.reason);
  return why && !reasoned.has(a.action) ? `${text} — “${why}”` : text;
}

/** One edit may change several things; each is told, with what was and what is where that is short. */
function changed(d: Detail, nameOf: NameOf): string {
  const parts: string[] = [];
  if (isRecord(d.points))
    parts.push(typeof d.points.to === 'number' ? `estimated it at ${d.points.to}` : 'took its estimate away');
  if ('assignee' in d) {
    const to = isRecord(d.assignee) ? d.assignee.to : d.assignee;
    parts.push(to ? `assigned it to ${nameOf(str(to)) ?? 'somebody'}` : 'unassigned it');
  }
  if (isRecord(d.co_assignees)) parts.push(helped(d.co_assignees, nameOf));
  if (isRecord(d.title)) parts.push(`renamed it from “${str(d.title.from)}” to “${str(d.title.to)}”`);
  if (isRecord(d.labels)) parts.push(labelled(d.labels));
  if (isRecord(d.reboot)) parts.push(`set reboot from ${str(d.reboot.from)} to ${str(d.reboot.to)}`);
  if (isRecord(d.downtime)) parts.push(`set downtime from ${minutes(d.downtime.from)} to ${minutes(d.downtime.to)}`);
  const fields = ['title', 'description', 'labels', 'links'].filter((name) => name in d);
  const rest = fields.filter((name) => name === 'description' || name === 'links' || !isRecord(d[name]));
  if (rest.length > 0) parts.push(`changed ${rest.join(', ')}`);
  return parts.join(' and ') || 'changed it';
}

const minutes = (v: unknown) => (typeof v === 'number' ? `${v} min` : 'unknown');

function labelled({ from, to }: Record<string, unknown>): string {
  const list = (v: unknown) => (Array.isArray(v) ? v.map(str) : []);
  const added = list(to).filter((l) => !list(from).includes(l));
  const taken = list(from).filter((l) => !list(to).includes(l));
  const parts = [
    added.length > 0 && `labelled it ${added.join(', ')}`,
    taken.length > 0 && `took the label ${taken.join(', ')} away`,
  ];
  return parts.filter(Boolean).join(' and ') || 'sorted its labels';
}

function helped({ from, to }: Record<string, unknown>, nameOf: NameOf): string {
  const list = (v: unknown) => (Array.isArray(v) ? v.map(str) : []);
  const of = (ids: string[]) => ids.map((id) => nameOf(id) ?? 'somebody').join(', ');
  const added = list(to).filter((id) => !list(from).includes(id));
  const left = list(from).filter((id) => !list(to).includes(id));
  const parts = [
    added.length > 0 && `asked ${of(added)} to work on it too`,
    left.length > 0 && `took ${of(left)} off it`,
  ];
  return parts.filter(Boolean).join(' and ');
}

/** The long texts of an edit, to be shown on demand. */
export interface Difference {
  field: string;
  from: string;
  to: string;
}

export function differences(a: Activity): Difference[] {
  if (a.action !== 'patch.changed') return [];
  return ['description', 'links'].flatMap((field) => {
    const d = a.detail[field];
    if (!isRecord(d)) return [];
    const text = (v: unknown) => (Array.isArray(v) ? v.map(str).join('\n') : str(v));
    return [{ field, from: text(d.from), to: text(d.to) }];
  });
}

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);

/** An action nobody wrote a sentence for: its own words. */
function generic(a: Activity): string {
  const [object = '', verb = a.action] = a.action.split('.');
  return object === 'patch' ? `${word(verb)} it` : `${word(verb)} (${word(object)})`;
}
