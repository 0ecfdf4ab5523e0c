import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import type { BlockerList, PatchList, ViewList } from '../src/api/schema';
import { admin, complaints, makeTeam, read, send, signIn } from './shared';

/** A team and two people of its own, so that the order of the files does not matter. */
const key = 'FND';
const colleague = { name: 'Bela Kovacs', email: 'bela.finding@example.org', role: 'member' } as const;
const backlog = `/t/${key}/backlog`;

test.describe.configure({ mode: 'serial' });

const toast = (page: Page, text: string | RegExp) => page.locator('.toast').filter({ hasText: text }).first();
const listed = (page: Page, query: string) => read<PatchList>(page, `/teams/${key}/patches?limit=200&${query}`);

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await signIn(page);
  await makeTeam(page, { key, name: 'Finding' }, [colleague]);
  await send(page, `/teams/${key}/members`, { email: admin.email, role: 'product_owner' });
  for (let i = 1; i <= 40; i += 1) {
    const labels = i <= 30 ? ['dmz'] : ['office'];
    await send(page, `/teams/${key}/patches`, { title: `Upgrade package ${i}`, labels, ...(i % 2 && { points: 3 }) });
  }
  await page.close();
});

test('a filter is built, edited and taken away by keyboard', async ({ page }) => {
  const wrong = complaints(page);
  await signIn(page);
  await page.goto(backlog);
  await expect(page.locator('.brows .brow').first()).toBeVisible();
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Filter the backlog' });
  await dialog.getByLabel('With any of these labels').focus();
  await page.keyboard.type('dmz');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Points at least').focus();
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/label=dmz/);
  await expect(page).toHaveURL(/min_points=3/);
  await expect(page.getByText('15 patches')).toBeVisible();

  const chip = page.getByRole('button', { name: 'Points at least 3', exact: true });
  await chip.focus();
  await page.keyboard.press('Delete');
  await expect(page).not.toHaveURL(/min_points/);
  await expect(page.getByText('30 patches')).toBeVisible();
  await page.getByRole('button', { name: 'Label: dmz', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('With any of these labels')).toBeFocused();
  await page.keyboard.press('Escape');
  expect(wrong).toEqual([]);
});

test('a view is kept, shared, and seen by somebody else', async ({ page, browser }) => {
  await signIn(page);
  await page.goto(`${backlog}?label=dmz&estimated=false&order=key`);
  await expect(page.getByText('15 patches')).toBeVisible();
  await page.keyboard.press('v');
  const dialog = page.getByRole('dialog', { name: 'Views' });
  await dialog.getByLabel('Keep the present filter as').focus();
  await page.keyboard.type('Unestimated in the DMZ');
  await dialog.getByLabel('Share with the team').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'saved for the team')).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  await signIn(other, colleague);
  await other.goto(backlog);
  await expect(other.locator('.brows .brow').first()).toBeVisible();
  await other.keyboard.press('v');
  await other
    .getByRole('button', { name: /Unestimated in the DMZ/ })
    .first()
    .focus();
  await other.keyboard.press('Enter');
  await expect(other.getByText('15 patches')).toBeVisible();
  await expect(other).toHaveURL(/label=dmz/);
  const views = await read<ViewList>(other, `/teams/${key}/views`);
  expect(views.items.map((v) => [v.name, v.owner.name, v.editable])).toEqual([
    ['Unestimated in the DMZ', admin.name, false],
  ]);
  await other.context().close();
});

test('thirty patches are changed at once and taken back', async ({ page }) => {
  await signIn(page);
  await page.goto(`${backlog}?label=dmz`);
  await expect(page.getByText('30 patches')).toBeVisible();
  await page.getByRole('grid', { name: 'Patch backlog' }).focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('group', { name: 'Selected patches' })).toContainText('30 patches');
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog', { name: 'Change 30 patches' });
  await dialog.getByLabel('Add labels').focus();
  await page.keyboard.type('quarter-1');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(toast(page, '30 patches changed')).toBeVisible();
  expect((await listed(page, 'label=quarter-1')).count).toBe(30);
  await page.getByRole('grid', { name: 'Patch backlog' }).focus();
  await page.keyboard.press('Control+z');
  await expect(toast(page, '30 patches as before')).toBeVisible();
  expect((await listed(page, 'label=quarter-1')).count).toBe(0);
});

test('an export has what the list shows', async ({ page }) => {
  await signIn(page);
  await page.goto(`${backlog}?label=office&order=key`);
  await expect(page.getByText('10 patches')).toBeVisible();
  const shown = await page.locator('.brows .brow .key').allTextContents();
  await page.keyboard.press('o');
  const link = page.getByRole('link', { name: 'CSV' });
  await link.focus();
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(file.suggestedFilename()).toMatch(/^FND-patches-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
  expect(lines[0]).toBe('rank,key,title,priority,kev,due,assets,points,assignee,co_assignees,status');
  expect(lines.slice(1).map((l) => l.split(',')[1])).toEqual(shown);
});

test('columns and their order are kept', async ({ page }) => {
  await signIn(page, colleague);
  await page.goto(backlog);
  await expect(page.locator('.brows .brow').first()).toBeVisible();
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Columns and export' });
  await dialog.getByLabel('Labels', { exact: true }).focus();
  await page.keyboard.press('Space');
  await dialog.getByRole('button', { name: 'Keep for me' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('columnheader', { name: 'Labels' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Labels' })).toBeVisible();
  await expect(page.locator('.brows .brow').first()).toContainText('dmz');
});

test('a filter asks for coverage and exceptions, and a view keeps it', async ({ page }) => {
  await signIn(page);
  const [one] = (await listed(page, 'label=office&order=key')).items;
  await send(page, `/teams/${key}/exceptions`, {
    key: one?.key,
    kind: 'deferred',
    reason: 'The vendor is late',
    control: 'A rule of the firewall',
    expires_on: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10),
  });
  await page.goto(backlog);
  await expect(page.locator('.brows .brow').first()).toBeVisible();
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Filter the backlog' });
  await dialog
    .getByRole('group', { name: /^Exception/ })
    .getByLabel('Requested')
    .focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 patch', { exact: true })).toBeVisible();
  await expect(page.locator('.brows .brow .key')).toHaveText([one?.key ?? '']);
  await expect(page.getByRole('button', { name: 'Exception: requested', exact: true })).toBeVisible();
  await page.keyboard.press('f');
  await dialog.getByLabel('Coverage, % of hosts at most').fill('50');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Coverage at most 50 %', exact: true })).toBeVisible();
  await expect(page.getByText('No patch matches')).toBeVisible();
  await page.reload();
  await expect(page).toHaveURL(/exception=requested/);
  await expect(page.getByText('No patch matches')).toBeVisible();
});

test('the width of a column is dragged, typed, and kept for one person', async ({ page }) => {
  await signIn(page, colleague);
  await page.goto(backlog);
  const head = page.getByRole('columnheader', { name: 'Key' });
  const edge = head.locator('.sizer');
  await edge.waitFor();
  const width = async () => Math.round((await head.boundingBox())?.width ?? 0);
  const before = await width();
  const box = await edge.boundingBox();
  if (!box) throw new Error('the edge of the column is nowhere');
  await page.mouse.move(box.x + 5, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 65, box.y + 10, { steps: 4 });
  const kept = page.waitForResponse((r) => r.url().endsWith('/views/choices') && r.ok());
  await page.mouse.up();
  await kept;
  expect(await width()).toBe(before + 60);
  await page.reload();
  await expect.poll(width).toBe(before + 60);
  // every row is as wide as the head, however long its title
  const keys = await page
    .locator('.brow .c-title')
    .evaluateAll((cells) => cells.map((c) => Math.round(c.getBoundingClientRect().x)));
  expect(new Set(keys).size).toBe(1);

  await page.getByRole('grid', { name: 'Patch backlog' }).focus();
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Columns and export' });
  await dialog.getByLabel('Width of Key in pixels').fill('200');
  await page.keyboard.press('Enter');
  await expect.poll(width).toBe(200);
  await edge.dblclick();
  await expect.poll(width).toBe(before);
  const views = await read<ViewList>(page, `/teams/${key}/views`);
  expect(views.choices.widths).toEqual({});
});

test('L labels a row, and B reports what stops it', async ({ page }) => {
  const wrong = complaints(page);
  await signIn(page);
  await page.goto(backlog);
  await expect(page.locator('.brows .brow').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('l');
  const labels = page.getByRole('dialog', { name: 'Change 1 patch' });
  await labels.getByLabel('Add labels').fill('urgent');
  await labels.getByLabel('Add labels').press('Enter');
  await labels.getByRole('button', { name: 'Change' }).click();
  await expect(labels).toBeHidden();
  await expect.poll(async () => (await listed(page, 'label=urgent')).count).toBe(1);

  await page.keyboard.press('b');
  const blocker = page.getByRole('dialog', { name: /^Blocker of FND-/ });
  await expect(blocker.getByLabel('What is needed')).toBeFocused();
  await page.keyboard.type('A window for the restart');
  await page.keyboard.press('Control+Enter');
  await expect(blocker).toBeHidden();
  await expect(toast(page, /^FND-\d+ is blocked/)).toBeVisible();
  const open = (await read<BlockerList>(page, `/teams/${key}/blockers`)).items;
  expect(open.map((b) => b.needed)).toEqual(['A window for the restart']);

  await page.keyboard.press('b');
  await blocker.getByLabel('What is needed').fill('Another one');
  await blocker.getByRole('button', { name: 'Report' }).click();
  await expect(blocker.getByRole('alert')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(wrong).toEqual([]);
});
