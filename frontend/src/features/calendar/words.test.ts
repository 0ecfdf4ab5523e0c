import { expect, it } from 'vitest';
import { ruleText, spanText } from './words';

const night = { time_zone: 'Europe/Berlin', start: '22:00', end: '02:00', from: '2026-01-01' };

it('says a rule as people do', () => {
  expect(ruleText({ ...night, repeat: 'monthly', nth: 3, weekdays: ['tue'] })).toBe('Third Tuesday 22:00–02:00');
  expect(ruleText({ ...night, repeat: 'weekly', every: 2, weekdays: ['sat', 'sun'] })).toBe(
    'Saturday, Sunday every 2 weeks 22:00–02:00',
  );
  expect(ruleText({ ...night, repeat: 'once', days: 13 })).toBe('Jan 1 22:00–02:00 and 13 more days');
});

it('names the second day only where it is another one', () => {
  const from = '2026-11-17T21:00:00Z';
  expect(spanText({ from, to: '2026-11-18T01:00:00Z' }, 'Europe/Berlin')).toBe(
    'Tue, Nov 17, 22:00 – Wed, Nov 18, 02:00',
  );
  expect(spanText({ from, to: '2026-11-17T22:30:00Z' }, 'Europe/Berlin')).toBe('Tue, Nov 17, 22:00 – 23:30');
});
