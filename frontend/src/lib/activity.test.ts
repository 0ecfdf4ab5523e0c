import { expect, it } from 'vitest';
import { activityText } from './activity';

const text = (action: string, detail: Record<string, unknown> = {}) =>
  activityText({ id: '1', at: '2026-10-19T10:00:00Z', who: 'Ana', action, detail }, (id) =>
    id === 'u1' ? 'Bram' : undefined,
  );

it.each([
  ['patch.moved', { from: 'ready', to: 'in_progress', reason: '' }, 'moved it from ready to in progress'],
  ['patch.placed', { below: 'INF-3', reason: 'audit' }, 'placed it below INF-3 — “audit”'],
  ['patch.placed', {}, 'placed it at the top'],
  ['patch.dropped', { reason: 'risk_accepted' }, 'dropped it: risk accepted'],
  ['patch.changed', { points: { from: null, to: 3 } }, 'estimated it at 3'],
  ['patch.changed', { points: { from: 3, to: null } }, 'took its estimate away'],
  ['patch.changed', { assignee: 'u1' }, 'assigned it to Bram'],
  ['patch.changed', { assignee: 'gone' }, 'assigned it to somebody'],
  ['patch.changed', { assignee: null, title: 'x', labels: [] }, 'unassigned it and changed title, labels'],
  ['patch.changed', { assignee: { from: null, to: 'u1' } }, 'assigned it to Bram'],
  [
    'patch.changed',
    { title: { from: 'a', to: 'b' }, description: { from: '', to: 'x' } },
    'renamed it from “a” to “b” and changed description',
  ],
  ['patch.changed', { labels: { from: ['a', 'b'], to: ['b', 'c'] } }, 'labelled it c and took the label a away'],
  ['patch.changed', { downtime: { from: null, to: 15 } }, 'set downtime from unknown to 15 min'],
  ['patch.need_added', { needed_by: 'INF-2' }, 'said that INF-2 needs it first'],
  ['comment.added', { comment: 'c', mentioned: ['Bram'] }, 'commented and mentioned Bram'],
  [
    'score.changed',
    { risk: { from: 10, to: 40.5 }, kev: true, reason: 'feed kev.json' },
    'rescored it: it is now listed as exploited, risk 10 → 40.5 — “feed kev.json”',
  ],
  ['patch.rescored', { from: 3 }, 'rescored it'],
  ['sprint.item_added', {}, 'item added (sprint)'],
])('tells %s %o', (action, detail, want) => {
  expect(text(action, detail)).toBe(want);
});
