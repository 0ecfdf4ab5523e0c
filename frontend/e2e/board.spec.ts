import { type Browser, expect, type Page, test } from '@playwright/test';
import type { Board, Me, Patch, Sprint } from '../src/api/schema';
import { admin, complaints, makeTeam, person, read, send, signIn } from './shared';

/** The board of a team of its own, with several people at once. */
test.describe.configure({ mode: 'serial' });

const team = 'CREW';
const home = `/t/${team}`;
const people = ['Bo', 'Cy'].map((name) => ({
  name,
  email: `${name.toLowerCase()}.crew@example.org`,
  role: 'member' as const,
}));
let page: Page;
let found: string[];
let keys: string[] = [];

test.beforeAll(async ({ browser }: { browser: Browser }) => {
  page = await (await browser.newContext({ timezoneId: 'Europe/Berlin' })).newPage();
  found = complaints(page);
  await signIn(page);
  await makeTeam(page, { key: team, name: 'Crew' }, people);
  await send(page, `/teams/${team}/members`, { email: admin.email, role: 'scrum_master' });
  for (const n of [1, 2, 3, 4, 5]) {
    const { key } = await send<Patch>(page, `/teams/${team}/patches`, { title: `Patch number ${n}`, points: n });
    keys.push(key);
  }
  await send(page, `/teams/${team}/sprints`, {});
  const sprint = await send<Sprint>(page, `/teams/${team}/sprints/1/items`, { keys });
  await send(page, `/teams/${team}/sprints/1/start`, { version: sprint.version });
  keys = (await board()).columns[0]?.cards.map((c) => c.key) ?? [];
});
test.afterAll(async () => {
  await page?.context().close();
});
test.afterEach(() => {
  expect(found).toEqual([]);
});

const board = () => read<Board>(page, `/teams/${team}/board`);
const cardOf = (on: Page, key = '') => on.locator(`.card[data-key="${key}"]`);
const inColumn = (on: Page, status: string, key = '') =>
  on.locator(`.column[data-status="${status}"] .card[data-key="${key}"]`);
const toast = (text: string | RegExp) => page.locator('.toast').filter({ hasText: text });

async function as(browser: Browser, name: string): Promise<Page> {
  const on = await person(browser, people.find((p) => p.name === name)?.email ?? '');
  await on.goto(`${home}/board`);
  await expect(cardOf(on, keys[0])).toBeVisible();
  return on;
}

test('three people see each other, and each other’s moves within a second', async ({ browser }) => {
  await page.goto(`${home}/board`);
  await expect(cardOf(page, keys[0])).toBeVisible();
  const bo = await as(browser, 'Bo');
  const cy = await as(browser, 'Cy');
  await expect(page.getByRole('group', { name: 'Also looking at this board: Bo, Cy' })).toBeVisible();
  await expect(cy.getByRole('group', { name: /Bo/ })).toBeVisible();

  await cardOf(page, keys[0]).focus();
  await page.keyboard.press('Alt+ArrowRight');
  for (const on of [page, bo, cy]) await expect(inColumn(on, 'in_progress', keys[0])).toBeVisible({ timeout: 1000 });
  await cardOf(bo, keys[1]).dragTo(bo.locator('.column[data-status="testing"]'));
  for (const on of [bo, page, cy]) await expect(inColumn(on, 'testing', keys[1])).toBeVisible({ timeout: 1000 });

  // both at once: one of them is first, and all three boards agree afterwards
  await Promise.all([cardOf(bo, keys[2]).press('Alt+ArrowRight'), cardOf(cy, keys[2]).press('Alt+ArrowRight')]);
  for (const on of [page, bo, cy]) await expect(inColumn(on, 'in_progress', keys[2])).toBeVisible();

  await cy.goto(`${home}/backlog`);
  await expect(page.getByRole('group', { name: 'Also looking at this board: Bo', exact: true })).toBeVisible();
  await bo.context().close();
  await cy.context().close();
});

test('cards are moved together, and the move is undone', async () => {
  const status = async () => {
    const cards = (await board()).columns.flatMap((c) => c.cards);
    return keys.slice(3).map((k) => cards.find((c) => c.key === k)?.status);
  };
  const before = await status();
  await cardOf(page, keys[3]).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  const bar = page.getByRole('group', { name: 'Selected cards' });
  await expect(bar).toContainText('2 cards');
  await bar.getByRole('button', { name: 'Move the selected cards' }).click();
  await page.getByRole('menuitem', { name: 'Testing' }).click();
  await expect(toast('2 cards moved to Testing')).toBeVisible();
  for (const key of keys.slice(3)) await expect(inColumn(page, 'testing', key)).toBeVisible();
  await expect.poll(status).toEqual(['testing', 'testing']);
  await toast('2 cards moved to Testing').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(status).toEqual(before);
  await expect(inColumn(page, 'ready', keys[4])).toBeVisible();
});

test('a step into another person’s lane gives them the card; the address keeps lanes and filters', async () => {
  const me = await read<Me>(page, '/session');
  const version = (await board()).columns[0]?.cards.find((c) => c.key === keys[3])?.version;
  const given = await page.request.patch(`/api/v1/teams/${team}/patches/${keys[3]}`, {
    data: { version, assignee_id: me.user.id },
  });
  expect(given.ok(), await given.text()).toBe(true);
  await page.getByLabel('Swimlanes').selectOption('assignee');
  await expect(page).toHaveURL(/lanes=assignee/);
  const mine = page.getByRole('region', { name: `${admin.name} (you)`, exact: true });
  await expect(mine.locator('.card')).toHaveCount(1);
  await cardOf(page, keys[3]).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.getByRole('region', { name: 'Unassigned', exact: true }).locator('.card')).toHaveCount(5);
  await expect(toast(`${keys[3]} unassigned`)).toBeVisible();
  await page.getByRole('searchbox', { name: 'Filter cards' }).fill('number 2');
  await expect(page.locator('.card')).toHaveCount(1);
  await page.reload();
  await expect(page.locator('.card')).toHaveCount(1);
  await expect(page.getByLabel('Swimlanes')).toHaveValue('assignee');
});

test('Space peeks at a card and leaves the focus on it', async () => {
  await page.goto(`${home}/board`);
  await cardOf(page, keys[4]).focus();
  await page.keyboard.press(' ');
  await expect(page.getByRole('complementary')).toContainText('Patch number');
  await expect(cardOf(page, keys[4])).toBeFocused();
  await page.keyboard.press(' ');
  await expect(page.locator('.side-panel')).toHaveCount(0);
});

test('a phone shows one column at a time, and the menu moves a card', async ({ browser }) => {
  const size = { viewport: { width: 360, height: 760 }, isMobile: true, hasTouch: true };
  const phone = await (await browser.newContext(size)).newPage();
  await signIn(phone);
  await phone.goto(`${home}/board`);
  await expect(phone.locator('.column')).toHaveCount(1);
  await expect(cardOf(phone, keys[4])).toBeVisible();
  await phone.getByRole('button', { name: `Actions for ${keys[4]}` }).click();
  await phone.getByRole('menuitem', { name: 'Move to Testing' }).click();
  await expect(cardOf(phone, keys[4])).toHaveCount(0);
  await phone.getByRole('radio', { name: /^Testing/ }).click();
  await expect(inColumn(phone, 'testing', keys[4])).toBeVisible();
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await phone.context().close();
});
