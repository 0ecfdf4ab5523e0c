import { describe, expect, it } from 'vitest';
import type { DuePolicy } from '../../api/schema';
import { draftOf, ruleText, scopeText, tidyRule } from './words';

describe('policies in words', () => {
  it('tells a rule with its conditions, and one without', () => {
    expect(ruleText({ days: 1 })).toBe('everything: 1 day');
    expect(ruleText({ severities: ['critical', 'high'], kev: true, exposed: false, days: 3, forensics: true })).toBe(
      'severity critical or high, KEV, not exposed: 3 days and forensics',
    );
  });
  it('tells a scope, and says nothing of every patch', () => {
    expect(scopeText({})).toBe('');
    expect(scopeText({ tags: ['cards'], environments: ['production', 'staging'] })).toBe(
      'tag cards; environment production or staging',
    );
  });
  it('names the groups of a scope', () => {
    expect(scopeText({ groups: ['g1', 'g2'] }, [{ id: 'g1', name: 'Payments' }])).toBe(
      'group Payments or that was deleted',
    );
  });
  it('keeps a condition that is false and drops an empty list', () => {
    expect(tidyRule({ days: 2, kev: false, severities: [] })).toEqual({ days: 2, kev: false });
  });
  it('copies a shipped policy under another name', () => {
    expect(draftOf({ name: 'PCI', rules: [{ days: 30 }], scope: {} } as unknown as DuePolicy, true).name).toBe(
      'PCI (copy)',
    );
  });
});
