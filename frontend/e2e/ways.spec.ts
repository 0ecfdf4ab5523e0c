import { expect, type Page, test } from '@playwright/test';
import { read, send, signIn } from './shared';

/** A team of its own: rules of one team must not get in the way of another test's. */
const key = 'WAYS';

interface Item {
  key: string;
  version: number;
}

async function prepare(page: Page): Promise<Item[]> {
  await signIn(page);
  await send(page, '/teams', { key, name: 'Ways', time_zone: 'Europe/Berlin' });
  const items: Item[] = [];
  for (const [title, points] of [
    ['First', 3],
    ['Second', 2],
    ['Third', 8],
  ] as const) {
    items.push(await send<Item>(page, `/teams/${key}/patches`, { title, points }));
  }
  await send(page, `/teams/${key}/sprints`, { goal: 'Ways of working' });
  return items;
}

test.describe.configure({ mode: 'serial' });

test('a proposal fills the sprint with what fits, and leaves out what is unticked', async ({ page }) => {
  await prepare(page);
  await page.goto(`/t/${key}/backlog?view=sprint`);
  await page.getByRole('button', { name: 'Actions for Sprint 1' }).click();
  await page.getByRole('menuitem', { name: 'Propose what to take…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Propose Sprint 1' });
  await dialog.getByLabel('Points it holds').fill('5');
  await expect(dialog.getByRole('status')).toContainText('2 items, 5 of 5 points');
  await dialog
    .getByRole('list', { name: 'In the sprint' })
    .getByLabel(/Second/)
    .click();
  await expect(dialog.getByRole('status')).toContainText('1 item, 3 of 5 points');
  await expect(dialog.getByRole('list', { name: 'Left out' })).toContainText('left out by hand');
  await dialog
    .getByRole('list', { name: 'Left out' })
    .getByLabel(/Second/)
    .click();
  await expect(dialog.getByRole('status')).toContainText('2 items');
  await dialog.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.getByRole('list', { name: 'Items of Sprint 1' }).getByRole('listitem')).toHaveCount(2);
});

test('a limit that blocks asks for the reason, and lets the card pass with one', async ({ page }) => {
  await signIn(page);
  await page.goto(`/t/${key}/ways`);
  await page.getByLabel('Limits of work in progress').selectOption('block');
  await page.getByLabel('Limit of In progress').fill('1');
  await page.getByRole('button', { name: 'Save ways of working' }).click();
  await expect(page.locator('.toast').filter({ hasText: 'Ways of working saved' })).toBeVisible();
  const sprint = await read<{ version: number }>(page, `/teams/${key}/sprints/1`);
  await send(page, `/teams/${key}/sprints/1/start`, { version: sprint.version });
  await page.goto(`/t/${key}/board`);
  const cards = page.locator('[data-status="ready"] .card');
  await expect(cards).toHaveCount(2);
  for (const left of [1, 1]) {
    await cards.first().focus();
    await page.keyboard.press('Alt+ArrowRight');
    await expect(cards).toHaveCount(left);
  }
  const dialog = page.getByRole('dialog', { name: /was not moved/ });
  await expect(dialog).toContainText('holds 1 of at most 1 cards');
  await dialog.getByLabel('Reason to move it all the same').fill('it waits for a reboot');
  await dialog.getByRole('button', { name: 'Move it' }).click();
  await expect(cards).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'In progress' }).locator('.badge.count')).toContainText('2/1');
});

test('a window, days off and hours make the calendar and the capacity', async ({ page }) => {
  await signIn(page);
  await page.goto(`/t/${key}/calendar`);
  await page.getByRole('button', { name: 'Add window…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a window or a freeze' });
  await dialog.getByLabel('Name').fill('Patch night');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const windows = page.getByRole('region', { name: 'Maintenance windows and freezes' });
  await expect(windows).toContainText('Third Tuesday 22:00–02:00');
  await windows.getByRole('button', { name: 'Remove Patch night' }).click();
  await expect(windows).not.toContainText('Patch night');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(windows).toContainText('Patch night');
  await page.getByRole('button', { name: 'Make an address to subscribe to' }).click();
  const address = await page.getByLabel('Address of the calendar, shown this once').inputValue();
  const file = await page.request.get(address);
  expect(file.headers()['content-type']).toContain('text/calendar');
  expect(await file.text()).toContain('SUMMARY:Maintenance: Patch night');
});
