import type { Patch, PatchColumn } from '../../api/schema';
import { num } from '../../lib/format';

/** What the list shows unless somebody chose otherwise. */
export const usual: readonly PatchColumn[] = [
  'rank',
  'key',
  'title',
  'priority',
  'kev',
  'due',
  'assets',
  'points',
  'assignee',
  'status',
];

/** Width and heading of each column; the class is the one its cell has. */
export const columns: Record<PatchColumn, { label: string; width: string; cell?: string }> = {
  rank: { label: 'Rank', width: '52px' },
  key: { label: 'Key', width: '84px' },
  title: { label: 'Title', width: 'minmax(200px, 1fr)' },
  priority: { label: 'Priority', width: '116px', cell: 'risk' },
  kev: { label: 'KEV', width: '44px' },
  due: { label: 'Due', width: '86px' },
  assets: { label: 'Assets', width: '78px' },
  points: { label: 'Pts', width: '52px' },
  assignee: { label: 'Assignee', width: '132px', cell: 'person' },
  status: { label: 'Status', width: '118px' },
  component: { label: 'Component', width: '180px' },
  ecosystem: { label: 'Ecosystem', width: '96px' },
  fixed_version: { label: 'Fixed version', width: '120px' },
  kind: { label: 'Kind', width: '96px' },
  risk: { label: 'Risk', width: '64px', cell: 'base' },
  epss: { label: 'EPSS', width: '68px' },
  cvss: { label: 'CVSS', width: '60px' },
  due_policy: { label: 'Due policy', width: '140px' },
  findings: { label: 'Findings', width: '76px' },
  vulnerabilities: { label: 'Vulnerabilities', width: '100px' },
  sprint: { label: 'Sprint', width: '70px' },
  carried: { label: 'Carried', width: '68px' },
  labels: { label: 'Labels', width: '160px' },
  placed: { label: 'Placed by', width: '110px' },
  created: { label: 'New since', width: '96px' },
  updated: { label: 'Changed', width: '96px' },
  in_time: { label: 'In time', width: '72px' },
};

export const cellOf = (c: PatchColumn): string => columns[c].cell ?? c;

/** A column of plain text. */
export function textOf(p: Patch, c: PatchColumn): string {
  switch (c) {
    case 'labels':
      return p.labels.join(', ');
    case 'ecosystem':
      return /^([a-z0-9-]+):/.exec(p.component)?.[1] ?? '';
    case 'placed':
      return p.placement?.by ?? '';
    case 'created':
      return p.created_at.slice(0, 10);
    case 'updated':
      return p.updated_at.slice(0, 10);
    case 'epss':
      return p.epss === null ? '' : `${num.format(p.epss * 100)} %`;
    default: {
      const value = p[c as keyof Patch];
      return value === null || value === undefined ? '' : typeof value === 'number' ? num.format(value) : String(value);
    }
  }
}

/** The grid's tracks for chosen columns; the usual ones are laid out by the style sheet. */
export const tracks = (chosen: readonly PatchColumn[]) => ({
  '--tracks': `${chosen.map((c) => `var(--w-${c}, ${columns[c].width})`).join(' ')} 32px`,
  '--areas': `"${chosen.map(cellOf).join(' ')} menu"`,
});

/** Widths that somebody set, for both kinds of layout. */
export const widthStyle = (widths: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(widths).map(([c, px]) => [`--w-${c}`, `${px}px`]));
