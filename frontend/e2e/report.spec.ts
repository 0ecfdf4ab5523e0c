import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { SprintReport } from '../src/api/schema';
import { complaints, read, send, signIn } from './shared';

/**
 * A sprint of long ago comes in through the page, and its report gives the numbers of its file.
 * The team is this file's own, so that it runs in any order.
 */
const golden = resolve(process.env.PATCHLINE_SHARED ?? '../../shared', 'golden', 'sprint.json');
const key = `H${Date.now().toString(36).toUpperCase().slice(-6)}`;
const home = `/t/${key}`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  test.skip(!existsSync(golden), `THE GOLDEN SPRINT IS MISSING: no ${golden}`);
  const page = await browser.newPage();
  await signIn(page);
  await send(page, '/teams', { key, name: 'Of old', time_zone: 'Europe/Berlin' });
  await page.close();
});

const drop = async (page: Page, files: { name: string; text: string }[]) => {
  await page
    .getByLabel('Drop files with past sprints here or choose them')
    .setInputFiles(files.map((f) => ({ name: f.name, mimeType: 'application/json', buffer: Buffer.from(f.text) })));
};

test('past sprints come in by the page, and a wrong file is refused with a sentence', async ({ page }) => {
  const found = complaints(page);
  await signIn(page);
  await page.goto(`${home}/sprints`);
  await page.getByRole('button', { name: 'Import past sprints…' }).click();
  await drop(page, [
    { name: 'wrong.json', text: '{"vulnerabilities":[]}' },
    {
      name: 'sums.csv',
      text: 'sprint;start;end;committed;completed\nOne;2026-08-03;2026-08-14;10;8\nTwo;2026-08-17;2026-08-28;12;11\n',
    },
    { name: 'sprint.json', text: readFileSync(golden, 'utf8') },
  ]);
  await expect(page.getByText('This JSON is no history of a sprint')).toBeVisible();
  await expect(page.getByText('11 of 19 points completed, 2 items carried, 1 dropped.')).toBeVisible();
  await drop(page, [{ name: 'sprint.json', text: readFileSync(golden, 'utf8') }]);
  await expect(page.getByText('was imported before; nothing changed')).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('link', { name: 'Sprint report' })).toHaveCount(3);
  expect(found).toEqual([]);
});

test('the report gives the numbers of the file, on the page and by the API', async ({ page }) => {
  await signIn(page);
  const want = JSON.parse(readFileSync(golden, 'utf8')) as SprintReport;
  const got = await read<SprintReport>(page, `/teams/${key}/sprints/3/report`);
  expect(got.days).toEqual(want.days);
  expect(got.carry_over).toEqual(want.carry_over);
  expect(got.forecast).toMatchObject(want.forecast as Record<string, unknown>);
  await page.goto(`${home}/sprints/3/report`);
  for (const text of ['19 points', '11 points, 3 of them added later', '42 % of the commitment', '26 points']) {
    await expect(page.getByText(text, { exact: true })).toBeVisible();
  }
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Markdown file' }).click();
  expect(readFileSync(await (await saved).path(), 'utf8')).toContain('| Committed | 19 |');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const figures = await page.locator('.report-figures').boundingBox();
  expect(figures?.width, 'the whole width of the paper').toBeGreaterThan((page.viewportSize()?.width ?? 0) * 0.9);
  await expect(page.locator('body'), 'ink on white, whatever the screen').toHaveCSS('color', 'rgb(27, 35, 48)');
  const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g);
  expect(pages).toHaveLength(1);
});

test('the charts can be read as tables, and saved as CSV, JSON and picture', async ({ page }) => {
  const found = complaints(page);
  await signIn(page);
  await page.goto(`${home}/reports`);
  await expect(page.getByText('10 points a sprint over the last 3, from 8 to 11.')).toBeVisible();
  const velocity = page.getByRole('region', { name: 'Velocity', exact: true });
  const files: Record<string, Buffer> = {};
  for (const kind of ['CSV', 'JSON', 'PNG']) {
    const saved = page.waitForEvent('download');
    await velocity.getByRole('button', { name: `${kind} of Velocity` }).click();
    files[kind] = readFileSync(await (await saved).path());
  }
  expect(files.CSV?.toString()).toContain('Sprint 1,10,8,2026-08-14');
  expect(JSON.parse(files.JSON?.toString() ?? '')).toMatchObject({ mean: 10, enough: true });
  expect(files.PNG?.subarray(1, 4).toString()).toBe('PNG');
  await velocity.getByRole('radio', { name: 'Table' }).click();
  await expect(velocity.getByRole('row', { name: /Sprint 3/ })).toContainText('19');
  await page.goto(`${home}/burndown?sprint=3&look=table`);
  await expect(page.getByRole('row', { name: /Oct\w* 30/ })).toContainText('15');
  await page.goto(`${home}/burndown?sprint=3&metric=risk&look=causes`);
  await expect(page.locator('.cause-bar')).toHaveCount(8);
  expect(found).toEqual([]);
});

for (const [name, path] of [
  ['reports', '/reports'],
  ['sprint report', '/sprints/3/report'],
  ['sums only', '/burndown?sprint=1'],
  ['causes', '/burndown?sprint=3&metric=risk&look=causes'],
] as const) {
  test(`${name}: no barrier, light, dark and on a phone`, async ({ page }) => {
    await signIn(page);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      for (const width of [1440, 360]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`${home}${path}`);
        await page.waitForLoadState('networkidle');
        await expect(page.locator('h1')).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
    }
  });
}
