import { expect, it } from 'vitest';
import { inTimeText } from './onTime';

const item = { item: 'INF-1', cumulative: 14.5, sla_sprint: 2, p_on_time: 0.724 };

it('says the chance with what stands above and how many sprints are left', () => {
  expect(inTimeText(item, 0.724)).toBe(
    '72 %: 14.5 points to do up to and with it, and 2 sprints end before it is due.',
  );
  expect(inTimeText({ ...item, sla_sprint: 0 }, 0)).toBe(
    'Hardly any: 14.5 points to do up to and with it, and it is due before the coming sprint ends.',
  );
  expect(inTimeText({ ...item, sla_sprint: 1 }, 1)).toContain('Almost certain: ');
});
