import { statusLabel } from '../../../lib/domain';

/** What the conditions are called, in the order in which they are offered. */
export const label: Record<string, string> = {
  status: 'Status',
  kind: 'Kind',
  assignee: 'Assignee',
  sprint: 'Sprint',
  label: 'With any of these labels',
  all_labels: 'With all of these labels',
  no_labels: 'With none of these labels',
  asset: 'On assets',
  group: 'Asset group',
  ecosystem: 'Ecosystem',
  exception: 'Exception',
  kev: 'Known exploited',
  overdue: 'Overdue',
  due: 'Has a due date',
  placed: 'Placed by hand',
  estimated: 'Estimated',
  regulated: 'On regulated assets',
};

const range: Record<string, string> = {
  risk: 'Risk',
  epss: 'EPSS',
  cvss: 'CVSS',
  points: 'Points',
  assets: 'Affected assets',
  coverage: 'Coverage',
};

const yes: Record<string, [string, string]> = {
  kev: ['Known exploited', 'Not known exploited'],
  overdue: ['Overdue', 'Not overdue'],
  due: ['With a due date', 'Without a due date'],
  placed: ['Placed by hand', 'Not placed by hand'],
  estimated: ['Estimated', 'Unestimated'],
  regulated: ['On regulated assets', 'Not on regulated assets'],
};

const days: Record<string, (v: string) => string> = {
  due_from: (v) => `Due from ${v}`,
  due_to: (v) => `Due by ${v}`,
  due_within: (v) => (v === '0' ? 'Due by the end of today' : `Due within ${v} days`),
  created_since: (v) => `New since ${v}`,
  created_within: (v) => ago('New', v),
  updated_since: (v) => `Changed since ${v}`,
  updated_within: (v) => ago('Changed', v),
};
const ago = (what: string, v: string) =>
  v === '0' ? `${what} today` : v === '1' ? `${what} since yesterday` : `${what} in the last ${v} days`;

/** The names behind ids. */
export type Names = (list: string, value: string) => string;

const listed: Record<string, string> = {
  label: 'Label',
  all_labels: 'All labels',
  no_labels: 'Not labelled',
  asset: 'On',
};

/** A condition in words: "Risk at least 60", "Assignee: me or Ana". */
export function inWords(name: string, value: string, names: Names): string {
  if (yes[name]) return yes[name][value === 'true' ? 0 : 1];
  if (days[name]) return days[name](value);
  const [end, of] = [name.slice(0, 4), range[name.slice(4)]];
  if (of) return `${of} ${end === 'min_' ? 'at least' : 'at most'} ${value}${name.endsWith('coverage') ? ' %' : ''}`;
  const words = value.split(',').map((v) => names(name, v));
  return `${listed[name] ?? label[name] ?? name}: ${words.join(name === 'all_labels' ? ' and ' : ' or ')}`;
}

/** What is asked of the exceptions of a patch, or of some of its assets. */
export const exceptions = [
  ['in_force', 'In force'],
  ['requested', 'Requested'],
  ['none', 'None'],
] as const;

/** Words that stand for themselves or for something that is no row. */
export function plainName(list: string, value: string): string | undefined {
  if (list === 'status') return statusLabel[value as keyof typeof statusLabel];
  if (list === 'exception') return exceptions.find(([v]) => v === value)?.[1].toLowerCase();
  if (value === 'none') return list === 'sprint' ? 'none' : 'nobody';
  if (list === 'sprint') return value === 'active' ? 'the active one' : `Sprint ${value}`;
  if (list === 'assignee' && value === 'me') return 'me';
  if (list === 'assignee' || list === 'asset' || list === 'group') return undefined;
  return value;
}
