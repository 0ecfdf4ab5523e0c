import { type Page, test, expect as usual } from '@playwright/test';
import type { Import, PatchList } from '../src/api/schema';
import { Clocked } from './clocked';
import { complaints, makeTeam, read } from './shared';

/**
 * A whole sprint as four people live it, each in a browser of their own, on a server whose clock goes through a
 * fortnight: planned on Friday the 4th, worked from the 7th to the 18th, looked back on, and followed by the next.
 */
test.describe.configure({ mode: 'serial', timeout: 120_000 });
/** Four browsers at once take their time where little else is left of the machine. */
const expect = usual.configure({ timeout: 20_000 });

const key = 'FOR';
const home = `/t/${key}`;
const people = [
  { name: 'Amara Okafor', email: 'amara@fortnight.example.org', role: 'scrum_master' },
  { name: 'Bram de Vries', email: 'bram@fortnight.example.org', role: 'product_owner' },
  { name: 'Chen Wei', email: 'chen@fortnight.example.org', role: 'member' },
  { name: 'Elif Kaya', email: 'elif@fortnight.example.org', role: 'approver' },
] as const;
/** The working days of the sprint. */
const days = [7, 8, 9, 10, 11, 14, 15, 16, 17, 18].map((d) => `2026-09-${String(d).padStart(2, '0')}`);
const exploited = 'CVE-2026-0605';
const report = [
  'asset,asset_kind,component,ecosystem,vulnerability,installed_version,fixed_version,severity',
  'web-1,host,openssl,deb,CVE-2026-0601,3.0.1-1,3.0.2-1,critical',
  'web-1,host,nginx,deb,CVE-2026-0602,1.26.0-1,1.26.3-1,high',
  'db-1,host,postgresql-16,deb,CVE-2026-0603,16.1-1,16.4-1,high',
  'db-1,host,curl,deb,CVE-2026-0604,8.1.0-1,8.9.0-1,medium',
  `mail-1,host,sudo,deb,${exploited},1.9.13-1,1.9.15-1,low`,
  'mail-1,host,perl,deb,CVE-2026-0606,5.36.0-1,5.36.3-1,low',
].join('\n');

const catalogue = JSON.stringify({
  catalogVersion: '2026.09.11',
  dateReleased: '2026-09-11T06:00:00Z',
  count: 1,
  vulnerabilities: [
    {
      cveID: exploited,
      vendorProject: 'Sudo',
      product: 'sudo',
      vulnerabilityName: 'Sudo privilege escalation',
      dateAdded: '2026-09-11',
      dueDate: '2026-09-14',
      requiredAction: 'Apply the update',
    },
  ],
});

let server: Clocked;
let amara: Page;
let bram: Page;
let chen: Page;
let elif: Page;
let everybody: Page[];
let found: string[][];
/** The key of the patch of a component. */
let patch: Record<'openssl' | 'nginx' | 'postgresql-16' | 'curl' | 'sudo' | 'perl', string>;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000); // the server may have to be built
  server = await Clocked.start('2026-09-04T10:00:00+02:00');
  const root = await server.person(browser);
  await makeTeam(root, { key, name: 'Fortnight', time_zone: 'Europe/Berlin' }, people);
  const team = await read<{ version: number }>(root, `/teams/${key}`);
  const gate = { version: team.version, approval_required: true };
  expect((await root.request.patch(`/api/v1/teams/${key}`, { data: gate })).ok()).toBe(true);
  everybody = await Promise.all(people.map((p) => server.person(browser, p.email)));
  [amara, bram, chen, elif] = everybody as [Page, Page, Page, Page];
  found = everybody.map(complaints);
  await root.context().close();
});
test.afterAll(async () => {
  await Promise.all((everybody ?? []).map((p) => p.context().close()));
  await server?.stop();
});
test.afterEach(() => {
  expect(found.flat()).toEqual([]);
});

const toast = (page: Page, text: string | RegExp) => page.locator('.toast').filter({ hasText: text }).first();
const card = (page: Page, patchKey: string) => page.locator(`.card[data-key="${patchKey}"]`);
const inColumn = (page: Page, status: string, patchKey: string) =>
  page.locator(`.column[data-status="${status}"] .card[data-key="${patchKey}"]`);

/** Takes files as one drops them on the page of imports, and waits until they are read. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.goto(`${home}/imports`);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  await expect
    .poll(
      async () =>
        (await read<{ items: Import[] }>(page, `/teams/${key}/imports`)).items.find((i) => i.file === name)?.state,
    )
    .toBe('done');
}

const plan = (page: Page, day: string) => `${people[everybody.indexOf(page)]?.name} on day ${days.indexOf(day) + 1}`;

/** Goes on to a morning: everybody opens the stand-up, writes an entry, and reads those of the others. */
async function standUp(day: string, beforeTheySave = async () => {}): Promise<void> {
  await server.moveTo(`${day}T09:15:00+02:00`);
  await Promise.all(everybody.map((page) => page.goto(`${home}/standup`)));
  await expect(elif.getByText(`day ${days.indexOf(day) + 1} of 10 of the sprint`)).toBeVisible();
  await beforeTheySave();
  await Promise.all(everybody.map((page) => say(page, plan(page, day))));
  for (const page of everybody) await expect(elif.locator('.standup-team')).toContainText(plan(page, day));
}

const entry = (page: Page) => page.locator('.standup-own');

async function say(page: Page, text: string): Promise<void> {
  await entry(page).getByLabel('Today', { exact: false }).fill(text);
  await entry(page).getByRole('button', { name: 'Save entry' }).click();
  await expect(toast(page, /^Your entry for .* is saved/)).toBeVisible();
}

const blockers = (page: Page) => page.locator('.standup-blockers');

/** Moves a card by its menu, as one does without a mouse. */
async function move(page: Page, patchKey: string, column: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${patchKey}` }).click();
  await page.getByRole('menuitem', { name: `Move to ${column}` }).click();
  await expect(toast(page, `${patchKey} moved to ${column}`)).toBeVisible();
}

test('Friday before: a report fills the backlog, the team estimates, and a proposal fills the sprint', async () => {
  await drop(chen, 'report.csv', report);
  await bram.goto(`${home}/backlog`);
  await expect(bram.locator('.brows .brow')).toHaveCount(6);
  const { items } = await read<PatchList>(bram, `/teams/${key}/patches`);
  patch = Object.fromEntries(items.map((p) => [p.title.split(' ')[1], p.key])) as typeof patch;

  await chen.goto(`${home}/backlog`);
  const grid = chen.getByRole('grid');
  for (const [i, points] of [5, 3, 5, 2, 1, 3].entries()) {
    await grid.focus();
    await chen.keyboard.press('Home');
    for (let n = 0; n < i; n++) await chen.keyboard.press('j');
    await chen.keyboard.press('e');
    await chen.keyboard.type(String(points));
    await chen.keyboard.press('Enter');
    await expect(toast(chen, `${items[i]?.key}: ${points} point`)).toBeVisible();
  }

  await amara.goto(`${home}/backlog?view=sprint`);
  await bram.goto(`${home}/backlog?view=sprint`);
  await amara.getByRole('button', { name: 'Plan a sprint' }).click();
  const dialog = amara.getByRole('dialog', { name: 'Plan a sprint' });
  await dialog.getByLabel(/^Goal/).fill('The web is patched');
  await dialog.getByLabel(/^First day/).fill(days[0] ?? '');
  await dialog.getByLabel(/^Last day/).fill(days[9] ?? '');
  await dialog.getByRole('button', { name: 'Plan sprint' }).click();
  await bram.getByRole('button', { name: 'Actions for Sprint 1' }).click();
  await bram.getByRole('menuitem', { name: 'Propose what to take…' }).click();
  const proposal = bram.getByRole('dialog', { name: 'Propose Sprint 1' });
  await proposal.getByLabel('Points it holds').fill('15');
  await expect(proposal.getByRole('status')).toContainText('No better selection exists');
  // what is left out by hand leaves room for the rest
  for (const key of [patch.sudo, patch.perl]) {
    const line = proposal.getByRole('checkbox', { name: key });
    if (await line.isChecked()) await line.click();
    await expect(line).not.toBeChecked();
  }
  await expect(proposal.getByRole('status')).toContainText('4 items, 15 of 15 points');
  await proposal.getByRole('button', { name: 'Take it over' }).click();
  await expect(bram.getByRole('list', { name: 'Items of Sprint 1' }).getByRole('listitem')).toHaveCount(4);
});

test('Monday: the sprint starts with what was planned, and the first stand-up is held', async () => {
  await server.moveTo('2026-09-07T09:00:00+02:00');
  await amara.goto(`${home}/backlog?view=sprint`);
  const sprint = amara.getByRole('article', { name: 'Sprint 1' });
  await sprint.getByRole('button', { name: 'Start…' }).click();
  const dialog = amara.getByRole('dialog', { name: 'Start Sprint 1' });
  await expect(dialog.locator('.frozen')).toContainText('15');
  await dialog.getByRole('button', { name: 'Start sprint' }).click();
  await expect(sprint.getByText('Active')).toBeVisible();
  await standUp('2026-09-07');

  await Promise.all([chen, elif].map((page) => page.goto(`${home}/board`)));
  await move(chen, patch.nginx, 'In progress');
  await expect(inColumn(elif, 'in_progress', patch.nginx)).toBeVisible();
});

test('Tuesday: a blocker comes with an entry, and gets an owner and a day on which it escalates', async () => {
  await standUp('2026-09-08', async () => {
    await expect(entry(chen).getByRole('textbox', { name: /^Yesterday/ })).toHaveValue(plan(chen, '2026-09-07'));
    await expect(entry(chen).getByRole('list', { name: 'Patches of yesterday' })).toContainText(patch.nginx);
    await chen.getByRole('button', { name: 'Something stops me…' }).click();
    await chen.getByLabel('Blocked patch').fill(patch.openssl);
    await chen.getByLabel('What is needed').fill('A window for web-1');
  });
  await expect(blockers(elif)).toContainText('A window for web-1');
  await amara.getByRole('button', { name: `Edit the blocker of ${patch.openssl}` }).click();
  const dialog = amara.getByRole('dialog', { name: `Blocker of ${patch.openssl}` });
  await dialog.getByLabel('Next step').fill('Ask the shop for a night');
  await dialog.getByLabel('Owner').selectOption({ label: 'Amara Okafor' });
  await dialog.getByLabel('Escalate on').fill('2026-09-10');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(blockers(chen)).toContainText('Ask the shop for a night');
  await expect(blockers(chen)).toContainText('Escalates on');
  await chen.goto(`${home}/board`);
  await expect(card(chen, patch.openssl).locator('.blocked')).toBeVisible();
  await move(chen, patch.nginx, 'Testing');
});

test('Wednesday: a member asks for an exception, and the approver decides', async () => {
  await standUp('2026-09-09');
  await chen.goto(`${home}/patches/${patch.perl}`);
  await chen.getByRole('button', { name: 'Ask for an exception…' }).click();
  const dialog = chen.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('mail-1 is replaced in October');
  await dialog.getByLabel('Compensating control').fill('No shell for users');
  await dialog.getByLabel('Last day').fill('2026-10-31');
  await dialog.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(chen.getByText('Waits for approval')).toBeVisible();
  await elif.goto(`${home}/exceptions`);
  await elif.getByRole('button', { name: `Approve ${patch.perl}` }).click();
  await elif.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(chen.getByText('In force')).toBeVisible();
  await chen.goto(`${home}/board`);
  await move(chen, patch.nginx, 'Awaiting approval');
});

test('Thursday: the blocker has escalated, one leads through the stand-up, and the blocker is cleared', async () => {
  await standUp('2026-09-10');
  await expect(blockers(bram).getByText('Escalated since')).toBeVisible(); // the server looks every ten seconds
  await amara.getByRole('button', { name: 'Walk through' }).click();
  const turn = (page: Page) => page.locator('.standup-walk h2');
  const names = people.map((p) => p.name).toSorted();
  for (const [i, name] of names.entries()) {
    await Promise.all(everybody.map((page) => expect(turn(page)).toContainText(name)));
    await amara
      .locator('.standup-walk')
      .getByRole('button', { name: i === 3 ? 'Finish' : 'Next' })
      .click();
  }
  await Promise.all(everybody.map((page) => expect(page.locator('.standup-walk')).toHaveCount(0)));
  await amara.getByRole('button', { name: `Resolve the blocker of ${patch.openssl}` }).click();
  await expect(blockers(chen)).not.toContainText('A window for web-1');

  // what awaits approval goes on by the approver alone
  await Promise.all([chen, elif].map((page) => page.goto(`${home}/board`)));
  await chen.getByRole('button', { name: `Actions for ${patch.nginx}` }).click();
  await expect(chen.getByRole('menuitem', { name: 'Move to Scheduled' })).toBeDisabled();
  await chen.keyboard.press('Escape');
  await move(elif, patch.nginx, 'Scheduled');
  await expect(inColumn(chen, 'scheduled', patch.nginx)).toBeVisible();
});

test('Friday: a known exploited vulnerability is pulled into the sprint with a reason', async () => {
  await standUp('2026-09-11');
  await Promise.all([amara, chen].map((page) => page.goto(`${home}/backlog`)));
  await drop(bram, 'kev.json', catalogue);
  const notice = amara.getByRole('region', { name: 'Known exploited' });
  await expect(notice).toContainText(exploited);
  await expect(notice).toContainText(patch.sudo);
  await bram.goto(`${home}/backlog`);
  await bram.getByRole('button', { name: `Actions for ${patch.sudo}` }).click();
  await bram.getByRole('menuitem', { name: 'Put into Sprint 1 as an emergency…' }).click();
  const dialog = bram.getByRole('dialog', { name: 'Emergency into Sprint 1' });
  await dialog.getByLabel('Reason').fill('mail-1 takes logins from the internet');
  await dialog.getByRole('button', { name: 'Add as emergency' }).click();
  await chen.goto(`${home}/board`);
  await expect(card(chen, patch.sudo)).toContainText('Emergency');
  for (const column of ['In progress', 'Testing', 'Awaiting approval']) await move(chen, patch.sudo, column);
  await elif.goto(`${home}/board`);
  await move(elif, patch.sudo, 'Deployed');
  await move(chen, patch.nginx, 'Deployed');

  await amara.goto(`${home}/standup`);
  await amara.getByRole('button', { name: 'Report a blocker…' }).click();
  const report = amara.getByRole('dialog', { name: 'Report a blocker' });
  await report.getByLabel('Patch').fill(patch['postgresql-16']);
  await report.getByLabel('What is needed').fill('A restored backup');
  await report.getByRole('button', { name: 'Report' }).click();
  await expect(blockers(amara)).toContainText('A restored backup');
});

test('the second week: what is deployed is verified, and the second blocker is cleared', async () => {
  await standUp('2026-09-14');
  await expect(blockers(elif)).toContainText('A restored backup');
  await chen.goto(`${home}/board`);
  for (const done of [patch.sudo, patch.nginx]) await move(chen, done, 'Verified');
  await standUp('2026-09-15');
  await chen.getByRole('button', { name: `Resolve the blocker of ${patch['postgresql-16']}` }).click();
  await expect(blockers(elif)).not.toContainText('A restored backup');
  await chen.goto(`${home}/board`);
  await move(chen, patch.openssl, 'Awaiting approval');
  await standUp('2026-09-16');
  await elif.goto(`${home}/board`);
  await move(elif, patch.openssl, 'Deployed');
  await standUp('2026-09-17');
  await chen.goto(`${home}/board`);
  await move(chen, patch.openssl, 'Verified');
});

test('the last Friday: after the tenth stand-up the sprint is closed, and what is left is carried over', async () => {
  await standUp('2026-09-18');
  await server.moveTo('2026-09-18T16:00:00+02:00');
  await Promise.all(everybody.map((page) => page.goto(`${home}/board`)));
  await amara.getByRole('button', { name: 'Close sprint…' }).click();
  const dialog = amara.getByRole('dialog', { name: 'Close Sprint 1' });
  await expect(dialog.locator('.unfinished li .key')).toHaveText([patch['postgresql-16'], patch.curl]);
  await dialog.getByRole('button', { name: /^Next sprint/ }).click();
  await dialog.getByLabel('Yes').check();
  await dialog.getByRole('button', { name: 'Close sprint' }).click();
  await expect(toast(amara, 'Sprint 1 closed with 9 points completed')).toBeVisible();
  for (const page of everybody) await expect(page.getByText('No sprint is active')).toBeVisible();
});

test('the review: the product owner accepts or says what is missing, and a guest comments', async ({ browser }) => {
  await Promise.all(everybody.map((page) => page.goto(`${home}/sprints/1/review`)));
  await expect(elif.getByText('3 done · 2 carried over · 3 not judged yet')).toBeVisible();
  const item = (page: Page, of: string) => page.locator('.review-item', { hasText: of });
  for (const of of [patch.sudo, patch.nginx]) {
    await bram.getByRole('button', { name: `Accept ${of}` }).click();
    await expect(item(chen, of)).toContainText('Accepted Bram de Vries');
  }
  await bram.getByRole('button', { name: `Not accepted… ${patch.openssl}` }).click();
  await bram
    .getByRole('dialog')
    .getByLabel('What is missing?')
    .fill('The old library is still loaded: restart the shop');
  await bram.getByRole('dialog').getByRole('button', { name: 'Not accepted' }).click();
  await expect(item(chen, patch.openssl)).toContainText('restart the shop');
  await chen.getByRole('button', { name: `Follow up in the backlog ${patch.openssl}` }).click();
  await expect(item(amara, patch.openssl)).toContainText('Follow-up');

  await amara.getByRole('button', { name: 'Guests…' }).click();
  await amara.getByRole('dialog').getByRole('button', { name: 'Make a link' }).click();
  const guest = await server.visitor(browser);
  await guest.goto(await amara.getByLabel('Guest link').inputValue());
  await amara.getByRole('button', { name: 'Done' }).click();
  await expect(guest.getByText('Goal: The web is patched')).toBeVisible();
  await expect(guest.getByText('restart the shop')).toHaveCount(0); // feedback stays in the team
  await guest.getByLabel('Your name').fill('Olga of the shop');
  await guest.getByLabel('Your comment').fill('Nobody noticed a thing');
  await guest.getByRole('button', { name: 'Send the comment' }).click();
  await expect(bram.locator('.review-comment', { hasText: 'Olga of the shop' })).toContainText(
    'Nobody noticed a thing',
  );
  await guest.context().close();

  await amara.getByLabel('What the sprint came to').fill('Three of five are in, the emergency within a day.');
  await amara.getByRole('button', { name: 'Close the review…' }).click();
  await amara.getByRole('dialog').getByRole('button', { name: 'Close it' }).click();
  await expect(elif.getByText('the emergency within a day')).toBeVisible();
});

const phase = (page: Page) => page.locator('.retro-phases [aria-current=step]');
const onwards = (to: string) => amara.getByRole('button', { name: `Go on to ${to}` }).click();

test('the retrospective: cards of everybody, votes, and an action with its owner', async () => {
  await Promise.all(everybody.map((page) => page.goto(`${home}/retro`)));
  await expect(bram.getByRole('region', { name: 'Facts of the sprint' })).toContainText(patch.sudo);
  await amara.getByRole('button', { name: 'Lead the retrospective' }).click();
  await onwards('collect');
  const cards: [Page, string, string][] = [
    [amara, 'Went well', 'Nobody worked at night'],
    [bram, 'Went well', 'The emergency was in within a day'],
    [chen, 'To improve', 'Windows come late'],
    [elif, 'To improve', 'Approvals wait for the afternoon'],
  ];
  for (const [page, column, text] of cards) {
    await expect(phase(page)).toHaveText('Collect');
    await page.getByLabel(`New card: ${column}`).fill(text);
    await page.getByLabel(`New card: ${column}`).press('Enter');
    await expect(page.locator('.retro-card', { hasText: text })).toBeVisible();
  }
  await expect(chen.locator('.retro-card', { hasText: 'Nobody worked at night' })).toHaveCount(0); // not before all have written
  await onwards('group');
  for (const [, , text] of cards) await expect(chen.locator('.retro-card', { hasText: text })).toBeVisible();
  await onwards('vote');
  for (const page of everybody) await page.getByRole('button', { name: 'Give a dot to Windows come late' }).click();
  await onwards('discuss');
  await expect(elif.locator('.badge', { hasText: '4 votes' })).toBeVisible();
  await onwards('actions');
  await amara.getByLabel('Action', { exact: true }).fill('Book windows on planning day');
  await amara.getByLabel('Owner').selectOption({ label: 'Chen Wei' });
  await amara.getByRole('button', { name: 'Add the action' }).click();
  for (const page of everybody)
    await expect(page.locator('.retro-actions')).toContainText('Book windows on planning day');
  await amara.getByRole('button', { name: 'Close…' }).click();
  await amara.getByRole('dialog').getByRole('button', { name: 'Close it' }).click();
  await expect(elif.locator('.markdown')).toContainText('Book windows on planning day (Chen Wei, by sprint 2)');
});

test('the next sprint: what was carried over and the action of the retrospective are in it', async () => {
  await server.moveTo('2026-09-21T09:00:00+02:00');
  await bram.goto(`${home}/backlog`);
  await expect(bram.getByRole('region', { name: 'Known exploited' })).toContainText(patch.sudo);
  await expect(bram.getByRole('region', { name: 'Known exploited' })).not.toContainText('overdue'); // it was in on time
  const action = bram.locator('.brow', { hasText: 'Book windows on planning day' });
  await action.getByRole('button', { name: /^Actions for/ }).click();
  await bram.getByRole('menuitem', { name: 'Put into Sprint 2' }).click();
  await expect(bram.getByRole('list', { name: 'Items of Sprint 2' }).getByRole('listitem')).toHaveCount(3);
  await amara.goto(`${home}/backlog?view=sprint`);
  await amara.getByRole('article', { name: 'Sprint 2' }).getByRole('button', { name: 'Start…' }).click();
  const dialog = amara.getByRole('dialog', { name: 'Start Sprint 2' });
  await dialog.getByRole('button', { name: 'Start sprint' }).click();
  await expect(toast(amara, /^Sprint 2 started/)).toBeVisible();
  await Promise.all([chen, elif].map((page) => page.goto(`${home}/board`)));
  const titles = chen.locator('.card');
  await expect(titles).toHaveCount(3);
  await expect(titles.filter({ hasText: 'Book windows on planning day' })).toContainText('CW');
  await expect(card(elif, patch.curl)).toContainText('2nd sprint');
  await elif.goto(`${home}/retro`);
  await expect(elif.getByRole('region', { name: /^Open actions/ })).toContainText('Book windows on planning day');
});
