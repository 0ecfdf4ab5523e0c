import { expect, it } from 'vitest';
import { segments } from './risk';

it('draws what adds from zero and cuts off what takes away, so that the rest ends at the score', () => {
  const { segments: s, end } = segments([
    { name: 'threat', points: 65 },
    { name: 'severity', points: 15.6 },
    { name: 'ease', points: 7.5 },
    { name: 'context', points: -41 },
    { name: 'regulation', points: 0 },
  ]);
  expect(s.map((x) => x.name)).toEqual(['threat', 'severity', 'ease', 'context']);
  expect(s[3]).toMatchObject({ minus: true, width: 41 });
  expect(end).toBeCloseTo(47.1);
});

it('shrinks the bar when the parts together exceed 100', () => {
  const { segments: s, end } = segments([
    { name: 'threat', points: 65 },
    { name: 'severity', points: 20 },
    { name: 'ease', points: 15 },
    { name: 'sla', points: 10 },
    { name: 'cap', points: -10 },
  ]);
  expect(Math.max(...s.map((x) => x.left + x.width))).toBeCloseTo(100);
  expect(end).toBeCloseTo(100 * (100 / 110));
});
