import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { RowMenu } from './Menu';

afterEach(cleanup);

test('a menu opens by keyboard, runs its entry, and gives the focus back to its button', async () => {
  const run = vi.fn();
  render(<RowMenu label="Actions for INF-1" entries={() => [{ label: 'Move up', run }]} />);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard('{Enter}');
  await user.click(await screen.findByRole('menuitem', { name: 'Move up' }));
  expect(run).toHaveBeenCalledOnce();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Actions for INF-1' })));
});

test('an entry that is not possible says why and does not run', async () => {
  const run = vi.fn();
  render(<RowMenu label="Actions" entries={() => [{ label: 'Drop', disabled: 'Only product owners do this', run }]} />);
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'Actions' }));
  const entry = await screen.findByRole('menuitem', { name: 'Drop' });
  expect(entry.title).toBe('Only product owners do this');
  await user.click(entry);
  expect(run).not.toHaveBeenCalled();
});
