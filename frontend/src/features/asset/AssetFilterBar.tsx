import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { groupsQuery, wordsQuery } from '../../api/assets';
import type { UrlState } from '../../app/url';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { SearchInput } from '../../ui/SearchInput';
import { type AssetFilters, criticalities, environments, exposures, noFilters, onlyFilter } from './queries';
import { criticalityLabel, environmentLabel, exposureLabel, sortLabel } from './words';

interface FilterBarProps {
  team: string;
  filters: AssetFilters;
  onChange: (patch: UrlState) => void;
}

/** The filters live in the address: a filtered list can be sent to somebody. */
export function AssetFilterBar({ team, filters, onChange }: FilterBarProps) {
  const search = useCallback((q: string) => onChange({ q }), [onChange]);
  const groups = useQuery(groupsQuery(team)).data?.items ?? [];
  const tags = useQuery(wordsQuery(team)).data?.tags ?? [];
  const pairs = <T extends string>(values: readonly T[], words: Record<T, string>) =>
    values.map((v) => [v, words[v]] as const);
  const choices = [
    ['environment', 'Environment', pairs(environments, environmentLabel)],
    ['criticality', 'Criticality', pairs(criticalities, criticalityLabel)],
    ['exposure', 'Exposure', pairs(exposures, exposureLabel)],
    [
      'tag',
      'Tag',
      withChosen(
        tags.map((t) => [t.word, t.word] as const),
        filters.tag,
      ),
    ],
    [
      'group',
      'Group',
      [
        ['none', 'In no group'] as const,
        ...withChosen(
          groups.map((g) => [g.id, g.name] as const),
          filters.group,
        ),
      ],
    ],
  ] as const;
  return (
    <search className="filter-bar" aria-label="Filter assets">
      <SearchInput label="Search name, owner, tag, address" value={filters.q ?? ''} onSearch={search} />
      {choices.map(([name, label, options]) => (
        <Select
          key={name}
          className="filter"
          aria-label={label}
          data-on={filters[name] !== undefined || undefined}
          value={filters[name] ?? ''}
          onChange={(e) => onChange({ [name]: e.target.value })}
          options={[['', `Any ${label.toLowerCase()}`], ...options]}
        />
      ))}
      <Toggle
        on={!!filters.stale}
        title="No report has covered them for 30 days"
        label="Stale"
        set={(stale) => onChange({ stale })}
      />
      <Toggle
        on={!!filters.retired}
        title="Taken out of use"
        label="Retired"
        set={(retired) => onChange({ retired })}
      />
      {filters.component && (
        <Toggle
          on
          label={`Has ${filters.component}`}
          title="Has it installed"
          set={() => onChange({ component: '' })}
        />
      )}
      <Select
        className="filter"
        aria-label="Order"
        value={filters.sort ?? 'name'}
        onChange={(e) => onChange({ sort: e.target.value === 'name' ? '' : e.target.value })}
        options={Object.entries(sortLabel)}
      />
      {Object.keys(onlyFilter(filters)).length > 0 && (
        <Button small variant="ghost" onClick={() => onChange(noFilters)}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

const Toggle = (props: { on: boolean; label: string; title: string; set: (value: string) => void }) => (
  <button
    type="button"
    className="filter-chip"
    title={props.title}
    aria-pressed={props.on}
    onClick={() => props.set(props.on ? '' : '1')}
  >
    {props.label}
  </button>
);

type Options = (readonly [string, string])[];

/** An address may name what the menu does not offer: it stays visible. */
function withChosen(options: Options, value: string | undefined): Options {
  if (!value || value === 'none' || options.some(([v]) => v === value)) return options;
  return [...options, [value, value]];
}
