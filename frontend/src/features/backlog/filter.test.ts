import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../app/url';
import { cleared, filterOf, isRanked, isWhole, queryOf } from './filter';

describe('the filter in the address', () => {
  it('is empty for an empty address: everything open in backlog order', () => {
    expect(filterOf({})).toEqual({});
    expect(isWhole(filterOf({ order: 'rank', patch: 'INF-1', sel: 'INF-2' }))).toBe(true);
  });

  it('reads every name', () => {
    const url = {
      q: ' curl ',
      kev: 'true',
      estimated: 'false',
      sprint: 'none,active',
      status: 'new,ready',
      min_risk: '60',
      max_epss: '0.5',
      due_within: '7',
      due_from: '2026-03-01',
      assignee: 'me',
      exception: 'in_force,nonsense,requested',
      max_coverage: '50',
      no_labels: 'db',
      order: 'due',
    };
    expect(filterOf(url)).toEqual({
      q: 'curl',
      kev: true,
      estimated: false,
      sprint: ['none', 'active'],
      status: ['new', 'ready'],
      min_risk: 60,
      max_epss: 0.5,
      due_within: 7,
      due_from: '2026-03-01',
      assignee: ['me'],
      exception: ['in_force', 'requested'],
      max_coverage: 50,
      no_labels: ['db'],
      order: 'due',
    });
    expect(Object.keys(url).every((name) => name in cleared)).toBe(true);
  });

  it('still understands addresses from before', () => {
    expect(filterOf({ kev: '1', unestimated: '1', free: '1', min: '60' })).toEqual({
      kev: true,
      estimated: false,
      sprint: ['none'],
      min_risk: 60,
    });
  });

  it('leaves out what it does not know, so that the server is never asked for nonsense', () => {
    expect(filterOf({ status: 'new,sold', order: 'luck', min: '1e9', kev: 'yes', due_to: 'soon' })).toEqual({
      status: ['new'],
    });
    expect(filterOf({ min_risk: '-3', q: '   ', kind: 'epic', __proto__: 'x' })).toEqual({});
  });

  it('is the same as a query that a view keeps, whatever the order it was made in', () => {
    const query = queryOf({ sprint: 'none', kev: '1', q: 'a&b', sel: 'INF-1', order: 'risk' });
    expect(query).toBe('q=a%26b&kev=true&sprint=none&order=risk');
    expect(queryOf(parseSearch(query))).toBe(query);
  });

  it('lets patches be placed in a part of the backlog, but not in another order', () => {
    expect(isRanked(filterOf({ kev: '1' }))).toBe(true);
    expect(isWhole(filterOf({ kev: '1' }))).toBe(false);
    expect(isRanked(filterOf({ order: 'due' }))).toBe(false);
  });
});
