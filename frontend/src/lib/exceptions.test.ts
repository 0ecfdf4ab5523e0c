import { describe, expect, it } from 'vitest';
import type { Exception } from '../api/schema';
import { renewalText, stepsFor } from './exceptions';

const all = { approve: true, rank: true, work: true };
const made = (change: Partial<Exception>) =>
  ({
    state: 'requested',
    kind: 'deferred',
    requested_by: { id: 'ana', name: 'Ana' },
    review_at: null,
    ...change,
  }) as Exception;

describe('what is offered for an exception', () => {
  it('lets nobody decide about their own request, whatever they may', () => {
    expect(stepsFor(made({}), 'ana', all).decide).toBe(false);
    expect(stepsFor(made({}), 'ana', all).withdraw).toBe(true);
    expect(stepsFor(made({}), 'bo', all).decide).toBe(true);
    expect(stepsFor(made({}), 'bo', { ...all, approve: false }).decide).toBe(false);
  });
  it('lets who asked for it, approvers and product owners end it', () => {
    const e = made({ state: 'approved' });
    const none = { approve: false, rank: false, work: true };
    expect(stepsFor(e, 'ana', none).end).toBe(true);
    expect(stepsFor(e, 'bo', none).end).toBe(false);
    expect(stepsFor(e, 'bo', { ...none, rank: true }).end).toBe(true);
  });
  it('offers nothing for what is over, except to ask again for what was rejected', () => {
    for (const state of ['expired', 'ended', 'withdrawn'] as const)
      expect(Object.values(stepsFor(made({ state }), 'ana', all))).not.toContain(true);
    expect(stepsFor(made({ state: 'rejected' }), 'ana', all).edit).toBe(true);
  });
  it('counts renewals', () => {
    expect(renewalText({ renewals: 0 })).toBe('');
    expect(renewalText({ renewals: 2 })).toBe('2nd renewal');
  });
});
