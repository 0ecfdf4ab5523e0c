import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { groupsQuery } from '../../api/assets';
import { membersQuery } from '../../api/members';
import type { UrlState } from '../../app/url';
import { statusLabel } from '../../lib/domain';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { SearchInput } from '../../ui/SearchInput';
import { cleared, conditionsOf, filterNames } from './filter';

interface Props {
  team: string;
  url: UrlState;
  change: (patch: UrlState) => void;
  search: RefObject<HTMLInputElement | null>;
}

const toggles = [
  ['kev', 'true', 'KEV', 'Known to be exploited'],
  ['overdue', 'true', 'Overdue', 'Past their due date'],
  ['placed', 'true', 'Placed', 'Placed by the product owner'],
  ['estimated', 'false', 'Unestimated', 'Without points'],
  ['sprint', 'none', 'Not in a sprint', 'In no planned or active sprint'],
] as const;

const statusOptions = [['', 'Open'], ...Object.entries(statusLabel)] as const;
const riskOptions = [
  ['', 'Any risk'],
  ['35', 'Medium and above'],
  ['60', 'High and above'],
  ['80', 'Critical'],
] as const;
const orderOptions = [
  ['', 'Backlog order'],
  ['risk', 'Highest risk'],
  ['due', 'Earliest due'],
  ['created', 'Newest'],
  ['updated', 'Last changed'],
  ['key', 'Key'],
] as const;

/** Narrows the backlog; everything chosen here is in the address. */
export function FilterBar({ team, url, change, search }: Props) {
  const { data } = useQuery(membersQuery(team));
  const people = (data?.items ?? []).map((m) => [m.user.id, m.user.name] as const);
  const now = conditionsOf(url);
  const groups = (useQuery(groupsQuery(team)).data?.items ?? []).map((g) => [g.id, g.name] as const);
  const filtered = filterNames.some((n) => n !== 'order' && url[n]);
  return (
    <search className="filter-bar" aria-label="Filter patches">
      <SearchInput ref={search} label="Filter patches" value={url.q ?? ''} onSearch={(q) => change({ q })} />
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
        aria-label="Status"
        options={withChosen(statusOptions, url.status)}
        value={url.status ?? ''}
        onChange={(e) => change({ status: e.target.value })}
      />
      <Select
        aria-label="Lowest risk"
        options={withChosen(riskOptions, now.min_risk)}
        value={now.min_risk ?? ''}
        onChange={(e) => change({ min_risk: e.target.value })}
      />
      <Select
        aria-label="Assignee"
        options={withChosen([['', 'Anybody'], ['me', 'Me'], ['none', 'Nobody'], ...people], url.assignee)}
        value={url.assignee ?? ''}
        onChange={(e) => change({ assignee: e.target.value })}
      />
      {groups.length > 0 && (
        <Select
          aria-label="Asset group"
          options={withChosen([['', 'Any group'], ...groups], url.group)}
          value={url.group ?? ''}
          onChange={(e) => change({ group: e.target.value })}
        />
      )}
      {url.asset && (
        <button type="button" className="filter-chip" aria-pressed onClick={() => change({ asset: undefined })}>
          One asset
        </button>
      )}
      <Select
        aria-label="Order"
        options={orderOptions}
        value={url.order ?? ''}
        onChange={(e) => change({ order: e.target.value })}
      />
      {filtered && (
        <Button small variant="ghost" onClick={() => change(cleared)}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

type Options = readonly (readonly [string, string])[];

/** A shared address may ask for what the menu does not offer, such as two statuses: it stays visible. */
function withChosen(options: Options, value: string | undefined): Options {
  return !value || options.some(([v]) => v === value)
    ? options
    : [...options, [value, value.replaceAll('_', ' ').replaceAll(',', ', ')]];
}
