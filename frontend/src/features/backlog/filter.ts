import type { PatchFilter } from '../../api/patches';
import type { PatchOrder, Status } from '../../api/schema';
import type { UrlState } from '../../app/url';

/** The conditions as the address has them; they are called as in the API, so that one can be read with the other. */
export const lists = [
  'status',
  'assignee',
  'sprint',
  'label',
  'all_labels',
  'no_labels',
  'asset',
  'group',
  'ecosystem',
  'kind',
  'exception',
] as const;
export const flags = ['kev', 'overdue', 'due', 'placed', 'estimated', 'regulated'] as const;
export const numbers = {
  min_risk: 100,
  max_risk: 100,
  min_epss: 1,
  max_epss: 1,
  min_cvss: 10,
  max_cvss: 10,
  min_points: 1000,
  max_points: 1000,
  min_assets: 1e8,
  max_assets: 1e8,
  min_coverage: 100,
  max_coverage: 100,
  due_within: 3650,
  created_within: 3650,
  updated_within: 3650,
} as const;
export const days = ['due_from', 'due_to', 'created_since', 'updated_since'] as const;

const known = (name: string) => name in numbers || [...lists, ...flags, ...days].some((n) => n === name);
/** Words of older addresses, which people have in their bookmarks. */
const old: Record<string, (value: string) => UrlState> = {
  min: (v) => ({ min_risk: v }),
  unestimated: () => ({ estimated: 'false' }),
  free: () => ({ sprint: 'none' }),
};

/** Everything that narrows or orders the list, under the names the address uses. */
export const filterNames: readonly string[] = [
  'q',
  'order',
  ...lists,
  ...flags,
  ...Object.keys(numbers),
  ...days,
  ...Object.keys(old),
];

const orders: readonly PatchOrder[] = ['rank', 'risk', 'due', 'created', 'updated', 'key'];
const statuses: readonly Status[] = [
  'new',
  'ready',
  'in_progress',
  'testing',
  'awaiting_approval',
  'scheduled',
  'deployed',
  'verified',
  'dropped',
];
const possible: Partial<Record<string, readonly string[]>> = {
  status: statuses,
  kind: ['patch', 'improvement'],
  exception: ['in_force', 'requested', 'none'],
};

/** The values of a list; words it cannot hold are left out. */
export const valuesOf = (name: string, text = ''): string[] =>
  [...new Set(text.split(',').map((v) => v.trim()))].filter((v) => v && (possible[name]?.includes(v) ?? true));

/** The conditions of an address in the words of today; others are left out, since addresses are typed and shared. */
export function conditionsOf(url: UrlState): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(url)) {
    if (!value) continue;
    for (const [n, v] of Object.entries(old[name]?.(value) ?? { [name]: value })) {
      const text = v && known(n) ? read(n, v) : undefined;
      if (text !== undefined) out[n] = text;
    }
  }
  return out;
}

function read(name: string, value: string): string | undefined {
  if (name in numbers) {
    const n = Number(value);
    return n >= 0 && n <= numbers[name as keyof typeof numbers] ? String(n) : undefined;
  }
  if (flags.some((f) => f === name))
    return value === '1' || value === 'true' ? 'true' : value === 'false' ? value : undefined;
  if (days.some((d) => d === name)) return /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
  return valuesOf(name, value).join(',') || undefined;
}

/** What the address asks the server for. */
export function filterOf(url: UrlState): PatchFilter {
  const out: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(conditionsOf(url))) {
    if (name in numbers) out[name] = Number(text);
    else if (flags.some((f) => f === name)) out[name] = text === 'true';
    else out[name] = lists.some((l) => l === name) ? text.split(',') : text;
  }
  const q = url.q?.trim().slice(0, 200);
  if (q) out.q = q;
  const order = orders.find((o) => o === url.order);
  if (order && order !== 'rank') out.order = order;
  return out;
}

/** The filter and order as a query, which is how views keep them. */
export const queryOf = (url: UrlState): string => {
  const { q, order } = filterOf(url);
  return new URLSearchParams({ ...(q && { q }), ...sorted(conditionsOf(url)), ...(order && { order }) }).toString();
};

const sorted = (c: Record<string, string>) =>
  Object.fromEntries(Object.entries(c).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Every patch in backlog order: only then does a position equal the rank. */
export const isWhole = (f: PatchFilter): boolean => Object.keys(f).length === 0;

/** In backlog order, perhaps not every patch: places can be changed. */
export const isRanked = (f: PatchFilter): boolean => f.order === undefined || f.order === 'rank';

export const cleared: UrlState = Object.fromEntries([...filterNames, 'v'].map((n) => [n, undefined]));
