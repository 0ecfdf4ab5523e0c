import type { PatchFilter } from '../../api/patches';
import type { PatchOrder, Status } from '../../api/schema';
import type { UrlState } from '../../app/url';

/** The names under which the backlog keeps its filter in the address. */
export const filterNames = [
  'q',
  'kev',
  'overdue',
  'placed',
  'unestimated',
  'free',
  'status',
  'min',
  'assignee',
  'label',
  'order',
] as const;

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

/** What the address asks for; words it cannot mean are left out, since addresses are typed and shared. */
export function filterOf(url: UrlState): PatchFilter {
  const status = (url.status ?? '').split(',').filter((s): s is Status => statuses.includes(s as Status));
  const min = Number(url.min);
  const order = orders.find((o) => o === url.order);
  return {
    ...(url.q?.trim() && { q: url.q.trim().slice(0, 200) }),
    ...(url.kev === '1' && { kev: true }),
    ...(url.overdue === '1' && { overdue: true }),
    ...(url.placed === '1' && { placed: true }),
    ...(url.unestimated === '1' && { estimated: false }),
    ...(url.free === '1' && { sprint: 'none' }),
    ...(status.length > 0 && { status }),
    ...(min > 0 && min <= 100 && { min_risk: min }),
    ...(url.assignee && { assignee: url.assignee }),
    ...(url.label && { label: url.label }),
    ...(order && order !== 'rank' && { order }),
  };
}

/** Every patch in backlog order: only then does a position equal the rank. */
export const isWhole = (f: PatchFilter): boolean => Object.keys(f).length === 0;

/** In backlog order, perhaps not every patch: places can be changed. */
export const isRanked = (f: PatchFilter): boolean => f.order === undefined || f.order === 'rank';

export const cleared: UrlState = Object.fromEntries(filterNames.map((n) => [n, undefined]));
