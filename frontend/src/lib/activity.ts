import type { Activity } from '../api/schema';
import { reasonText } from './reasons';

type Detail = Activity['detail'];
const str = (v: unknown) => (typeof v === 'string' || typeof v === 'number' ? String(v) : '');
const word = (v: unknown) => str(v).replaceAll('_', ' ');

const sentences: Record<string, (d: Detail) => string> = {
  'patch.created': () => 'created it',
  'patch.moved': (d) =>
    `moved it${d.from ? ` from ${word(d.from)}` : ''}${d.to || d.status ? ` to ${word(d.to ?? d.status)}` : ''}`,
  'patch.placed': (d) => `placed it${d.below ? ` below ${str(d.below)}` : ' at the top'}`,
  'patch.unplaced': () => 'returned it to risk order',
  'patch.dropped': (d) => `dropped it${d.reason ? `: ${reasonText(str(d.reason))}` : ''}`,
  'patch.restored': () => 'brought it back',
  'patch.reopened': () => 'reopened it',
  'patch.superseded': (d) => `closed it as superseded${d.by ? ` by ${str(d.by)}` : ''}`,
  'patch.estimated': (d) =>
    `estimated it${'to' in d ? `: ${d.to === null ? 'no estimate' : `${str(d.to)} points`}` : ''}`,
};

/** An audit event as the rest of a sentence that begins with a name. */
export function activityText(a: Activity): string {
  const known = sentences[a.action];
  const text = known ? known(a.detail) : generic(a);
  const why = str(a.detail.reason);
  return why && a.action !== 'patch.dropped' ? `${text} — “${why}”` : text;
}

/** An action nobody wrote a sentence for: its own words, and what it changed. */
function generic(a: Activity): string {
  const verb = a.action.split('.').at(-1)?.replaceAll('_', ' ') ?? a.action;
  const object = a.action.split('.')[0]?.replaceAll('_', ' ') ?? '';
  const fields = Object.entries(a.detail)
    .filter(([name, v]) => str(v) !== '' && !['key', 'reason', 'version', 'id'].includes(name))
    .slice(0, 4)
    .map(([name, v]) => `${name.replaceAll('_', ' ')} ${word(v)}`);
  const head = object === 'patch' ? `${verb} it` : `${verb} (${object})`;
  return fields.length ? `${head}: ${fields.join(', ')}` : head;
}
