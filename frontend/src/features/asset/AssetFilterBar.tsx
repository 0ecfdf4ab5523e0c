import { useCallback } from 'react';
import type { UrlState } from '../../app/url';
import { Select } from '../../ui/Field';
import { SearchInput } from '../../ui/SearchInput';
import { type AssetFilters, criticalities, environments, exposures } from './queries';
import { criticalityLabel, environmentLabel, exposureLabel } from './words';

interface FilterBarProps {
  filters: AssetFilters;
  onChange: (patch: UrlState) => void;
}

/** The filters live in the address: a filtered list can be sent to somebody. */
export function AssetFilterBar({ filters, onChange }: FilterBarProps) {
  const search = useCallback((q: string) => onChange({ q }), [onChange]);
  const choices = [
    { name: 'environment', label: 'Environment', values: environments, words: environmentLabel },
    { name: 'criticality', label: 'Criticality', values: criticalities, words: criticalityLabel },
    { name: 'exposure', label: 'Exposure', values: exposures, words: exposureLabel },
  ] as const;
  return (
    <search className="filter-bar">
      <SearchInput label="Search name, owner, tag" value={filters.q ?? ''} onSearch={search} />
      {choices.map(({ name, label, values, words }) => (
        <Select
          key={name}
          className="filter"
          aria-label={label}
          data-on={filters[name] !== undefined || undefined}
          value={filters[name] ?? ''}
          onChange={(e) => onChange({ [name]: e.target.value })}
          options={[
            ['', `Any ${label.toLowerCase()}`],
            ...values.map((v) => [v, (words as Record<string, string>)[v] ?? v] as const),
          ]}
        />
      ))}
    </search>
  );
}
