import { expect, type Page, test } from '@playwright/test';
import type { PatchList, Retro, Sprint } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** A team of its own looks back on a sprint in two browsers, anonymously, and on the next one. */
test.describe.configure({ mode: 'serial' });

const key = 'RET';
const people = [
  { name: 'Ret lead', email: 'ret.lead@example.org', role: 'scrum_master' },
  { name: 'Ret member', email: 'ret.member@example.org', role: 'member' },
] as const;
const secret = 'Fridays are too short for reviews';
const path = `/teams/${key}/sprints/1/retro`;
let lead: Page;
let member: Page;
let found: string[][];
/** What the facilitator's browser was told while cards were collected. */
let heard = '';

test.beforeAll(async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  await signIn(root);
  await makeTeam(root, { key, name: 'Looking back', time_zone: 'UTC' }, people);
  await root.context().close();
  lead = await person(browser, people[0].email);
  member = await person(browser, people[1].email);
  found = [lead, member].map(complaints);
  const sprint = await send<Sprint>(lead, `/teams/${key}/sprints`, { name: 'First' });
  await send(lead, `/teams/${key}/sprints/1/start`, { version: sprint.version });
});
test.afterAll(async () => {
  await lead?.context().close();
  await member?.context().close();
});
test.afterEach(() => {
  expect(found.flat()).toEqual([]);
});

const phase = (page: Page) => page.locator('.retro-phases [aria-current=step]');
const onwards = (to: string) => lead.getByRole('button', { name: `Go on to ${to}` }).click();

test('cards are written in an anonymous retrospective, and nobody else is sent their texts', async () => {
  lead.on('response', async (r) => {
    if (r.url().includes('/retro')) heard += await r.text().catch(() => '');
  });
  await lead.goto(`/t/${key}/retro`);
  await lead.getByRole('button', { name: 'Lead the retrospective' }).click();
  await lead.getByRole('menuitem', { name: 'Set up…' }).click();
  await lead.getByRole('dialog').getByLabel('Anonymous').check();
  await lead.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(lead.locator('.badge', { hasText: 'Anonymous' })).toBeVisible();
  await onwards('collect');

  await member.goto(`/t/${key}/retro`);
  await expect(phase(member)).toHaveText('Collect');
  const box = member.getByLabel('New card: To improve');
  await box.fill(secret);
  await box.press('Enter');
  await expect(member.locator('.retro-card', { hasText: secret })).toBeVisible();
  await expect(member.getByText('Your ticket is in this browser')).toBeVisible();
  await expect(lead.getByText('1 card of others, to be read when collecting ends')).toBeVisible({ timeout: 15_000 });
  await lead.getByLabel('New card: To improve').fill('Late scans');
  await lead.getByLabel('New card: To improve').press('Enter');
  await expect(lead.locator('.retro-card', { hasText: 'Late scans' })).toBeVisible();
  expect(heard).toContain('Late scans');
  expect(heard).not.toContain('Fridays');
});

test('the other screen follows to grouping and voting, and votes stay hidden', async () => {
  await onwards('group');
  await expect(phase(member)).toHaveText('Group');
  await expect(lead.locator('.retro-card', { hasText: secret })).toBeVisible();
  const seen = await read<Retro>(lead, path);
  expect(JSON.stringify(seen.cards)).not.toContain('Ret member');
  await member.getByRole('button', { name: 'Move “Late scans”' }).click();
  await member.getByRole('menuitem', { name: `Into “${secret}”` }).click();
  await expect(member.locator('.retro-group')).toHaveCount(1);
  await expect(lead.locator('.retro-group')).toHaveCount(1);
  await onwards('vote');
  const give = member.getByRole('button', { name: /^Give a dot to/ });
  for (const left of [2, 1, 0]) {
    await give.click();
    await expect(member.getByText(`${left} dots of 3 left`.replace('1 dots', '1 dot'))).toBeVisible();
  }
  await expect(give).toHaveAttribute('aria-disabled', 'true');
  expect((await read<Retro>(lead, path)).groups[0]).toMatchObject({ votes: 0, mine: 0 });
  await member.getByRole('button', { name: 'I am ready' }).click();
  await expect(lead.getByText('1 of 2 ready')).toBeVisible();
});

test('talk becomes a note, a lesson and an action, and the summary stays', async () => {
  await onwards('discuss');
  await expect(member.locator('.badge', { hasText: '3 votes' })).toBeVisible();
  await member.getByLabel('Notes').fill('Review on Thursdays');
  await member.getByRole('button', { name: 'Save the note' }).click();
  await expect(member.getByText('The note is saved')).toBeVisible();
  await member.getByRole('button', { name: 'Keep as a lesson…' }).click();
  await member.getByRole('dialog').getByLabel('Product').fill('openssl');
  await member.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await expect(member.locator('.dialog')).toBeHidden();
  await lead.getByLabel('Action', { exact: true }).fill('Plan reviews before Friday');
  await onwards('actions');
  await expect(phase(lead)).toHaveText('Actions');
  await expect(lead.getByLabel('Action', { exact: true })).toHaveValue('Plan reviews before Friday');
  await lead.getByLabel('Owner').selectOption({ label: 'Ret member' });
  await lead.getByRole('button', { name: 'Add the action' }).click();
  await expect(member.locator('.retro-actions', { hasText: 'Plan reviews before Friday' })).toBeVisible();
  const items = (await read<PatchList>(lead, `/teams/${key}/patches?kind=improvement`)).items;
  expect(items.map((p) => p.title)).toEqual(['Plan reviews before Friday']);
  await lead.getByRole('button', { name: 'Close…' }).click();
  await lead.getByRole('dialog').getByRole('button', { name: 'Close it' }).click();
  await expect(member.locator('.markdown', { hasText: 'Review on Thursdays' })).toBeVisible();
  expect((await read<Retro>(lead, path)).summary).toContain('Plan reviews before Friday (Ret member, by sprint 2)');
});

test('the action comes first in the next retrospective, and the lesson on a later patch', async () => {
  const first = await read<Sprint>(lead, `/teams/${key}/sprints/1`);
  await send(lead, `/teams/${key}/sprints/1/close`, { version: first.version });
  const second = await send<Sprint>(lead, `/teams/${key}/sprints`, { name: 'Second' });
  await send(lead, `/teams/${key}/sprints/2/start`, { version: second.version });
  await member.goto(`/t/${key}/retro`);
  await expect(member.locator('.retro-part').first()).toContainText('Plan reviews before Friday');
  await member.getByRole('button', { name: /is done$/ }).click();
  await expect(member.getByRole('button', { name: /is done$/ })).toBeHidden();
  await send(lead, `/teams/${key}/patches`, { title: 'OpenSSL', component: 'deb/debian/openssl' });
  await member.goto(`/t/${key}/patches/${key}-2`);
  await expect(member.getByRole('region', { name: 'Lessons' })).toContainText('Review on Thursdays');
  await member.goto(`/t/${key}/lessons?q=thursdays`);
  await expect(member.locator('.retro-lessons li')).toHaveCount(1);
});
