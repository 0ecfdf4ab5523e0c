import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import type { Feed, NoticeList, Patch } from '../src/api/schema';
import { complaints, read, send, signIn } from './shared';

/** A feed from a server of the test's own: it runs, says what it did, and a KEV addition reaches the backlog. */
const id = `CVE-2031-${10_000 + Math.floor(Math.random() * 80_000)}`;
const key = `FD${Math.floor(Math.random() * 9000) + 1000}`;

let server: Server;
let answers: { status: number; body: string } = { status: 500, body: '' };

/** Newer than what the main path has imported, and not of tomorrow, which is refused. */
const today = new Date().toISOString().slice(0, 10);
const catalogue = JSON.stringify({
  catalogVersion: today.replaceAll('-', '.'),
  dateReleased: `${today}T00:00:00Z`,
  count: 1,
  vulnerabilities: [
    {
      cveID: id,
      vendorProject: 'Acme',
      product: 'Widget',
      vulnerabilityName: 'Acme Widget',
      dateAdded: '2026-03-01',
      dueDate: '2026-03-22',
      requiredAction: 'Patch',
    },
  ],
});

test.beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else response.writeHead(answers.status, { etag: '"1"' }).end(answers.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});

test.afterAll(() => {
  server.close();
});

test('a feed runs, tells its result, and a KEV addition goes into the emergency lane', async ({ page }) => {
  const found = complaints(page);
  await signIn(page);
  await send(page, '/teams', { key, name: 'Feeds', time_zone: 'Europe/Berlin' });
  const patch = await send<Patch>(page, `/teams/${key}/patches`, {
    title: 'Update the widget',
    vulnerabilities: [id],
  });
  const other = await send<Patch>(page, `/teams/${key}/patches`, { title: 'Something else' });
  await send(page, `/teams/${key}/sprints`, {});
  const added = await page.request.put(`/api/v1/teams/${key}/sprints/1/items/${other.key}`);
  await send(page, `/teams/${key}/sprints/1/start`, { version: ((await added.json()) as { version: number }).version });

  // the shipped feeds are there, and off
  await page.goto('/feeds');
  await expect(page.getByRole('row', { name: /EPSS scores of the day/ })).toContainText('Off');

  // a feed of our own, whose server fails at first
  const name = `Test KEV ${key}`;
  const row = page.getByRole('row', { name: new RegExp(name) });
  await page.getByRole('button', { name: 'New feed' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Kind').selectOption('kev');
  const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/kev.json`;
  await dialog.getByLabel('Address or file').fill('ftp://nowhere');
  await dialog.getByRole('button', { name: 'Add feed' }).click();
  await expect(dialog.getByText(/begins with https/).first()).toBeVisible();
  await dialog.getByLabel('Address or file').fill(source);
  await dialog.getByRole('button', { name: 'Add feed' }).click();
  await expect(row).toContainText('The server answered 500', { timeout: 20_000 });

  answers = { status: 200, body: catalogue };
  await row.getByRole('button', { name: `Run ${name} now` }).click();
  await expect(row).toContainText('1 records, 1 vulnerabilities', { timeout: 20_000 });
  await row.getByRole('button', { name: `Run ${name} now` }).click();
  await expect(row).toContainText('Nothing new', { timeout: 20_000 });

  await row.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  await expect(page.getByRole('dialog').getByText('HTTP 304')).toBeVisible();
  await page.keyboard.press('Escape');

  // the backlog says so, and offers the emergency lane
  await page.goto(`/t/${key}/backlog`);
  const notice = page.getByRole('region', { name: 'Known exploited' });
  await expect(notice).toContainText(id);
  await expect(notice).toContainText(patch.key);
  await expect(page.getByRole('button', { name: /since/ })).toBeVisible();
  await notice.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: `Add ${patch.key} to the emergency lane` }).click();
  await expect(page.getByRole('dialog').getByText('In Sprint 1', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Put away' }).click();
  await expect(notice).toBeHidden();
  expect((await read<NoticeList>(page, `/teams/${key}/notices`)).items).toEqual([]);

  // what moved, until it is marked as seen
  await page.getByRole('button', { name: /since/ }).click();
  await expect(page.getByRole('dialog', { name: /Moved since/ })).toContainText(patch.key);
  await page.getByRole('button', { name: 'Mark as seen' }).click();
  await expect(page.getByRole('button', { name: /since/ })).toBeHidden();

  const feed = (await read<{ items: Feed[] }>(page, '/feeds')).items.find((f) => f.name === name);
  await page.request.delete(`/api/v1/feeds/${feed?.id}`);
  expect(found).toEqual([]);
});
