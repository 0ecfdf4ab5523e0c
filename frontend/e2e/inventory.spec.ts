import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test';
import type { Asset, AssetList, Import, Patch, PatchList } from '../src/api/schema';
import { complaints, read, send, signIn } from './shared';

/** The inventory of a team of its own: groups, changes of many, what is installed, merging, coverage. */
test.describe.configure({ mode: 'serial' });

const team = 'STOCK';
const home = `/t/${team}`;
let page: Page;
let found: string[];

test.beforeAll(async ({ browser }: { browser: Browser }) => {
  page = await (await browser.newContext({ timezoneId: 'Europe/Berlin' })).newPage();
  found = complaints(page);
  await signIn(page);
  await send(page, '/teams', { key: team, name: 'Stock' });
  await imported(
    page.request,
    'findings.csv',
    [
      'asset,asset_kind,component,ecosystem,vulnerability,installed_version,fixed_version,severity',
      ...['web', 'web.example.org', 'db', 'mail'].map(
        (name) => `${name},host,openssl,deb,CVE-2026-0001,3.0.1-1,3.0.2-1,high`,
      ),
    ].join('\n'),
  );
});
test.afterAll(async () => {
  await page?.context().close();
});
test.afterEach(() => {
  expect(found).toEqual([]);
});

async function imported(request: APIRequestContext, name: string, text: string, asset = ''): Promise<void> {
  const query = new URLSearchParams({ filename: name, ...(asset && { asset }) });
  const answer = await request.post(`/api/v1/teams/${team}/imports?${query}`, {
    data: Buffer.from(text),
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  expect(answer.status(), await answer.text()).toBe(202);
  const { id } = (await answer.json()) as Import;
  const job = async () => (await read<Import>(page, `/teams/${team}/imports/${id}`)).state;
  await expect.poll(job, { timeout: 30_000 }).toBe('done');
}

const assets = async () => (await read<AssetList>(page, `/teams/${team}/assets`)).items;
const named = async (name: string) => (await assets()).find((a) => a.name === name) as Asset;
const patch = async () => (await read<PatchList>(page, `/teams/${team}/patches`)).items[0] as Patch;
const toast = (text: string | RegExp) => page.locator('.toast').filter({ hasText: text });

test('several assets are changed at once and the change is undone', async () => {
  await page.goto(`${home}/assets`);
  await page.getByLabel('Select db', { exact: true }).check();
  await page.getByLabel('Select mail', { exact: true }).check();
  await page.getByRole('button', { name: 'Edit…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Criticality').selectOption('critical');
  await dialog.getByLabel('Add tags').fill('pci');
  await dialog.getByLabel('Add tags').press('Enter');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(toast('2 assets changed')).toBeVisible();
  expect((await named('db')).criticality).toBe('critical');
  await toast('2 assets changed').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await named('db')).criticality).toBe('medium');
  expect((await named('mail')).tags).toEqual([]);
});

test('a group follows its rule and narrows the backlog', async () => {
  await page.goto(`${home}/asset-groups`);
  await page.getByRole('button', { name: 'New group' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Web servers');
  await dialog.getByRole('button', { name: 'Add a condition' }).click();
  await dialog.getByLabel('Property 1').selectOption('name');
  await dialog.getByLabel('Comparison 1').selectOption('contains');
  await dialog.getByLabel('Values 1').fill('web');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const group = page.getByRole('listitem').filter({ hasText: 'Web servers' });
  await expect(group).toContainText('name contains web');
  await expect(group.getByRole('link', { name: '2 assets' })).toBeVisible();
  await group.getByRole('link', { name: 'Its patches' }).click();
  await expect(page.locator('.brows .brow')).toHaveCount(1);
});

test('what is installed is listed and closes what it disproves', async () => {
  const lines = [
    'adduser\t3.134\tall\tinstalled',
    'bash\t5.2.15-2\tamd64\tinstalled',
    'openssl\t3.0.2-1\tamd64\tinstalled',
  ];
  await imported(page.request, 'dpkg-query.tsv', lines.join('\n'), 'mail');
  const mail = await named('mail');
  await page.goto(`${home}/assets/${mail.id}?tab=components`);
  await page.getByLabel('Search what is installed').fill('ssl');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await expect(page.locator('tbody tr')).toContainText('3.0.2-1');
  await page.getByRole('tab', { name: /Findings/ }).click();
  await page.getByRole('radio', { name: 'Fixed' }).click();
  await expect(page.getByRole('link', { name: 'CVE-2026-0001' })).toBeVisible();
});

test('a patch says on which hosts it has arrived', async () => {
  const p = await patch();
  expect([p.patched, p.assets]).toEqual([1, 3]);
  await page.goto(`${home}/patches/${p.key}`);
  await expect(page.getByText('1 of 4 hosts patched').first()).toBeVisible();
  const findings = page.locator('.finding-group');
  await expect(findings.filter({ hasText: '1 finding, 0 open' }), 'the patched host').toHaveCount(1);
  await expect(findings.getByRole('link'), 'of many hosts only the names').toHaveCount(0);
  await findings.first().locator('summary').click();
  await expect(findings.getByRole('link')).toHaveText('CVE-2026-0001');
  await page.getByRole('button', { name: 'Show the hosts' }).click();
  await page.getByRole('button', { name: 'Patched 1' }).click();
  await expect(page.locator('.coverage-list li')).toHaveCount(1);
  await expect(page.locator('.coverage-list li')).toContainText('mail');
});

test('two names of one host are merged, and taken apart again', async () => {
  await page.goto(`${home}/asset-duplicates`);
  await page.getByRole('button', { name: /^Merge web/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(toast('merged into')).toBeVisible();
  expect((await assets()).length).toBe(3);
  expect((await patch()).assets).toBe(2);
  await toast('merged into').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await assets()).length).toBe(4);
  expect((await patch()).assets).toBe(3);
});
