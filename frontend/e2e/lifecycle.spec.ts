import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { Patch, Sprint } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** A sprint is closed, taken back by Undo and by its page, closed for good and corrected. The team is this file's own. */
const key = `L${Date.now().toString(36).toUpperCase().slice(-6)}`;
const home = `/t/${key}`;
const mail = (name: string) => `${name}.${key.toLowerCase()}@example.org`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  const root = await browser.newPage();
  await signIn(root);
  await makeTeam(root, { key, name: 'Life' }, [
    { name: 'Sam', email: mail('sam'), role: 'scrum_master' },
    { name: 'Mia', email: mail('mia'), role: 'member' },
  ]);
  await root.close();
  const sam = await person(browser, mail('sam'));
  for (const [title, points] of [
    ['openssl on the edge', 3],
    ['nginx in the shop', 5],
    ['kernel of the build hosts', 8],
  ] as const)
    await send(sam, `/teams/${key}/patches`, { title, points });
  await send(sam, `/teams/${key}/sprints`, { name: 'Wave 1', goal: 'Edge first' });
  const planned = await send<Sprint>(sam, `/teams/${key}/sprints/1/items`, {
    keys: [1, 2, 3].map((n) => `${key}-${n}`),
  });
  await send(sam, `/teams/${key}/sprints/1/start`, { version: planned.version });
  const first = await read<Patch>(sam, `/teams/${key}/patches/${key}-1`);
  await send(sam, `/teams/${key}/patches/${key}-1/move`, { status: 'verified', version: first.version });
  await sam.close();
});

/** What the page says last, as a toast. */
const told = (page: Page, text: string) => page.locator('.toast-title', { hasText: text });

const close = async (page: Page) => {
  await page.goto(`${home}/sprints/1`);
  await page.getByRole('button', { name: 'Close…' }).click();
  await page
    .getByRole('button', { name: 'Next sprint (a new one)' })
    .or(page.getByRole('button', { name: 'Sprint 2' }))
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close sprint' }).click();
  await expect(told(page, 'Wave 1 closed with 3 points completed')).toBeVisible();
};

test('a close is undone from its toast', async ({ browser }) => {
  const page = await person(browser, mail('sam'));
  const found = complaints(page);
  await close(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(told(page, 'Wave 1 is active again, 2 items returned')).toBeVisible();
  await expect(page.getByRole('row', { name: /nginx in the shop/ })).toBeVisible();
  expect((await page.request.get(`/api/v1/teams/${key}/sprints/2`)).status(), 'the sprint it planned is gone').toBe(
    404,
  );
  expect(found).toEqual([]);
  await page.context().close();
});

test('a sprint is reopened from the palette, and says what moved on', async ({ browser }) => {
  const page = await person(browser, mail('sam'));
  await close(page);
  const moved = await read<Patch>(page, `/teams/${key}/patches/${key}-2`);
  await send(page, `/teams/${key}/patches/${key}-2/move`, { status: 'verified', version: moved.version });
  await page.reload();
  await expect(page.getByRole('button', { name: 'Reopen…' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Command' }).fill('Reopen');
  await page.getByRole('option', { name: 'Reopen…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('return to it, unless they moved on since')).toBeVisible();
  await dialog.getByLabel('Reason').fill('closed a day early');
  await dialog.getByRole('button', { name: 'Reopen sprint' }).click();
  await expect(told(page, `moved on meanwhile: ${key}-2 (verified)`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close…' })).toBeVisible();
  await page.goto(`${home}/sprints/1/report`);
  await expect(page.getByText('“closed a day early”')).toBeVisible();
  await page.context().close();
});

test('a closed sprint is corrected beside its figures, by who plans', async ({ browser }) => {
  const page = await person(browser, mail('sam'));
  const found = complaints(page);
  await close(page);
  await page.goto(`${home}/sprints/1/report`);
  await page.getByRole('button', { name: 'Correct…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Item').selectOption(`${key}-3`);
  await dialog.getByLabel('What was wrong').selectOption('completed');
  await dialog.getByLabel('Reason').fill('it was in on Friday');
  await dialog.getByRole('button', { name: 'Record correction' }).click();
  await expect(
    page.getByText('Corrected: 11 of 11 points completed, say/do 69 %. At the close: 3 of 11, 19 %.'),
  ).toBeVisible();
  await expect(page.getByText('“it was in on Friday”')).toBeVisible();
  await expect(page.getByText('3 points, 0 of them added later')).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  }
  expect(found).toEqual([]);
  await page.context().close();

  const member = await person(browser, mail('mia'));
  await member.goto(`${home}/sprints/1/report`);
  await expect(member.getByRole('button', { name: 'Correct…' })).toHaveAttribute('aria-disabled', 'true');
  await member.context().close();
});
