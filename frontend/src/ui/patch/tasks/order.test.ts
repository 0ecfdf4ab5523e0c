import { describe, expect, it } from 'vitest';
import type { Task } from '../../../api/schema';
import { afterDrop, afterStep, placed } from './order';

const tasks = ['a', 'b', 'c'].map((id) => ({ id }) as Task);
const ids = (list: Task[]) => list.map((t) => t.id).join('');

describe('the order of tasks', () => {
  it('moves one step, and not beyond the ends', () => {
    expect(afterStep(tasks, 'a', 1)).toBe('b');
    expect(afterStep(tasks, 'b', -1)).toBeNull();
    expect(afterStep(tasks, 'c', -1)).toBe('a');
    expect(afterStep(tasks, 'a', -1)).toBeUndefined();
    expect(afterStep(tasks, 'c', 1)).toBeUndefined();
  });

  it('drops at an edge, and says when that is where it stands already', () => {
    expect(afterDrop(tasks, 'c', 'a', 'top')).toBeNull();
    expect(afterDrop(tasks, 'a', 'c', 'bottom')).toBe('c');
    expect(afterDrop(tasks, 'c', 'b', 'bottom')).toBeUndefined();
    expect(afterDrop(tasks, 'a', 'gone', 'top')).toBeUndefined();
  });

  it('shows the order before the server answers', () => {
    expect(ids(placed(tasks, 'c', null))).toBe('cab');
    expect(ids(placed(tasks, 'a', 'b'))).toBe('bac');
  });
});
