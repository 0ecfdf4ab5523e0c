import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import type { ImportList } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** What people add to a patch, in a team of its own, with two of its members at once. */
test.describe.configure({ mode: 'serial' });

const key = 'TALK';
const people = [
  { name: 'Chen Wei', email: 'chen@talk.example.org', role: 'member' },
  { name: 'Bram de Vries', email: 'bram@talk.example.org', role: 'member' },
] as const;
const here = { acceptDownloads: true, timezoneId: 'Europe/Berlin' };
const cve = 'CVE-2024-3094';
let chen: Page;
let bram: Page;
let found: string[];

test.beforeAll(async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  await begin(root);
  chen = await person(browser, people[0].email, here);
  bram = await person(browser, people[1].email, here);
  found = [...complaints(chen), ...complaints(bram)];
});
test.afterEach(() => {
  expect(found).toEqual([]);
});

/** The team with its people and patches. */
async function begin(root: Page): Promise<void> {
  await signIn(root);
  await makeTeam(root, { key, name: 'Talkers', time_zone: 'Europe/Berlin' }, people);
  const host = await send<{ id: string }>(root, `/teams/${key}/assets`, {
    name: 'web-1',
    criticality: 'critical',
    exposure: 'internet',
  });
  await send(root, `/teams/${key}/patches`, { title: 'Update xz', vulnerabilities: [cve], asset_ids: [host.id] });
  await send(root, `/teams/${key}/patches`, { title: 'Update the kernel' });
  for (const [day, p] of [
    ['2026-07-01', 0.02],
    ['2026-07-02', 0.4],
    ['2026-07-03', 0.9],
  ] as const) {
    const file = `#model_version:v1,score_date:${day}T00:00:00+0000\ncve,epss,percentile\n${cve},${p},0.9\n`;
    await root.request.post(`/api/v1/teams/${key}/imports?filename=epss-${day}.csv`, {
      data: Buffer.from(file),
      headers: { 'Content-Type': 'application/octet-stream' },
    });
  }
  await expect
    .poll(async () => (await read<ImportList>(root, `/teams/${key}/imports`)).items.map((i) => i.state))
    .toEqual(['done', 'done', 'done']);
}

const patch = (n: number) => `/t/${key}/patches/${key}-${n}`;
const comments = (page: Page) => page.getByRole('region', { name: 'Comments' });
const composer = (page: Page) => page.getByRole('textbox', { name: 'New comment' });

test('a comment with a mention and Markdown shows at once in the other browser', async () => {
  await bram.goto(patch(1));
  await expect(bram.getByText('Nobody has said anything yet.')).toBeVisible();
  await chen.goto(patch(1));
  await composer(chen).fill('Done on **staging**, see https://example.com/log <img src=x onerror=alert(1)> ');
  await composer(chen).press('End');
  await composer(chen).pressSequentially('@bra');
  await expect(chen.getByRole('option', { name: 'Bram de Vries' })).toHaveAttribute('aria-selected', 'true');
  await composer(chen).press('Enter');
  await expect(composer(chen)).toHaveValue(/@Bram de Vries $/);
  await chen.getByRole('radio', { name: 'Preview' }).click();
  await expect(chen.locator('.preview strong')).toHaveText('staging');
  await chen.getByRole('radio', { name: 'Write' }).click();
  await composer(chen).press('Control+Enter');

  const seen = comments(bram).locator('.comment');
  await expect(seen).toHaveCount(1, { timeout: 3000 });
  await expect(seen.locator('strong')).toHaveText('staging');
  await expect(seen.locator('.mention')).toHaveText('@Bram de Vries');
  await expect(seen.getByRole('link', { name: 'https://example.com/log' })).toHaveAttribute('rel', /noopener/);
  await expect(seen).toContainText('<img src=x onerror=alert(1)>');
  await expect(seen.locator('img')).toHaveCount(0);
  await expect(seen.getByRole('button', { name: /Edit/ })).toHaveCount(0);
});

test('a draft survives a reload, an edit is marked, and a deleted comment is gone for all', async () => {
  await composer(chen).fill('Half a thought');
  await chen.reload();
  await expect(composer(chen)).toHaveValue('Half a thought');
  await composer(chen).fill('');

  await chen.getByRole('button', { name: 'Edit your comment' }).click();
  await chen.getByRole('textbox', { name: 'Your comment' }).fill('Done in production');
  await chen.getByRole('button', { name: 'Save', exact: true }).click();
  const seen = comments(bram).locator('.comment');
  await expect(seen).toContainText('Done in production', { timeout: 3000 });
  await expect(seen.getByText('edited', { exact: true })).toBeVisible();

  await chen.getByRole('button', { name: 'Delete the comment of Chen Wei' }).click();
  await chen.getByRole('button', { name: 'Delete comment' }).click();
  await expect(seen).toHaveCount(0, { timeout: 3000 });
});

test('a file goes up, and comes down as it was', async () => {
  const content = Buffer.from('<script>document.title = "run"</script>');
  await chen
    .getByLabel('Attach files')
    .setInputFiles({ name: 'plan <1>.html', mimeType: 'text/html', buffer: content });
  const link = bram.getByRole('link', { name: 'plan <1>.html' });
  await expect(link).toBeVisible({ timeout: 3000 });
  const [download] = await Promise.all([bram.waitForEvent('download'), link.click()]);
  expect(readFileSync(await download.path())).toEqual(content);
  const answer = await bram.request.get((await link.getAttribute('href')) ?? '');
  expect(answer.headers()['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.headers()['content-disposition']).toMatch(/^attachment;/);
  expect(answer.headers()['content-security-policy']).toContain('sandbox');
  await chen.getByRole('button', { name: 'Delete plan <1>.html' }).click();
  await chen.getByRole('button', { name: 'Delete file' }).click();
  await expect(link).toHaveCount(0, { timeout: 3000 });
});

test('what it needs first blocks it, shows on both, and may not form a circle', async () => {
  await chen.getByRole('button', { name: 'Add what it needs…' }).click();
  await chen.getByRole('combobox', { name: 'Patch' }).fill('nonsense');
  await chen.keyboard.press('Enter');
  await expect(chen.getByText('This is not the key of a patch of this team')).toBeVisible();
  await chen.getByRole('combobox', { name: 'Patch' }).fill(`${key}-2`);
  await chen.keyboard.press('Enter');
  await expect(chen.getByText(`Blocked by ${key}-2`)).toBeVisible();
  await bram.goto(patch(2));
  await expect(bram.locator('.related', { hasText: 'Needed by' }).getByRole('link')).toHaveText(`${key}-1`);
  await bram.getByRole('button', { name: 'Add what it needs…' }).click();
  await bram.getByRole('combobox', { name: 'Patch' }).fill(`${key}-1`);
  await bram.keyboard.press('Enter');
  await expect(bram.getByText(`${key}-1 needs ${key}-2 already`)).toBeVisible();
  await chen.getByRole('button', { name: `${key}-1 does not need ${key}-2` }).click();
  await expect(chen.getByText(`Blocked by ${key}-2`)).toHaveCount(0);
});

test('edits are kept from what to what, and the activity can be narrowed', async () => {
  await chen.getByRole('button', { name: 'Edit reboot, downtime and advisories' }).click();
  await chen.getByLabel('Reboot needed').selectOption('yes');
  await chen.getByLabel('Expected downtime in minutes').fill('90');
  await chen.getByRole('button', { name: 'Add an advisory' }).click();
  await chen.getByLabel('Title of advisory 1').fill('Notice');
  await chen.getByLabel('Address of advisory 1').fill('javascript:alert(1)');
  await chen.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(chen.getByText('An address begins with https:// or http://')).toBeVisible();
  await chen.getByLabel('Address of advisory 1').fill('https://example.com/notice');
  await chen.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(chen.getByText('1 h 30 min')).toBeVisible();
  await expect(chen.getByRole('link', { name: 'Notice' })).toHaveAttribute('href', 'https://example.com/notice');

  const activity = chen.locator('.activity li');
  await chen.getByLabel('Show of the activity').selectOption('edits');
  await expect(activity.first()).toContainText('set reboot from unknown to yes');
  await expect(activity.first()).toContainText('downtime from unknown to 90 min');
  await chen.getByLabel('Show of the activity').selectOption('comments');
  await expect(activity.last()).toContainText('commented and mentioned Bram de Vries');
  await chen.getByLabel('Show of the activity').selectOption('scores');
  await expect(activity.first()).toContainText('risk');
});

test('the page of a vulnerability tells what it means for the team, and how EPSS moved', async () => {
  await chen.getByRole('link', { name: cve }).click();
  await expect(chen.getByRole('heading', { name: cve })).toBeVisible();
  await expect(chen.getByRole('heading', { name: 'Talkers' })).toBeVisible();
  await expect(chen.getByRole('link', { name: `${key}-1` }).first()).toBeVisible();
  await expect(chen.getByText('SSVC for the worst affected asset, web-1')).toBeVisible();
  await expect(chen.locator('.decision').last()).toContainText('Deployer');
  await expect(chen.locator('.decision .chip').first()).toHaveText('assumed');
  await expect(chen.getByRole('img', { name: /^EPSS from .* to 90\.0 %/ })).toBeVisible();
  await chen.getByText('As a table').click();
  // what was known before the three days of this test may stand above them
  await expect(chen.locator('.epss-table tbody tr').nth(2)).toBeVisible();
});

test('an id that nobody has described says so, and what is none is refused', async () => {
  await chen.goto('/vulnerabilities/CVE-2031-77777');
  await expect(chen.getByText('Nobody has described CVE-2031-77777 here yet.')).toBeVisible();
  await chen.goto('/vulnerabilities/CVE-nonsense');
  await expect(chen.getByText('This is not the id of a vulnerability')).toBeVisible();
});
