import { expect, type Page, test } from '@playwright/test';
import type { Patch } from '../src/api/schema';
import { complaints, makeTeam, person, send, signIn, team } from './shared';

/** Everything that a page can do is one Ctrl K away, whether or not it has a key of its own. */

async function choose(page: Page, words: string, line: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Command' }).fill(words);
  await page.getByRole('option', { name: line }).first().click();
}

test('what the page does, where one can go and what keys do is found in the palette', async ({ page }) => {
  const found = complaints(page);
  await signIn(page);
  await page.goto(`/t/${team.key}/calendar`);
  await expect(page.getByRole('button', { name: 'Add window…' })).toBeVisible();
  await choose(page, 'window', 'Add window…');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Cancel' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await choose(page, 'lessons', 'Lessons');
  await expect(page.getByRole('heading', { name: 'Lessons', level: 1 })).toBeVisible();

  await choose(page, 'backlog', 'Backlog');
  await expect(page.getByRole('grid')).toBeVisible();
  await choose(page, 'new patch', 'New patch');
  await expect(page.getByRole('dialog', { name: 'New patch' })).toBeVisible();
  expect(found).toEqual([]);
});

test('a reader is not offered what only others may do', async ({ browser, page }) => {
  const vera = { name: 'Vera', email: 'vera@palette.example', role: 'viewer' } as const;
  await signIn(page);
  await makeTeam(page, { key: 'PAL', name: 'Palette' }, [vera]);
  const reader = await person(browser, vera.email);
  await reader.goto('/t/PAL/calendar');
  await expect(reader.getByRole('button', { name: 'Add window…' })).toBeVisible();
  await reader.keyboard.press('ControlOrMeta+k');
  await reader.getByRole('combobox', { name: 'Command' }).fill('window');
  await expect(reader.getByText('Nothing found')).toBeVisible();
  await reader.context().close();
});

test('patches are found in the palette by words of them and by their key', async ({ page }) => {
  const found = complaints(page);
  await signIn(page);
  await send(page, '/teams', { key: 'PAW', name: 'Words' });
  const { key } = await send<Patch>(page, '/teams/PAW/patches', { title: 'Replace the certificate of the intranet' });
  await page.goto('/t/PAW/calendar');
  await expect(page.getByRole('heading', { name: 'Calendar' })).toBeVisible();
  await choose(page, 'certificate intra', 'Replace the certificate');
  await expect(page).toHaveURL(new RegExp(`/patches/${key}$`));
  await choose(page, key, 'Replace the certificate');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Command' }).fill('nothing is called this');
  await expect(page.getByText('Nothing found')).toBeVisible();
  expect(found).toEqual([]);
});
