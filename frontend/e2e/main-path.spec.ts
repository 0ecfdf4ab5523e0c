import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Browser, type BrowserContext, expect, type Locator, type Page, type Route, test } from '@playwright/test';
import type { Board, ImportList, PatchList, Sprint } from '../src/api/schema';
import { admin, complaints, expected, read, requireSamples, sampleFiles, samples, send, signIn, team } from './shared';

/** One team from an empty server to a closed sprint; each step stands on the ones before. */
test.describe.configure({ mode: 'serial' });

const home = `/t/${team.key}`;
let context: BrowserContext;
let page: Page;
let found: string[];

test.beforeAll(async ({ browser }) => {
  requireSamples();
  context = await browser.newContext({ acceptDownloads: true, timezoneId: 'Europe/Berlin' });
  page = await context.newPage();
  found = complaints(page);
});
test.afterAll(async () => {
  await context?.close();
});
test.afterEach(() => {
  expect(found).toEqual([]);
});

const grid = () => page.getByRole('grid', { name: 'Patch backlog' });
const row = (key: string) => page.locator(`.brow[data-key="${key}"]`);
const keysInView = () =>
  page
    .locator('.brows .brow')
    .evaluateAll((rows) =>
      rows
        .toSorted((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
        .map((r) => (r as HTMLElement).dataset.key ?? ''),
    );
const onServer = async () =>
  (await read<PatchList>(page, `/teams/${team.key}/patches?limit=200`)).items.map((p) => p.key);
const toast = (text: string | RegExp) => page.locator('.toast').filter({ hasText: text });

test('an empty server asks for its first administrator and team', async () => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel('Name', { exact: true }).fill(admin.name);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByLabel('Team name').fill(team.name);
  await page.getByLabel('Key', { exact: true }).fill(team.key);
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page).toHaveURL(new RegExp(`${home}/backlog$`));
  await expect(page.getByText('The backlog is empty')).toBeVisible();
});

test('reports and feeds are imported, and their counts are those of the files', async () => {
  test.setTimeout(240_000);
  const files = [
    ...sampleFiles('trivy', '.json'),
    'grype/check_all_fields.json',
    'kev/kev-2025-08-25.json',
    'epss/epss_scores-2026-06-14.csv.gz',
    ...sampleFiles('cve5-vulnrichment'),
  ];
  await page.getByRole('link', { name: 'Import a scanner report' }).click();
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(files.map((f) => resolve(samples, f)));
  const jobs = async () => (await read<ImportList>(page, `/teams/${team.key}/imports?limit=100`)).items;
  await expect
    .poll(async () => (await jobs()).filter((j) => j.state !== 'queued' && j.state !== 'running').length, {
      timeout: 200_000,
      intervals: [500],
    })
    .toBe(files.length);
  const done = new Map((await jobs()).map((j) => [j.file, j]));
  for (const file of files) {
    const job = done.get(file.split('/').at(-1) ?? '');
    expect
      .soft({ file, state: job?.state, records: job?.records, vulnerabilities: job?.vulnerabilities })
      .toEqual({ file, state: 'done', ...expected(file) });
  }
});

test('the backlog is ranked by risk and explains each score', async () => {
  await page.goto(`${home}/backlog`);
  await expect(grid().getByRole('row').nth(1)).toBeVisible();
  const keys = await keysInView();
  expect(keys.length).toBeGreaterThan(4);
  expect(keys).toEqual((await onServer()).slice(0, keys.length));
  await grid().focus();
  await page.keyboard.press('Enter');
  const parts = page.getByRole('complementary').locator('.score-parts');
  await expect(parts).toBeVisible();
  const numbers = await parts
    .locator('td.num')
    .evaluateAll((cells) => cells.map((c) => Number(c.textContent?.replace('−', '-'))));
  const score = numbers.pop() ?? 0;
  expect(numbers.reduce((s, n) => s + n, 0)).toBeCloseTo(score, 1);
  await page.keyboard.press('Escape');
  await expect(grid()).toBeFocused();
});

test('a patch is placed by keyboard, the place is undone', async () => {
  const before = await onServer();
  const third = before[2] ?? '';
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(toast(`${third} moved from 3 to 2`)).toBeVisible();
  expect((await onServer()).indexOf(third)).toBe(1);
  await expect(row(third).locator('.pin svg')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect.poll(onServer).toEqual(before);
  await expect(row(third).locator('.pin svg')).toHaveCount(0);
});

test('a patch is placed by drag, the toast undoes it', async () => {
  const before = await onServer();
  const [first = '', , , fourth = ''] = before;
  await row(fourth).hover();
  await expect(row(fourth)).toHaveAttribute('draggable', 'true'); // its library comes with the first move of a pointer
  await row(fourth).dragTo(row(first), { sourcePosition: { x: 160, y: 16 }, targetPosition: { x: 160, y: 4 } });
  await expect(toast(`${fourth} moved from 4 to 1`)).toBeVisible();
  await expect.poll(async () => (await onServer())[0]).toBe(fourth);
  await toast(`${fourth} moved`).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(onServer).toEqual(before);
});

test('somebody who was first is named, and the fresh place is shown', async () => {
  const [first = '', second = ''] = await onServer();
  const patch = await read<{ version: number }>(page, `/teams/${team.key}/patches/${second}`);
  // somebody changes the patch while the page's own request is on its way
  const overtake = async (route: Route) => {
    const data = { version: patch.version, points: 3 };
    const change = await page.request.patch(`/api/v1/teams/${team.key}/patches/${second}`, { data });
    expect(change.ok(), await change.text()).toBe(true);
    await route.continue();
  };
  await page.route('**/place', overtake, { times: 1 });
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('j');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(toast(/changed .* first/)).toBeVisible();
  await expect.poll(async () => (await keysInView()).slice(0, 2)).toEqual([first, second]);
});

test('points are typed in place', async () => {
  await page.reload();
  await expect(grid().getByRole('row').nth(1)).toBeVisible();
  const keys = (await onServer()).slice(0, 5);
  for (const [i, key] of keys.entries()) {
    await grid().focus();
    await page.keyboard.press('Home');
    for (let n = 0; n < i; n++) await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.keyboard.type(String(i + 0.5));
    await page.keyboard.press('Enter');
    await expect(toast(`${key}: ${i + 0.5} points`)).toBeVisible();
  }
  await expect(grid()).toBeFocused();
});

test('a sprint is planned by drag and by key', async () => {
  await page.getByRole('button', { name: 'Plan a sprint' }).click();
  const dialog = page.getByRole('dialog', { name: 'Plan a sprint' });
  await dialog.getByLabel(/^Goal/).fill('Nothing known to be exploited stays open');
  await dialog.getByLabel(/^First day/).fill(dayFromNow(0));
  await dialog.getByLabel(/^Last day/).fill(dayFromNow(13));
  await dialog.getByRole('button', { name: 'Plan sprint' }).click();
  const card = page.getByRole('article', { name: 'Sprint 1' });
  await expect(card.getByText('Nothing known to be exploited stays open')).toBeVisible();
  const [first = '', second = '', third = '', fourth = ''] = await onServer();
  await row(first).dragTo(card);
  await expect(card.getByText(/^1 item · /)).toBeVisible();
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByRole('group', { name: 'Selected patches' })).toContainText('2 patches');
  await page.keyboard.press('Shift+C');
  await expect(card.getByText(/^3 items · 4.5 pts/)).toBeVisible();
  await expect(card.locator('.sprint-item .key')).toHaveText([first, second, third]);
  await row(fourth).dragTo(card);
  await expect(card.getByText(/^4 items · /)).toBeVisible();
  await card.locator('.sprint-item', { hasText: fourth }).dragTo(grid());
  await expect(card.getByText(/^3 items · /)).toBeVisible();
});

test('the start shows what it freezes, then freezes it', async () => {
  const card = page.getByRole('article', { name: 'Sprint 1' });
  await card.getByRole('button', { name: 'Start…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start Sprint 1' });
  await expect(dialog.locator('.frozen')).toContainText('4.5');
  await expect(dialog.locator('.checks li').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Start sprint' }).click();
  await expect(card.getByText('Active')).toBeVisible();
  const sprint = await read<Sprint>(page, `/teams/${team.key}/sprints/1`);
  expect(sprint).toMatchObject({ state: 'active', totals: { committed: 4.5, items: 3 } });
});

const cardOf = (on: Page, key: string) => on.locator(`.card[data-key="${key}"]`);
const inColumn = (on: Page, status: string, key: string): Locator =>
  on.locator(`.column[data-status="${status}"] .card[data-key="${key}"]`);

test('cards move by drag and by keyboard, and a second browser sees it within a second', async ({ browser }) => {
  const [first = '', second = ''] = (await board()).columns[0]?.cards.map((c) => c.key) ?? [];
  await page.getByRole('link', { name: 'Sprint board' }).click();
  await expect(cardOf(page, first)).toBeVisible();
  const other = await anotherBrowser(browser);
  await other.goto(`${home}/board`);
  await expect(cardOf(other, first)).toBeVisible();
  await other.waitForTimeout(500); // its live stream opens after the page is shown

  await cardOf(page, first).dragTo(page.locator('.column[data-status="in_progress"]'));
  await expect(inColumn(page, 'in_progress', first)).toBeVisible();
  await expect(inColumn(other, 'in_progress', first)).toBeVisible({ timeout: 1000 });

  await cardOf(page, second).focus();
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Shift+L');
  await expect(inColumn(page, 'testing', second)).toBeFocused();
  await expect(inColumn(other, 'testing', second)).toBeVisible({ timeout: 1000 });
  await expect(toast(`${second} moved to Testing`)).toBeVisible();
  await other.context().close();
});

test('a move on a stale board is taken back and says who was first', async ({ browser }) => {
  const key = (await board()).columns.find((c) => c.status === 'testing')?.cards[0]?.key ?? '';
  const other = await anotherBrowser(browser);
  await other.route('**/events', (route) => route.abort()); // hears nothing, so its board grows old
  await other.goto(`${home}/board`);
  await expect(cardOf(other, key)).toBeVisible();
  await cardOf(page, key).focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(toast(`${key} moved to In progress`)).toBeVisible();
  await cardOf(other, key).focus();
  await other.keyboard.press('Alt+ArrowRight');
  await expect(other.locator('.toast').filter({ hasText: `${admin.name} moved ${key} first` })).toBeVisible();
  await expect(inColumn(other, 'in_progress', key)).toBeVisible();
  await other.context().close();
});

test('done work asks why before it is reopened', async () => {
  const key = (await board()).columns.find((c) => c.status === 'in_progress')?.cards[0]?.key ?? '';
  await moveByMenu(key, 'Verified');
  await expect(inColumn(page, 'verified', key)).toBeVisible();
  await moveByMenu(key, 'Testing');
  const dialog = page.getByRole('dialog', { name: `Reopen ${key}` });
  await dialog.getByLabel('Why').selectOption('failed_verification');
  await dialog.getByRole('button', { name: 'Reopen' }).click();
  await expect(inColumn(page, 'testing', key)).toBeVisible();
  await expect(toast(`${key} moved to Testing`)).toBeVisible();
  await moveByMenu(key, 'Verified');
  await expect(toast(`${key} moved to Verified`)).toBeVisible();
});

test('the close asks for a decision on every unfinished item', async () => {
  await page.getByRole('button', { name: 'Close sprint…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Close Sprint 1' });
  const close = dialog.getByRole('button', { name: 'Close sprint' });
  await expect(dialog.locator('.unfinished li')).toHaveCount(2);
  await expect(close).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('button', { name: /^Next sprint/ }).click();
  await dialog.locator('.unfinished select').first().selectOption('backlog_rank');
  await dialog.getByLabel('Yes').check();
  await close.click();
  await expect(toast('Sprint 1 closed')).toBeVisible();
  await expect(page.getByText('No sprint is active')).toBeVisible();
  const next = await read<Sprint>(page, `/teams/${team.key}/sprints/2`);
  expect(next).toMatchObject({ state: 'planned', totals: { items: 1 } });
});

test('the burndown tells the sprint as chart, table, CSV and picture', async () => {
  await page.goto(`${home}/burndown?sprint=1`);
  const chart = page.getByRole('group', { name: /^Burndown chart/ });
  await expect(chart.locator('.chart-main')).toHaveAttribute('d', /M/);
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.chart-tip')).toContainText('Scope');
  await chart.locator('.marker').first().focus();
  await expect(page.locator('.chart-tip')).toContainText('reopened');
  const csv = await download('CSV');
  const lines = csv.toString('utf8').trim().split(/\r?\n/);
  await page.getByRole('radio', { name: 'Table' }).click();
  await expect(page.getByRole('table', { name: 'Points at the end of each day' }).locator('tbody tr')).toHaveCount(
    lines.length - 1,
  );
  await page.getByRole('radio', { name: 'Chart' }).click();
  await expect(chart.locator('.chart-main')).toHaveAttribute('d', /M/);
  const png = await download('PNG');
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(png.length).toBeGreaterThan(5000);
  await page.getByRole('radio', { name: 'Risk' }).click();
  await expect(page.getByRole('table', { name: 'Why the risk moved' })).toContainText('Retired');
});

test('a second sprint runs, for the checks that follow', async () => {
  const sprint = await read<Sprint>(page, `/teams/${team.key}/sprints/2`);
  const keys = (await onServer()).slice(0, 4);
  const filled = await send<Sprint>(page, `/teams/${team.key}/sprints/2/items`, { keys });
  await send(page, `/teams/${team.key}/sprints/2/start`, { version: Math.max(sprint.version, filled.version) });
  await page.goto(`${home}/board`);
  await expect(page.locator('.card').first()).toBeVisible();
});

const board = () => read<Board>(page, `/teams/${team.key}/board`);

async function moveByMenu(key: string, column: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${key}` }).click();
  await page.getByRole('menuitem', { name: `Move to ${column}` }).click();
}

async function anotherBrowser(browser: Browser): Promise<Page> {
  const other = await (await browser.newContext()).newPage();
  await signIn(other);
  return other;
}

async function download(name: string): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole(name === 'CSV' ? 'link' : 'button', { name }).click(),
  ]);
  return readFileSync(await file.path());
}

/** A day in the team's zone, so many days from today. */
function dayFromNow(days: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' });
  return parts.format(Date.now() + days * 86_400_000);
}
