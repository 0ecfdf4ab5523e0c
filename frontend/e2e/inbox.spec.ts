import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import type { Patch, StandupWalkState, Team } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** A team of its own: what one says in a browser reaches another, and a program. */
test.describe.configure({ mode: 'serial' });

const key = 'INB';
const people = [
  { name: 'Inb bram', email: 'inb.bram@example.org', role: 'scrum_master' },
  { name: 'Inb chen', email: 'inb.chen@example.org', role: 'member' },
] as const;
const home = `/t/${key}`;
let server: Server;
let status = 500;
const told: { headers: IncomingHttpHeaders; body: string }[] = [];
let bram: Page;
let chen: Page;
let found: string[][];

test.beforeAll(async ({ browser }) => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      told.push({ headers: request.headers, body });
      response.writeHead(status).end(status === 200 ? 'thank you' : 'not now');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const root = await (await browser.newContext()).newPage();
  await signIn(root);
  await makeTeam(root, { key, name: 'Inboxes', time_zone: 'UTC' }, people);
  const { version } = await read<Team>(root, `/teams/${key}`);
  const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']; // a day off has no stand-up
  await root.request.patch(`/api/v1/teams/${key}`, { data: { working_week: week, version } });
  await send<Patch>(root, `/teams/${key}/patches`, { title: 'nginx 1.28.1' });
  await root.context().close();
  bram = await person(browser, people[0].email);
  chen = await person(browser, people[1].email);
  found = [bram, chen].map(complaints);
});
test.afterAll(async () => {
  server?.close();
  await bram?.context().close();
  await chen?.context().close();
});
test.afterEach(() => {
  expect(found.flat()).toEqual([]);
});

test('a mention in one browser rings the bell in another without a reload, until it is read', async () => {
  await chen.goto(`${home}/backlog`);
  const bell = chen.getByRole('link', { name: /^Inbox/ });
  await expect(bell).toHaveAccessibleName('Inbox');
  await bram.goto(`${home}/patches/${key}-1`);
  await bram.getByRole('textbox', { name: 'New comment' }).fill('@Inb chen please look');
  await bram.getByRole('button', { name: 'Comment', exact: true }).click();
  await expect(bell).toHaveAccessibleName('Inbox, 1 unread', { timeout: 10_000 });
  await bell.click();
  await chen.getByRole('link', { name: `Inb bram mentioned you on ${key}-1` }).click();
  await expect(chen).toHaveURL(new RegExp(`/patches/${key}-1$`));
  await expect(bell).toHaveAccessibleName('Inbox');
  await chen.goto('/inbox');
  await expect(chen.getByText('You have read everything')).toBeVisible();
});

test('everything is marked as read at once, and that is taken back', async () => {
  await bram.goto(`${home}/patches/${key}-1`);
  for (const text of ['@Inb chen one', '@Inb chen two']) {
    await send(bram, `/teams/${key}/patches/${key}-1/comments`, { body: text });
  }
  await chen.goto('/inbox');
  await expect(chen.getByRole('listitem').filter({ hasText: 'mentioned you' })).toHaveCount(2, { timeout: 10_000 });
  await chen.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(chen.getByText('You have read everything')).toBeVisible();
  await chen.getByRole('button', { name: 'Undo' }).click();
  await expect(chen.getByRole('listitem').filter({ hasText: 'mentioned you' })).toHaveCount(2);
});

test('a webhook is tested, fails, is sent again by hand, and its signature holds', async () => {
  await bram.goto(`${home}/webhooks`);
  await bram.getByRole('button', { name: 'New webhook' }).click();
  const dialog = bram.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Operations');
  await dialog.getByLabel('Address').fill('ftp://nowhere');
  await dialog.getByRole('button', { name: 'Add webhook' }).click();
  await expect(dialog.getByText(/begins with https/).last()).toBeVisible();
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/in?key=hush`);
  await dialog.getByLabel('Mentions').check();
  await dialog.getByRole('button', { name: 'Add webhook' }).click();
  const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(bram.getByRole('row', { name: /Operations/ })).not.toContainText('hush');

  await bram.getByRole('button', { name: 'Send a test' }).click();
  await expect(dialog.getByText('HTTP 500')).toBeVisible({ timeout: 10_000 });
  await expect(dialog.getByText('not now')).toBeVisible();
  status = 200;
  await dialog.getByRole('button', { name: /^Send again/ }).click();
  await expect(dialog.getByText('Arrived')).toBeVisible({ timeout: 10_000 });
  expect(told).toHaveLength(2);
  expect(told[1]?.headers['webhook-id']).toBe(told[0]?.headers['webhook-id']);

  await send(bram, `/teams/${key}/patches/${key}-1/comments`, { body: '@Inb chen for the webhook' });
  await expect(dialog.getByText(`Inb bram mentioned Inb chen on ${key}-1`)).toBeVisible({ timeout: 10_000 });
  await expect(dialog.getByText('Arrived')).toHaveCount(2, { timeout: 10_000 });
  const last = told[2];
  const text = `${last?.headers['webhook-id']}.${last?.headers['webhook-timestamp']}.${last?.body}`;
  const mine = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(text)
    .digest('base64');
  expect(last?.headers['webhook-signature']).toBe(`v1,${mine}`);
});

test('what is mailed is chosen in the account, stays after a reload, and is taken back', async () => {
  await chen.goto('/account#notifications');
  await expect(chen.getByText('This server sends no mail')).toBeVisible();
  const at = (name: string) => chen.getByRole('radio', { name, exact: true });
  await expect(at('Mentions: At once')).toBeChecked();
  await expect(at('Overview: At once')).toHaveCount(0);
  await at('Mentions: At once').focus();
  await chen.keyboard.press('ArrowRight');
  await expect(at('Mentions: In the morning')).toBeChecked();
  // not check(): that looks before the page has drawn what the click changed
  await at('Comments: Off').click();
  await expect(at('Comments: Off')).toBeChecked();
  await chen.getByLabel("Morning's mail at").fill('06:15');
  await chen.getByLabel("Morning's mail at").blur();
  await expect(chen.getByText("The morning's mail comes at 06:15").first()).toBeVisible();
  await chen.getByRole('checkbox', { name: `Inboxes (${key})` }).click();
  await expect(chen.getByText('Inboxes mails you nothing').first()).toBeVisible();

  await chen.reload();
  await expect(at('Mentions: In the morning')).toBeChecked();
  await expect(at('Comments: Off')).toBeChecked();
  await expect(chen.getByLabel("Morning's mail at")).toHaveValue('06:15');
  await expect(chen.getByRole('checkbox', { name: `Inboxes (${key})` })).not.toBeChecked();

  await at('Comments: At once').click();
  await expect(at('Comments: At once')).toBeChecked();
  await chen.getByRole('button', { name: 'Undo' }).last().click();
  await expect(at('Comments: Off')).toBeChecked();
});

test('who is given a task is told, and so is everybody of a stand-up that is over', async () => {
  const me = await read<{ user: { id: string } }>(chen, '/session');
  await send(bram, `/teams/${key}/patches/${key}-1/tasks`, { title: 'Back up', assignee_id: me.user.id });
  await bram.goto(`${home}/ways`);
  await bram.getByLabel('Stand-up at').fill('23:30');
  await bram.getByRole('button', { name: 'Save ways of working' }).click();
  await expect(bram.getByText('Ways of working saved')).toBeVisible();
  await bram.reload();
  await expect(bram.getByLabel('Stand-up at')).toHaveValue('23:30');

  const note = { yesterday: '', today: 'Deploys nginx' };
  expect((await chen.request.put(`/api/v1/teams/${key}/standups/today`, { data: note })).status()).toBe(200);
  const pace = `/teams/${key}/standups/today/walk`;
  const begun = await send<StandupWalkState>(bram, pace, { pace: 'start' });
  await send(bram, pace, { pace: 'stop', current: begun.walk?.current.id });
  await bram.goto('/inbox?kind=standup&show=all');
  const digest = bram.getByRole('link', { name: /Stand-up of .*: 1 entry, 1 without an entry/ });
  await expect(digest).toContainText('Inb chen Today: Deploys nginx No entry: Inb bram', { timeout: 40_000 });
  await digest.click();
  await expect(bram).toHaveURL(/standup\?day=/);
  await chen.goto('/inbox?kind=assigned');
  await expect(chen.getByRole('link', { name: `Inb bram gave you a task of ${key}-1` })).toContainText('Back up');
});

test('only administrators see what was mailed', async ({ browser }) => {
  await chen.goto('/admin/mail');
  await expect(chen.getByText('Only administrators see what was mailed')).toBeVisible();
  const root = await (await browser.newContext()).newPage();
  await signIn(root);
  await root.goto('/admin/mail');
  await expect(root.getByText('Nothing was mailed yet')).toBeVisible();
  await root.getByRole('radio', { name: 'Failed' }).click();
  await expect(root).toHaveURL(/state=failed/);
  await root.context().close();
});
