import { describe, expect, it } from 'vitest';
import { changeOf } from './BulkDialog';
import { filtersOf, onlyFilter } from './queries';
import { ruleText } from './rule';

describe('inventory', () => {
  it('tells a rule as a sentence', () => {
    expect(
      ruleText([
        { field: 'tag', op: 'is', values: ['pci'] },
        { field: 'environment', op: 'is_not', values: ['test', 'development'] },
      ]),
    ).toBe('tag is pci and environment is not test or development');
  });

  it('leaves out of an address what it cannot mean', () => {
    expect(filtersOf({ sort: 'nonsense', days: '-1', stale: '1', environment: 'moon', group: 'g' })).toEqual({
      stale: true,
      group: 'g',
    });
    expect(onlyFilter(filtersOf({ sort: 'seen', q: 'web' }))).toEqual({ q: 'web' });
  });

  it('changes only what was filled in', () => {
    const blank = {
      criticality: '',
      exposure: '',
      environment: '',
      owner: '  ',
      add_tags: [],
      remove_tags: ['old'],
      add_regulations: [],
      remove_regulations: [],
      add_group: 'g',
      remove_group: '',
    };
    expect(changeOf(blank)).toEqual({ remove_tags: ['old'], add_groups: ['g'] });
  });
});
