import { expect, type Page, test } from '@playwright/test';
import type { EstimationTable, PatchDetail } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** Planning poker at one table with three browsers at once, in a team of its own. */
test.describe.configure({ mode: 'serial' });

const key = 'POKE';
const people = [
  { name: 'Amara Okafor', email: 'amara@poker.example.org', role: 'scrum_master' },
  { name: 'Chen Wei', email: 'chen@poker.example.org', role: 'member' },
  { name: 'Hugo Martin', email: 'hugo@poker.example.org', role: 'viewer' },
] as const;
const here = { timezoneId: 'Europe/Berlin' };
// no other text on these pages holds it
const label = 'SECRET8Q';
let amara: Page;
let chen: Page;
let hugo: Page;
let found: string[];
/** What reached the browsers of those who did not vote so, until the reveal. */
const heard: string[] = [];

test.beforeAll(async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  await begin(root);
  [amara, chen, hugo] = (await Promise.all(people.map((p) => person(browser, p.email, here)))) as [Page, Page, Page];
  found = [amara, chen, hugo].flatMap(complaints);
});
test.afterEach(() => expect(found).toEqual([]));

async function begin(root: Page): Promise<void> {
  await signIn(root);
  await makeTeam(root, { key, name: 'Estimators', time_zone: 'Europe/Berlin' }, people);
  const rules = await read<Record<string, unknown>>(root, `/teams/${key}/rules`);
  delete rules.scales;
  const values = [
    { label: '3', points: 3 },
    { label: '5', points: 5 },
    { label, points: 8 },
  ];
  const answer = await root.request.put(`/api/v1/teams/${key}/rules`, {
    data: { ...rules, scale: { kind: 'own', values } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  for (const title of ['Update xz', 'Update the kernel']) await send(root, `/teams/${key}/patches`, { title });
}

/** The text of an answer without the values that could have been voted for. */
const withoutScales = (text: string) => text.replaceAll(/"scales?":\s*(\[[^\]]*\]|\{[^}]*\}[^}]*\})/g, '');

/** Keeps every answer of the API that reaches a page; the live stream is read by a second connection. */
async function listen(page: Page): Promise<void> {
  page.on('response', async (r) => {
    if (!r.url().includes('/api/v1/') || r.url().endsWith('/events') || r.url().endsWith('/rules')) return;
    heard.push(await r.text().catch(() => ''));
  });
  await page.evaluate((team) => {
    const events: string[] = [];
    Object.assign(window, { heardEvents: events });
    const source = new EventSource(`/api/v1/teams/${team}/events`);
    for (const kind of ['estimate.changed', 'patch.changed', 'message'])
      source.addEventListener(kind, (e) => events.push((e as MessageEvent<string>).data));
    return new Promise((ready) => source.addEventListener('open', ready));
  }, key);
}

const seats = (page: Page) => page.getByRole('list', { name: 'At the table' }).getByRole('listitem');

test('the highest patches without an estimate come on the table, and everybody sees who is there', async () => {
  await amara.goto(`/t/${key}/estimate`);
  await expect(amara.getByText('Nothing is being estimated')).toBeVisible();
  await amara.getByRole('button', { name: 'Start an estimation…' }).click();
  await amara.getByLabel('Reveal as soon as everybody present has voted').uncheck();
  await amara.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(amara.getByRole('heading', { name: /^POKE-1/ })).toBeVisible();
  for (const page of [chen, hugo]) {
    await page.goto(`/t/${key}/estimate`);
    await page.getByRole('link', { name: /^Refinement/ }).click();
    await expect(page.getByRole('heading', { name: /^POKE-1/ })).toBeVisible();
  }
  for (const page of [amara, chen, hugo]) await expect(seats(page)).toHaveCount(3, { timeout: 12_000 });
  await expect(hugo.getByRole('toolbar', { name: 'Your vote' })).toHaveCount(0);
  await expect(seats(amara).filter({ hasText: 'Hugo Martin' })).toContainText('watches');
});

test('a vote is seen by nobody but the voter until it is revealed', async () => {
  await listen(amara);
  await listen(hugo);
  await chen.getByRole('button', { name: `${label} points` }).click();
  await expect(chen.getByRole('button', { name: `${label} points` })).toHaveAttribute('aria-pressed', 'true');
  for (const page of [amara, hugo]) {
    await expect(seats(page).filter({ hasText: 'Chen Wei' })).toContainText('has voted', { timeout: 3000 });
    await expect(page.locator('.estimate-seats')).not.toContainText(label);
  }
  await amara.keyboard.press('3');
  await expect(seats(chen).filter({ hasText: 'Amara Okafor' })).toContainText('has voted', { timeout: 3000 });
  const events = (await amara.evaluate(() => (window as unknown as { heardEvents: string[] }).heardEvents)).join();
  expect(events).toContain('estimate.changed');
  expect(heard.join()).toContain('"voted"');
  expect(withoutScales(events + heard.join())).not.toContain(label);
});

test('the reveal shows the votes and their statistics to all, and another round keeps them', async () => {
  await amara.getByRole('button', { name: 'Reveal' }).click();
  for (const page of [amara, chen, hugo]) {
    await expect(seats(page).filter({ hasText: 'Chen Wei' })).toContainText(label, { timeout: 3000 });
    await expect(page.getByText('Median 5.5, mean 5.5, from 3 to 8', { exact: true })).toBeVisible();
  }
  await expect(chen.getByRole('button', { name: 'Vote again' })).toHaveCount(0);
  await amara.getByRole('button', { name: 'Vote again' }).click();
  await expect(chen.getByText('Round 2', { exact: true })).toBeVisible({ timeout: 3000 });
  await chen.getByRole('button', { name: '5 points' }).focus();
  await chen.keyboard.press('ArrowLeft');
  await chen.keyboard.press('ArrowRight');
  await chen.keyboard.press('Enter');
  await amara.keyboard.press('5');
  await expect(seats(amara).filter({ hasText: 'has voted' })).toHaveCount(2, { timeout: 3000 });
  await amara.keyboard.press('r');
  await expect(hugo.getByText('All agree on 5', { exact: true })).toBeVisible({ timeout: 3000 });
  await hugo.getByText('Earlier rounds (1)').click();
  await expect(hugo.getByText(`Amara Okafor: 3, Chen Wei: ${label}`)).toBeVisible();
});

test('the final value is a person’s, stands in the backlog and in the history, and the next patch comes', async () => {
  await amara.getByRole('button', { name: 'Set 5', exact: true }).click();
  await expect(chen.getByText('5 points, set by Amara Okafor after round 2')).toBeVisible({ timeout: 3000 });
  expect((await read<PatchDetail>(chen, `/teams/${key}/patches/${key}-1`)).points).toBe(5);
  await amara.getByRole('button', { name: `Next: ${key}-2` }).click();
  await expect(chen.getByRole('heading', { name: /^POKE-2/ })).toBeVisible({ timeout: 3000 });
  await hugo.goto(`/t/${key}/patches/${key}-1`);
  const history = hugo.getByRole('region', { name: 'Estimates' });
  await expect(history).toContainText('5 points by Amara Okafor after round 2 of planning poker');
  await expect(history).toContainText(`Chen Wei ${label}`);
  await hugo.goto(`/t/${key}/backlog`);
  await expect(hugo.getByRole('row', { name: /POKE-1/ })).toContainText('5');
});

test('an asynchronous estimation takes votes until its deadline and reveals when all have voted', async () => {
  const deadline = new Date(Date.now() + 3_600_000).toISOString();
  const table = await send<EstimationTable>(amara, `/teams/${key}/estimations`, {
    name: 'This week',
    mode: 'async',
    deadline,
    keys: [`${key}-2`],
  });
  await chen.goto(`/t/${key}/estimate`);
  await expect(chen.getByRole('listitem').filter({ hasText: 'This week' })).toContainText('1 vote of yours missing');
  await chen.getByRole('link', { name: 'This week' }).click();
  await chen.getByRole('button', { name: 'Unsure' }).click();
  await amara.goto(`/t/${key}/estimate/${table.id}`);
  await amara.getByRole('button', { name: '3 points' }).click();
  await expect(chen.getByText('One estimate: 3; 1 unsure', { exact: true })).toBeVisible({ timeout: 3000 });
  await expect(chen.getByText('revealed as everybody had voted', { exact: false })).toBeVisible();
});
