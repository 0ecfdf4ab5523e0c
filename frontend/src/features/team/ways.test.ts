import { expect, it } from 'vitest';
import type { TeamRules } from '../../api/schema';
import { bodyOf, waysOf } from './ways';

const rules: TeamRules = {
  scale: { kind: 'own', values: [{ label: 'S', points: 0.5 }] },
  scales: [],
  columns: [
    { status: 'ready', limit: 0 },
    { status: 'in_progress', limit: 3 },
    { status: 'verified', limit: 0 },
  ],
  limits: 'block',
  person_limit: 2,
  ready: { mode: 'warn', items: [{ text: 'Estimated', auto: 'estimated' }] },
  done: { mode: 'off', items: [] },
  emergency_lane: true,
  emergency_points: 5,
  reserve: 0.15,
  age_days: 4,
  standup_at: '09:30',
  version: 3,
};

it('sends back what it was given', () => {
  const { scales, version, ...body } = rules;
  expect(bodyOf(waysOf(rules))).toEqual(body);
  expect(scales.length + version).toBe(3);
});

it('takes an empty reserve as the one from history, and leaves hidden columns out', () => {
  const ways = waysOf(rules);
  expect(ways.columns).toHaveLength(7);
  expect(bodyOf({ ...ways, reserve: ' ' }).reserve).toBeNull();
  expect(bodyOf(ways).columns.map((c) => c.status)).toEqual(['ready', 'in_progress', 'verified']);
});

it('leaves the values of a shipped scale to the server', () => {
  const ways = waysOf(rules);
  expect(bodyOf({ ...ways, scale: { ...ways.scale, kind: 't_shirt' } }).scale).toEqual({ kind: 't_shirt', values: [] });
});
