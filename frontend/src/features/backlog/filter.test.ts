import { describe, expect, it } from 'vitest';
import { cleared, filterOf, isRanked, isWhole } from './filter';

describe('the filter in the address', () => {
  it('is empty for an empty address: everything open in backlog order', () => {
    expect(filterOf({})).toEqual({});
    expect(isWhole(filterOf({ order: 'rank', patch: 'INF-1', sel: 'INF-2' }))).toBe(true);
  });

  it('reads every name', () => {
    const url = {
      q: ' curl ',
      kev: '1',
      overdue: '1',
      placed: '1',
      unestimated: '1',
      free: '1',
      status: 'new,ready',
      min: '60',
      assignee: 'me',
      label: 'db',
      order: 'due',
    };
    expect(filterOf(url)).toEqual({
      q: 'curl',
      kev: true,
      overdue: true,
      placed: true,
      estimated: false,
      sprint: 'none',
      status: ['new', 'ready'],
      min_risk: 60,
      assignee: 'me',
      label: 'db',
      order: 'due',
    });
    expect(Object.keys(url).every((name) => name in cleared)).toBe(true);
  });

  it('leaves out what it does not know, so that the server is never asked for nonsense', () => {
    expect(filterOf({ status: 'new,sold', order: 'luck', min: '1e9', kev: 'yes' })).toEqual({ status: ['new'] });
    expect(filterOf({ min: '-3', q: '   ' })).toEqual({});
  });

  it('lets patches be placed in a part of the backlog, but not in another order', () => {
    expect(isRanked(filterOf({ kev: '1' }))).toBe(true);
    expect(isWhole(filterOf({ kev: '1' }))).toBe(false);
    expect(isRanked(filterOf({ order: 'due' }))).toBe(false);
  });
});
