import { expect, test, vi } from 'vitest';
import { connectToaster, toast, toastError, undoLast } from './toast';

test('undo runs once, whether from the button or from the keyboard', async () => {
  const undo = vi.fn();
  toast({ text: 'INF-1 moved', undo });
  expect(undoLast()).toBe(true);
  expect(undoLast()).toBe(false);
  await vi.waitFor(() => expect(undo).toHaveBeenCalledOnce());
});

test('only the latest change is undone', async () => {
  const first = vi.fn();
  const second = vi.fn();
  toast({ text: 'first', undo: first });
  toast({ text: 'second', undo: second });
  undoLast();
  await vi.waitFor(() => expect(second).toHaveBeenCalledOnce());
  expect(first).not.toHaveBeenCalled();
});

test('what was said before the toaster was there is shown by it, and a failed undo is told', async () => {
  const shown: string[] = [];
  toast({ text: 'early', undo: () => Promise.reject(new Error('gone')) });
  connectToaster((message) => shown.push(message.text));
  expect(shown).toContain('early');
  undoLast();
  await vi.waitFor(() => expect(shown.at(-1)).toContain('Could not undo: gone'));
});

test('an error toast carries the request id to report', () => {
  const details: (string | undefined)[] = [];
  connectToaster((message) => details.push(message.detail));
  toastError(new Error('no request'));
  expect(details).toEqual([undefined]);
});
