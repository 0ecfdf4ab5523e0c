import { expect, type Page, test } from '@playwright/test';
import type { MyTaskList, Patch, PatchDetail, Sprint, TaskList } from '../src/api/schema';
import { complaints, makeTeam, person, read, send, signIn } from './shared';

/** A team of its own, with a Scrum master who plans and a member who does the work. */
test.describe.configure({ mode: 'serial' });

const key = 'TSK';
const people = [
  { name: 'Tsk sm', email: 'tsk.sm@example.org', role: 'scrum_master' },
  { name: 'Tsk member', email: 'tsk.member@example.org', role: 'member' },
] as const;
const home = `/t/${key}`;
const first = `/teams/${key}/patches/${key}-1`;
let master: Page;
let member: Page;
let found: string[][];

test.beforeAll(async ({ browser }) => {
  const root = await (await browser.newContext()).newPage();
  await signIn(root);
  await makeTeam(root, { key, name: 'Tasks', time_zone: 'UTC' }, people);
  const hosts: string[] = [];
  for (const name of ['tsk-1', 'tsk-2'])
    hosts.push((await send<{ id: string }>(root, `/teams/${key}/assets`, { name })).id);
  await send<Patch>(root, `/teams/${key}/patches`, {
    title: 'openssl 3.0.15',
    component: 'openssl',
    points: 5,
    asset_ids: hosts,
  });
  await root.context().close();
  master = await person(browser, people[0].email);
  member = await person(browser, people[1].email);
  found = [master, member].map(complaints);
});
test.afterAll(async () => {
  await master?.context().close();
  await member?.context().close();
});
test.afterEach(() => {
  expect(found.flat()).toEqual([]);
});

const titles = async () => (await read<TaskList>(member, `${first}/tasks`)).items.map((t) => t.title);

test('a Scrum master writes a template, and a patch that comes into a sprint gets its tasks', async () => {
  await master.goto(`${home}/ways`);
  await master.getByRole('switch', { name: 'Apply by itself' }).check();
  await master.getByRole('button', { name: 'Add template' }).click();
  const template = master.getByRole('group', { name: 'Template 1' });
  await template.getByLabel('Name').fill('TLS');
  await template.getByLabel('Pattern').fill('open*');
  await template.getByLabel('Kind of task 1').selectOption('Back up');
  await template.getByLabel('Task 1', { exact: true }).fill('Back up the keys');
  await template.getByRole('button', { name: 'Add task' }).click();
  await template.getByLabel('Task 2', { exact: true }).fill('Deploy');
  await template.getByLabel('Hours of task 2').fill('1.5');
  await master.getByRole('button', { name: 'Save task templates' }).click();
  await expect(master.getByText('Task templates saved').first()).toBeVisible();

  const sprint = await send<Sprint>(master, `/teams/${key}/sprints`, {});
  const put = await master.request.put(`/api/v1/teams/${key}/sprints/1/items/${key}-1`, { data: {} });
  expect(put.ok()).toBe(true);
  const now = await read<Sprint>(master, `/teams/${key}/sprints/${sprint.number}`);
  await send(master, `/teams/${key}/sprints/1/start`, { version: now.version });
  expect(await titles()).toEqual(['Back up the keys', 'Deploy']);
});

test('tasks are added, moved by keys and from the menu, ticked off and deleted with undo', async () => {
  await member.goto(`${home}/patches/${key}-1`);
  const list = member.getByRole('list', { name: /^Tasks/ });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await member.getByRole('textbox', { name: 'New task' }).fill('Tell the users');
  await member.keyboard.press('Enter');
  await expect(list.getByRole('listitem')).toHaveCount(3);

  await list.getByRole('checkbox', { name: 'Done: Tell the users' }).focus();
  await member.keyboard.press('Alt+ArrowUp');
  await expect.poll(titles).toEqual(['Back up the keys', 'Tell the users', 'Deploy']);
  await list.getByRole('button', { name: 'Actions for the task Deploy' }).click();
  await member.getByRole('menuitem', { name: 'Move up' }).click();
  await expect.poll(titles).toEqual(['Back up the keys', 'Deploy', 'Tell the users']);

  await list.getByRole('checkbox', { name: 'Done: Back up the keys' }).click();
  await expect(list.getByRole('checkbox', { name: 'Done: Back up the keys' })).toBeChecked();
  await expect(member.getByText('1 of 3 done')).toBeVisible();
  await list.getByRole('button', { name: 'Actions for the task Deploy' }).click();
  await member.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await member.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(titles).toEqual(['Back up the keys', 'Deploy', 'Tell the users']);

  await member.getByRole('button', { name: 'Add the tasks of a template' }).click();
  await member.getByRole('menuitem', { name: 'The one that fits' }).click();
  await expect(member.getByText('All tasks of the template are there').first()).toBeVisible();
});

test('a task is dragged to another place', async () => {
  const list = member.getByRole('list', { name: /^Tasks/ });
  await member.getByRole('textbox', { name: 'New task' }).hover(); // the pointer loads the library
  const from = list.getByRole('listitem').filter({ hasText: 'Tell the users' }).locator('.task-title');
  const onto = list.getByRole('listitem').filter({ hasText: 'Back up the keys' }).locator('.task-title');
  await expect(async () => {
    await from.dragTo(onto, { targetPosition: { x: 20, y: 2 } });
    expect(await titles()).toEqual(['Tell the users', 'Back up the keys', 'Deploy']);
  }).toPass();
});

test('what one is asked to do stands at home, and the board of another browser counts it', async () => {
  await master.goto(`${home}/board`);
  const card = master.locator(`[data-key="${key}-1"]`);
  await expect(card).toContainText('1/3');
  const list = member.getByRole('list', { name: /^Tasks/ });
  await list.getByRole('button', { name: 'Actions for the task Deploy' }).click();
  await member.getByRole('menuitem', { name: 'Edit…' }).click();
  const dialog = member.getByRole('dialog');
  await dialog.getByLabel('Assignee').selectOption('Tsk member');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  // not check(): that looks before the page has drawn what the click changed
  await list.getByRole('checkbox', { name: 'Done: Tell the users' }).click();
  await expect(list.getByRole('checkbox', { name: 'Done: Tell the users' })).toBeChecked();
  await expect(card).toContainText('2/3');
  expect((await read<MyTaskList>(member, `/teams/${key}/tasks`)).items.map((i) => i.task.title)).toEqual(['Deploy']);
  await member.goto(`${home}/home`);
  await expect(member.getByRole('region', { name: 'My tasks' })).toContainText('Deploy');
});

test('others work on a patch too, and it is theirs in the backlog', async () => {
  await master.goto(`${home}/patches/${key}-1`);
  await master.getByRole('button', { name: 'Add co-assignees' }).click();
  await master.getByRole('checkbox', { name: 'Tsk member' }).check();
  await master.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(master.getByRole('button', { name: 'Co-assignees: Tsk member. Change' })).toBeVisible();
  const mine = await read<{ items: Patch[] }>(member, `/teams/${key}/patches?assignee=me`);
  expect(mine.items.map((p) => p.key)).toEqual([`${key}-1`]);
});

test('a patch is split by hosts, and its points are conserved', async () => {
  await master.getByRole('button', { name: 'Split…' }).click();
  const dialog = master.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: 'tsk-2' }).check();
  await dialog.getByLabel('Points of the new part').fill('2');
  await expect(dialog.getByText(`3 stay with ${key}-1`)).toBeVisible();
  await dialog.getByLabel('Reason').fill('It waits for its window');
  await dialog.getByRole('button', { name: 'Split', exact: true }).click();
  await expect(master.getByText(`${key}-1 was split: ${key}-2 took a part`).first()).toBeVisible();
  const both = [1, 2].map((n) => read<PatchDetail>(master, `/teams/${key}/patches/${key}-${n}`));
  expect((await Promise.all(both)).map((p) => [p.points, p.sprint, p.assets])).toEqual([
    [3, 1, 1],
    [2, 1, 1],
  ]);
  await expect(master.getByText('Split from the same patch')).toBeVisible();
});

test('a split is taken back from its toast', async () => {
  await master.getByRole('button', { name: 'Undo' }).click();
  await expect(master.getByText(`${key}-1 is whole again`).first()).toBeVisible();
  const both = [1, 2].map((n) => read<PatchDetail>(master, `/teams/${key}/patches/${key}-${n}`));
  expect((await Promise.all(both)).map((p) => [p.points, p.sprint, p.assets, p.status === 'dropped'])).toEqual([
    [5, 1, 2, false],
    [0, null, 0, true],
  ]);
});
