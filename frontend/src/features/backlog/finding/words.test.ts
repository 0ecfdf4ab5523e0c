import { describe, expect, it } from 'vitest';
import { inWords, plainName } from './words';

const names = (list: string, value: string) => plainName(list, value) ?? { u1: 'Ana' }[value] ?? '?';

describe('conditions in words', () => {
  it.each([
    ['status', 'new,in_progress', 'Status: New or In progress'],
    ['assignee', 'me,none,u1', 'Assignee: me or nobody or Ana'],
    ['sprint', 'none,active,7', 'Sprint: none or the active one or Sprint 7'],
    ['all_labels', 'a,b', 'All labels: a and b'],
    ['min_risk', '60', 'Risk at least 60'],
    ['max_epss', '0.5', 'EPSS at most 0.5'],
    ['max_coverage', '50', 'Coverage at most 50 %'],
    ['exception', 'in_force,none', 'Exception: in force or none'],
    ['estimated', 'false', 'Unestimated'],
    ['due_within', '7', 'Due within 7 days'],
    ['created_within', '1', 'New since yesterday'],
    ['updated_since', '2026-03-01', 'Changed since 2026-03-01'],
  ])('says what %s=%s asks for', (name, value, text) => {
    expect(inWords(name, value, names)).toBe(text);
  });
});
