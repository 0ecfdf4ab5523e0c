import { expect, test } from 'vitest';
import type { Forecast } from '../../api/schema';
import { forecastText } from './ForecastReport';

const forecast = (percentile_sprints: Record<string, number>) =>
  ({ enough: true, remaining: 1380, unestimated: 2, percentile_sprints }) as unknown as Forecast;

test('a forecast names the best chance of each number of sprints', () => {
  expect(forecastText(forecast({ '50': 5, '70': 5, '85': 6, '95': 6 }), '').replaceAll('\u00a0', ' ')).toBe(
    '1,380 points in the backlog. Chance to be done after so many sprints: 70 % within 5, 95 % within 6. 2 items without an estimate count 0.',
  );
});

test('what takes longer than anybody looks ahead has no number', () => {
  expect(forecastText(forecast({ '50': 190 }), 'INF-7').replaceAll('\u00a0', ' ')).toContain(
    'down to INF-7. Chance to be done after so many sprints: 50 % within 190, 95 % in more than four years.',
  );
});
