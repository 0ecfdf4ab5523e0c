import { Columns3, Filter, Layers } from 'lucide-react';
import { type KeyboardEvent, lazy, type RefObject, Suspense } from 'react';
import type { UrlState } from '../../app/url';
import { Button, IconButton } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { SearchInput } from '../../ui/SearchInput';
import type { Asking } from './BacklogDialogs';
import { cleared, conditionsOf } from './filter';
import type { Shown } from './useView';

const Chips = lazy(() => import('./finding/Chips').then((m) => ({ default: m.Chips })));

interface Props {
  team: string;
  url: UrlState;
  change: (patch: UrlState) => void;
  search: RefObject<HTMLInputElement | null>;
  view: Shown;
  ask: (question: Asking) => void;
  /** Enter in the search: to what was named exactly. */
  onFind: (text: string) => void;
}

const toggles = [
  ['kev', 'true', 'KEV', 'Known to be exploited'],
  ['overdue', 'true', 'Overdue', 'Past their due date'],
  ['estimated', 'false', 'Unestimated', 'Without points'],
  ['sprint', 'none', 'Not in a sprint', 'In no planned or active sprint'],
] as const;
const toggled = (name: string, value: string) => toggles.some(([n, v]) => n === name && v === value);

const orderOptions = [
  ['', 'Backlog order'],
  ['risk', 'Highest risk'],
  ['due', 'Earliest due'],
  ['created', 'Newest'],
  ['updated', 'Last changed'],
  ['key', 'Key'],
] as const;

/** Narrows the backlog; everything chosen here is in the address. */
export function FilterBar({ team, url, change, search, view, ask, onFind }: Props) {
  const now = conditionsOf(url);
  const conditions = Object.entries(now);
  const more = conditions.some(([n, v]) => !toggled(n, v));
  const enter = (e: KeyboardEvent<HTMLInputElement>) => e.key === 'Enter' && onFind(e.currentTarget.value);
  return (
    <search className="filter-bar" aria-label="Filter patches">
      <SearchInput
        ref={search}
        label="Filter patches"
        value={url.q ?? ''}
        onSearch={(q) => change({ q })}
        onKeyDown={enter}
      />
      <Button small title="V" onClick={() => ask({ kind: 'views' })}>
        <Layers size={14} aria-hidden />
        {view.current ? `${view.current.name}${view.changed ? ' (changed)' : ''}` : 'Views'}
      </Button>
      <Button small title="F" onClick={() => ask({ kind: 'filter' })}>
        <Filter size={14} aria-hidden />
        Filter
      </Button>
      {toggles.map(([name, value, label, title]) => (
        <button
          key={label}
          type="button"
          className="filter-chip"
          title={title}
          aria-pressed={now[name] === value}
          onClick={() => change({ [name]: now[name] === value ? undefined : value })}
        >
          {label}
        </button>
      ))}
      <Select
        aria-label="Order"
        options={orderOptions}
        value={url.order ?? ''}
        onChange={(e) => change({ order: e.target.value })}
      />
      <IconButton label="Columns and export" onClick={() => ask({ kind: 'columns' })}>
        <Columns3 size={15} />
      </IconButton>
      {more && (
        <Suspense>
          <Chips
            team={team}
            conditions={conditions.filter(([n, v]) => !toggled(n, v))}
            onEdit={(edit) => ask({ kind: 'filter', edit })}
            onRemove={(name) => change({ [name]: undefined })}
          />
        </Suspense>
      )}
      {(conditions.length > 0 || url.q || url.order) && (
        <Button small variant="ghost" onClick={() => change(cleared)}>
          Clear filters
        </Button>
      )}
    </search>
  );
}
