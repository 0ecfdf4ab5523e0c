import { type Browser, expect, type Page, test } from '@playwright/test';
import type { Inbox, Patch, Review, Sprint } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** A team of its own reviews a sprint; a guest without an account looks on and comments. */
test.describe.configure({ mode: 'serial' });

const key = 'REV';
const people = [
  { name: 'Rev lead', email: 'rev.lead@example.org', role: 'scrum_master' },
  { name: 'Rev owner', email: 'rev.owner@example.org', role: 'product_owner' },
  { name: 'Rev member', email: 'rev.member@example.org', role: 'member' },
] as const;
const page = `/t/${key}/sprints/1/review`;
const path = `/teams/${key}/sprints/1/review`;
let lead: Page;
let owner: Page;
let member: Page;
let guest: Page;
let found: string[][];

test.beforeAll(async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  await signIn(root);
  await makeTeam(root, { key, name: 'Reviewers', time_zone: 'UTC' }, people);
  await root.context().close();
  lead = await person(browser, people[0].email);
  owner = await person(browser, people[1].email);
  member = await person(browser, people[2].email);
  guest = await nobody(browser);
  found = [lead, owner, member, guest].map(complaints);
  await live();
});
test.afterAll(async () => {
  for (const p of [lead, owner, member, guest]) await p?.context().close();
});
test.afterEach(() => {
  expect(found.flat()).toEqual([]);
});

const nobody = async (browser: Browser) => (await browser.newContext()).newPage();

/** Two done items and one that is still open. */
async function live(): Promise<void> {
  const keys: string[] = [];
  for (const title of ['OpenSSL', 'Kernel', 'Router'])
    keys.push((await send<Patch>(member, `/teams/${key}/patches`, { title, points: 3 })).key);
  const made = await send<Sprint>(lead, `/teams/${key}/sprints`, { name: 'Edge', goal: 'Patch the edge' });
  expect(made.number).toBe(1);
  const planned = await send<Sprint>(lead, `/teams/${key}/sprints/1/items`, { keys });
  await send(lead, `/teams/${key}/sprints/1/start`, { version: planned.version });
  for (const k of keys.slice(0, 2)) {
    const p = await read<Patch>(member, `/teams/${key}/patches/${k}`);
    const reason = `Checked ${p.title} on all nodes`;
    await send(member, `/teams/${key}/patches/${k}/move`, { status: 'verified', reason, version: p.version });
  }
}

test('the product owner finds it at home, accepts one item and refuses another', async () => {
  await owner.goto(`/t/${key}/home`);
  const card = owner.locator('.home-card', { hasText: 'Waiting for acceptance' });
  await expect(card.getByText('2 of 2 done items wait')).toBeVisible();
  await card.getByRole('link', { name: 'Review' }).click();
  await expect(owner.getByRole('heading', { name: /^Review of Edge/ })).toBeVisible();
  await expect(owner.getByText('2 done · 1 still open · 2 not judged yet')).toBeVisible();
  await member.goto(page);
  await expect(member.locator('.review-item', { hasText: 'OpenSSL' })).toContainText('Not judged yet');
  await expect(member.getByRole('button', { name: 'Accept' })).toHaveCount(0);

  await owner.getByRole('button', { name: `Accept ${key}-1` }).click();
  await expect(member.locator('.review-item', { hasText: 'OpenSSL' })).toContainText('Accepted Rev owner');
  await owner.getByRole('button', { name: `Not accepted… ${key}-2` }).click();
  const dialog = owner.locator('.dialog');
  await dialog.getByRole('button', { name: 'Not accepted' }).click();
  await expect(dialog.getByText('Say what is missing.')).toBeVisible();
  await dialog.getByLabel('What is missing?').fill('The spare gateway runs the old kernel');
  await dialog.getByRole('button', { name: 'Not accepted' }).click();
  await expect(dialog).toBeHidden();

  await member.getByRole('button', { name: `Follow up in the backlog ${key}-2` }).click();
  const followUp = member.getByRole('link', { name: `${key}-4` });
  await expect(followUp).toBeVisible();
  expect((await read<Patch>(member, `/teams/${key}/patches/${key}-4`)).title).toBe(`Follow-up of ${key}-2: Kernel`);
});

test('what was written at the verification becomes a lesson', async () => {
  const item = member.locator('.review-item', { hasText: 'OpenSSL' });
  await item.getByRole('button', { name: 'Keep as a lesson…' }).click();
  const dialog = member.locator('.dialog');
  await expect(dialog.getByLabel('Lesson')).toHaveValue('Checked OpenSSL on all nodes');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await expect(member.locator('.dialog')).toBeHidden();
  await member.goto(`/t/${key}/lessons`);
  await expect(member.getByText('Checked OpenSSL on all nodes')).toBeVisible();
  await member.goto(page);
});

test('a guest without an account looks at this review alone, and comments as a guest', async () => {
  await lead.goto(page);
  await lead.getByLabel('Your comment').fill('Only for the team');
  await lead.getByRole('button', { name: 'Add the comment' }).click();
  await expect(lead.locator('.review-comment', { hasText: 'Only for the team' })).toBeVisible();
  await lead.getByRole('button', { name: 'Guests…' }).click();
  await lead.getByRole('button', { name: 'Make a link' }).click();
  const link = await lead.getByLabel('Guest link').inputValue();
  const secret = link.split('/review/')[1] ?? '';
  expect(secret.length).toBeGreaterThan(40);
  await lead.getByRole('button', { name: 'Done' }).click();

  const asked: string[] = [];
  guest.on('request', (r) => {
    if (r.url().includes('/api/')) asked.push(`${r.url()} ${r.headers().referer ?? ''}`);
  });
  const answer = await guest.goto(link);
  expect(answer?.headers()['referrer-policy']).toBe('no-referrer');
  await expect(guest.getByRole('heading', { name: 'Review of Edge' })).toBeVisible();
  await expect(guest.locator('main')).toContainText('Patch the edge');
  await expect(guest.locator('main')).not.toContainText(
    /Rev (lead|owner|member)|spare gateway|Only for the team|Checked/,
  );
  await guest.getByLabel('Your name').fill('<b>Ines</b>');
  await guest.getByLabel('Your comment').fill('Thank you <script>alert(1)</script>');
  await guest.getByRole('button', { name: 'Send the comment' }).click();
  await expect(guest.locator('.review-comment')).toContainText('Thank you <script>alert(1)</script>');
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((a) => a.includes(secret))).toEqual([]);

  await expect(guest.locator('.review-part', { hasText: 'OpenSSL' })).toContainText('accepted');
  await owner.goto(page);
  await owner.getByRole('button', { name: `Not accepted… ${key}-1` }).click();
  await owner.locator('.dialog').getByLabel('What is missing?').fill('one node');
  await owner.locator('.dialog').getByRole('button', { name: 'Not accepted' }).click();
  await guest.evaluate(() => window.dispatchEvent(new Event('visibilitychange'))); // as after coming back to the tab
  await expect(guest.locator('.review-list li', { hasText: 'OpenSSL' })).toContainText('not accepted');

  const told = async (of: Page) => (await read<Inbox>(of, '/inbox?kind=review')).items.map((i) => i.title);
  const news = '<b>Ines</b> (guest) commented on the review of Edge';
  await expect.poll(() => told(owner)).toEqual([news]);
  await expect.poll(() => told(lead)).toEqual([news]);
  expect(await told(member)).toEqual([]);

  const seen = lead.locator('.review-comment', { hasText: '<b>Ines</b>' });
  await expect(seen.locator('.badge')).toHaveText('Guest');
  await lead.getByRole('button', { name: 'Guests…' }).click();
  await expect(lead.locator('.dialog')).toContainText('by Rev lead');
  await lead.locator('.dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(lead.getByText('No link works now.')).toBeVisible();
  await lead.keyboard.press('Escape');
  await guest.reload();
  await expect(guest.getByRole('alert')).toContainText('This review cannot be opened');
});

test('closed with a summary, nothing changes it any more', async () => {
  await expect(lead.getByRole('button', { name: 'Close the review…' })).toHaveAttribute('aria-disabled', 'true');
  await lead.getByLabel('What the sprint came to').fill('The **edge** is patched.');
  await lead.getByRole('button', { name: 'Save the summary' }).click();
  await expect(member.locator('.markdown strong')).toHaveText('edge');
  await lead.getByRole('button', { name: 'Close the review…' }).click();
  await lead.locator('.dialog').getByRole('button', { name: 'Close it' }).click();
  await expect(lead.locator('.page-head .badge')).toHaveText('Closed');
  await expect(owner.getByRole('button', { name: /Accept/ })).toHaveCount(0);
  const closed = await read<Review>(lead, path);
  const late = await owner.request.put(`/api/v1${path}/items/${key}-1/verdict`, {
    data: { accepted: false, feedback: 'too late', version: 1 },
  });
  expect(late.status()).toBe(409);
  expect(await read<Review>(lead, path)).toEqual(closed);
});
