import { expect, type Page, test } from '@playwright/test';
import type { Exception, Patch, PatchDetail, PolicyList } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** A team of its own, with a product owner who asks and an approver who decides in a second browser. */
test.describe.configure({ mode: 'serial' });

const key = 'EXC';
const people = [
  { name: 'Exc po', email: 'exc.po@example.org', role: 'product_owner' },
  { name: 'Exc approver', email: 'exc.approver@example.org', role: 'approver' },
] as const;
const home = `/t/${key}`;
let owner: Page;
let approver: Page;
let found: string[][];

test.beforeAll(async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  await signIn(root);
  await makeTeam(root, { key, name: 'Exceptions', time_zone: 'UTC' }, people);
  for (const title of ['nginx 1.28.1', 'curl 8.17']) await send<Patch>(root, `/teams/${key}/patches`, { title });
  await root.context().close();
  owner = await person(browser, people[0].email);
  approver = await person(browser, people[1].email);
  found = [owner, approver].map(complaints);
});
test.afterAll(async () => {
  await owner?.context().close();
  await approver?.context().close();
});
test.afterEach(() => {
  expect(found.flat()).toEqual([]);
});

const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
const patch = (n: number) => read<PatchDetail>(owner, `/teams/${key}/patches/${key}-${n}`);

async function ask(page: Page, n: number) {
  await page.goto(`${home}/patches/${key}-${n}`);
  await page.getByRole('button', { name: 'Ask for an exception…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('The vendor is late');
  await dialog.getByLabel('Compensating control').fill('WAF rule');
  await dialog.getByLabel('Last day').fill(inDays(30));
  await dialog.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(page.getByText('Waits for approval')).toBeVisible();
}

test('a request changes nothing until somebody else approves it in another browser', async () => {
  await ask(owner, 1);
  expect((await patch(1)).status).toBe('new');
  await approver.goto(`${home}/exceptions`);
  await expect(approver.locator('nav .badge')).toHaveText('1');
  await approver.getByRole('button', { name: `Approve ${key}-1` }).click();
  await approver.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(approver.getByText('Nothing waits for you')).toBeVisible();
  const now = await patch(1);
  expect([now.status, now.drop_reason]).toEqual(['dropped', 'risk_accepted']);
  await expect(owner.getByText('In force')).toBeVisible(); // the other browser hears of it
});

test('the approver cannot approve an own request, by page or by API', async () => {
  await ask(approver, 2);
  await expect(approver.getByText('Somebody else approves your request.')).toBeVisible();
  await expect(approver.getByRole('button', { name: `Approve ${key}-2` })).toHaveCount(0);
  const { items } = await read<{ items: Exception[] }>(approver, `/teams/${key}/exceptions?key=${key}-2`);
  const answer = await approver.request.post(`/api/v1/teams/${key}/exceptions/${items[0]?.id}/approve`, {
    data: { version: 1 },
  });
  expect(answer.status()).toBe(403);
  await approver.getByRole('button', { name: `Withdraw ${key}-2` }).click();
  await expect(approver.getByText('Withdrawn').first()).toBeVisible();
});

test('J and K, the arrows and Enter go through the list', async () => {
  await owner.goto(`${home}/exceptions?view=past`);
  const entry = (n: number) => owner.getByRole('list', { name: 'Exceptions' }).locator('> li').nth(n);
  await expect(entry(0)).toContainText(`${key}-2`);
  await owner.keyboard.press('j');
  await expect(entry(0)).toBeFocused();
  await owner.keyboard.press('k');
  await expect(entry(0)).toBeFocused();
  await owner.keyboard.press('Enter');
  await expect(owner).toHaveURL(new RegExp(`/patches/${key}-2`));
});

test('a renewal is counted where everybody sees it', async () => {
  await owner.goto(`${home}/exceptions?view=active`);
  await owner.getByRole('button', { name: `Renew ${key}-1` }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Later still');
  await dialog.getByLabel('Last day').fill(inDays(60));
  await dialog.getByRole('button', { name: 'Ask for renewal' }).click();
  await owner.goto(`${home}/exceptions?view=requested`);
  await expect(owner.getByRole('list', { name: 'Exceptions' })).toContainText(/renew/i);
  await owner.getByRole('button', { name: `Withdraw ${key}-1` }).click();
  await expect(owner.getByText('Nothing is asked for')).toBeVisible();
});

test('an exception that is ended brings the patch back', async () => {
  await owner.goto(`${home}/exceptions?view=active`);
  await owner.getByRole('button', { name: `End ${key}-1` }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'End exception' }).click();
  await expect(owner.getByText('No exception is in force')).toBeVisible();
  expect((await patch(1)).status).toBe('new'); // as it was
});

test('a card of the board asks for an exception in its menu', async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  await signIn(root);
  await send(root, `/teams/${key}/sprints`, {});
  const added = await root.request.put(`/api/v1/teams/${key}/sprints/1/items/${key}-2`);
  await send(root, `/teams/${key}/sprints/1/start`, {
    version: ((await added.json()) as { version: number }).version,
  });
  await owner.goto(`${home}/board`);
  await owner.getByRole('button', { name: `Actions for ${key}-2` }).click();
  await owner.getByRole('menuitem', { name: 'Ask for an exception…' }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('No window before the freeze');
  await dialog.getByLabel('Compensating control').fill('WAF rule');
  await dialog.getByLabel('Last day').fill(inDays(10));
  await dialog.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(dialog).toBeHidden();
  const { items } = await read<{ items: Exception[] }>(owner, `/teams/${key}/exceptions?key=${key}-2&view=requested`);
  expect(items.map((e) => e.state)).toEqual(['requested']);
});

test('a policy is previewed, and applied only then', async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  const heard = complaints(root);
  await signIn(root);
  const before = (await patch(1)).due_at;
  await root.goto(`${home}/policies`);
  await root.getByRole('button', { name: 'New policy' }).click();
  const dialog = root.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Within two days');
  await dialog.getByLabel('Days').fill('2');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(dialog.getByText('2 of 2 open patches would change')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  expect((await patch(1)).due_at).toBe(before);
  await root.getByRole('switch', { name: 'Within two days' }).click();
  await expect(dialog.getByText('2 of 2 open patches would change')).toBeVisible();
  await dialog.getByRole('button', { name: 'Switch on' }).click();
  await expect
    .poll(async () => (await read<PolicyList>(root, `/teams/${key}/policies`)).runs[0]?.state, { timeout: 20_000 })
    .toBe('done');
  expect((await patch(1)).due_policy).toBe('Within two days');
  await expect(root.getByRole('cell', { name: 'done' }).first()).toBeVisible();
  expect(heard).toEqual([]);
  await root.context().close();
});
