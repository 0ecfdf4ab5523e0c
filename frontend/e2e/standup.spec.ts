import { expect, type Page, test } from '@playwright/test';
import type { Patch, Standup } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** A team of its own, so that the order of the files does not matter. It works on every day of the week. */
const key = 'STU';
const people = [
  { name: 'Carla Member', email: 'carla.standup@example.org', role: 'member' },
  { name: 'Dario Member', email: 'dario.standup@example.org', role: 'member' },
] as const;
const page_ = `/t/${key}/standup`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await signIn(page);
  await makeTeam(page, { key, name: 'Stand-up' }, people);
  const now = await read<{ version: number }>(page, `/teams/${key}`);
  const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const changed = await page.request.patch(`/api/v1/teams/${key}`, {
    data: { working_week: week, version: now.version },
  });
  expect(changed.ok()).toBe(true);
  for (const title of ['Upgrade OpenSSL', 'Upgrade curl'])
    await send<Patch>(page, `/teams/${key}/patches`, { title, points: 2 });
  const sprint = await send<{ number: number }>(page, `/teams/${key}/sprints`, {});
  for (const n of [1, 2]) {
    const put = await page.request.put(`/api/v1/teams/${key}/sprints/${sprint.number}/items/${key}-${n}`);
    expect(put.ok()).toBe(true);
  }
  const planned = await read<{ version: number }>(page, `/teams/${key}/sprints/${sprint.number}`);
  await send(page, `/teams/${key}/sprints/${sprint.number}/start`, { version: planned.version });
  await page.close();
});

test('an entry names a patch with # and brings its blocker, which the next day still shows', async ({ page }) => {
  const wrong = complaints(page);
  await signIn(page, people[0]);
  await page.goto(page_);
  const today = page.getByLabel('Today', { exact: false }).first();
  await today.click();
  await page.keyboard.type('Deploy #open');
  await expect(page.getByRole('option', { name: 'Upgrade OpenSSL' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(today).toHaveValue(`Deploy ${key}-1 `);
  await page.getByRole('button', { name: 'Something stops me…' }).click();
  await page.getByLabel('Blocked patch').fill('2');
  await page.getByLabel('What is needed').fill('A window on Thursday');
  await page.getByRole('button', { name: 'Save entry' }).click();
  await expect(page.locator('.standup-blockers')).toContainText('A window on Thursday');
  const day = await read<Standup>(page, `/teams/${key}/standups/today`);
  expect(day.entries[0]?.items.map((i) => i.key)).toEqual([`${key}-1`]);
  const next = await read<Standup>(page, `/teams/${key}/standups/${day.after}`);
  expect(next.blockers.map((b) => b.key)).toEqual([`${key}-2`]);
  const draft = await read<{ plan: string }>(page, `/teams/${key}/standups/${day.after}/draft`);
  expect(draft.plan).toBe(`Deploy ${key}-1`);
  expect(wrong).toEqual([]);
});

test("one leads through the stand-up, and everybody's screen follows", async ({ page, browser }) => {
  await signIn(page, people[0]);
  await page.goto(page_);
  const other = await person(browser, people[1].email);
  await other.goto(page_);
  await expect(other.locator('.standup-team')).toBeVisible();
  await page.getByRole('button', { name: 'Walk through' }).click();
  const turn = (p: Page) => p.locator('.standup-walk h2');
  await expect(turn(page)).toContainText('Carla Member');
  await expect(turn(other)).toContainText('Carla Member');
  await expect(other.locator('.standup-walk').getByRole('button', { name: 'Next' })).toHaveCount(0);
  await page.locator('.standup-walk').getByRole('button', { name: 'Next' }).click();
  await expect(turn(other)).toContainText('Dario Member');
  await expect(other.getByRole('timer')).toContainText('0:0');
  await page.locator('.standup-walk').getByRole('button', { name: 'Finish' }).click();
  await expect(other.locator('.standup-walk')).toHaveCount(0);
  await other.context().close();
});

test('what was said can be taken along as Markdown', async ({ page }) => {
  await signIn(page, people[0]);
  await page.goto(page_);
  await page.getByRole('button', { name: 'Digest…' }).click();
  const text = page.getByLabel('Digest as Markdown');
  await expect(text).toHaveValue(/## Carla Member/);
  await expect(text).toHaveValue(/No entry: Dario Member/);
});
