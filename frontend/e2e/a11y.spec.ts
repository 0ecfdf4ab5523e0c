import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { AssetList, CreatedReviewLink, PatchList } from '../src/api/schema';
import { complaints, read, send, signIn, team } from './shared';

/** Every page as the projects show it: light, dark, and on a phone of 360 pixels. */
const t = `/t/${team.key}`;
const firstPatch = async (page: Page) =>
  (await read<PatchList>(page, `/teams/${team.key}/patches?limit=1`)).items[0]?.key ?? '';

const firstAsset = async (page: Page) =>
  (await read<AssetList>(page, `/teams/${team.key}/assets?limit=1`)).items[0]?.id ?? '';

const guestPath = async (page: Page) =>
  (await send<CreatedReviewLink>(page, `/teams/${team.key}/sprints/1/review/links`, { days: 1 })).path;

interface Stop {
  name: string;
  path: string | ((page: Page) => Promise<string>);
  /** What shows that the page is complete. */
  ready: string;
  open?: (page: Page) => Promise<unknown>;
  /** What opens is neither a menu nor a dialog. */
  inline?: true;
}

const stops: Stop[] = [
  { name: 'backlog', path: `${t}/backlog`, ready: '.brows .brow' },
  { name: 'sprints beside the backlog', path: `${t}/backlog?view=sprint`, ready: '.sprint-item' },
  { name: 'backlog without a match', path: `${t}/backlog?q=nosuchthing`, ready: '.empty-state' },
  { name: 'patch panel', path: async (p) => `${t}/backlog?patch=${await firstPatch(p)}`, ready: '.score-parts' },
  {
    name: 'row menu',
    path: `${t}/backlog`,
    ready: '.brows .brow',
    open: (p) => p.locator('.brow .kebab').first().click(),
  },
  {
    name: 'new patch',
    path: `${t}/backlog`,
    ready: '.brows .brow',
    open: (p) => p.getByRole('button', { name: 'New patch' }).click(),
  },
  { name: 'patch', path: async (p) => `${t}/patches/${await firstPatch(p)}`, ready: '.composer' },
  {
    name: 'patch with its forms open',
    inline: true,
    path: async (p) => `${t}/patches/${await firstPatch(p)}`,
    ready: '.composer',
    open: async (p) => {
      await p.getByRole('button', { name: 'Edit reboot, downtime and advisories' }).click();
      await p.getByRole('button', { name: 'Add an advisory' }).click();
      await p.getByRole('textbox', { name: 'New comment' }).fill('**All** of it');
    },
  },
  {
    name: 'filter builder',
    path: `${t}/backlog?min_risk=1`,
    ready: '.condition',
    open: (p) => p.getByRole('button', { name: 'Filter', exact: true }).click(),
  },
  {
    name: 'views',
    path: `${t}/backlog`,
    ready: '.brows .brow',
    open: (p) => p.getByRole('button', { name: 'Views', exact: true }).click(),
  },
  {
    name: 'columns and export',
    path: `${t}/backlog`,
    ready: '.brows .brow',
    open: (p) => p.getByRole('button', { name: 'Columns and export' }).click(),
  },
  {
    name: 'command palette',
    path: `${t}/backlog`,
    ready: '.brows .brow',
    open: (p) => p.keyboard.press('ControlOrMeta+k'),
  },
  {
    name: 'keyboard shortcuts',
    path: `${t}/backlog`,
    ready: '.brows .brow',
    open: (p) => p.keyboard.press('?'),
  },
  {
    name: 'assigning a patch',
    path: `${t}/backlog`,
    ready: '.brows .brow',
    open: async (p) => {
      await p.locator('.bgrid').focus();
      await p.keyboard.press('a');
    },
  },
  { name: 'vulnerability', path: '/vulnerabilities/CVE-2024-3400', ready: '.fact-cards' },
  { name: 'vulnerability nobody knows', path: '/vulnerabilities/CVE-2031-77777', ready: '.unknown-vulnerability' },
  { name: 'board', path: `${t}/board`, ready: '.card' },
  {
    name: 'closing a sprint',
    path: `${t}/board`,
    ready: '.card',
    open: (p) => p.getByRole('button', { name: 'Close sprint…' }).click(),
  },
  { name: 'home', path: `${t}/home`, ready: '.home-rows' },
  { name: 'estimation', path: `${t}/estimate`, ready: 'h1' },
  {
    name: 'starting an estimation',
    path: `${t}/estimate`,
    ready: '.empty-state, .estimations',
    open: (p) => p.getByRole('button', { name: 'Start an estimation…' }).click(),
  },
  { name: 'stand-up', path: `${t}/standup`, ready: '.standup-team' },
  { name: 'ageing of blockers', path: `${t}/standup?view=ageing`, ready: '.page-head' },
  { name: 'retrospective', path: `${t}/retro`, ready: '.retro-facts' },
  {
    name: 'setting a retrospective up',
    path: `${t}/retro`,
    ready: '.retro-facts',
    open: async (p) => {
      await p.getByRole('button', { name: 'Lead the retrospective' }).click();
      await p.getByRole('menuitem', { name: 'Set up…' }).click();
    },
  },
  { name: 'review', path: `${t}/sprints/1/review`, ready: '.review-part' },
  {
    name: 'guests of a review',
    path: `${t}/sprints/1/review`,
    ready: '.review-part',
    open: async (p) => {
      await p.getByRole('button', { name: 'Guests…' }).click();
      await p.getByRole('button', { name: 'Make a link' }).waitFor();
    },
  },
  { name: 'review of a guest', path: guestPath, ready: '.review-part' },
  { name: 'a guest’s link that does not work', path: '/review/nothing-behind-this-link', ready: '[role=alert]' },
  { name: 'lessons', path: `${t}/lessons`, ready: '.empty-state' },
  { name: 'sprints', path: `${t}/sprints`, ready: '.velocity-chart svg' },
  { name: 'sprint', path: `${t}/sprints/2`, ready: '.data tbody tr' },
  { name: 'burndown', path: `${t}/burndown`, ready: '.chart svg' },
  { name: 'burndown as a table', path: `${t}/burndown?sprint=1&look=table`, ready: '.data tbody tr' },
  { name: 'risk', path: `${t}/burndown?sprint=1&metric=risk`, ready: '.chart svg' },
  { name: 'reports', path: `${t}/reports`, ready: '.report-chart svg' },
  { name: 'sprint report', path: `${t}/sprints/1/report`, ready: '.report-figures' },
  {
    name: 'import of past sprints',
    path: `${t}/sprints`,
    ready: '.velocity-chart svg',
    open: (p) => p.getByRole('button', { name: 'Import past sprints…' }).click(),
  },
  { name: 'assets', path: `${t}/assets`, ready: 'h1' },
  { name: 'asset', path: async (p) => `${t}/assets/${await firstAsset(p)}`, ready: '.asset-facts' },
  { name: 'asset groups', path: `${t}/asset-groups`, ready: 'h1' },
  { name: 'duplicates', path: `${t}/asset-duplicates`, ready: 'h1' },
  { name: 'imports', path: `${t}/imports`, ready: 'h1' },
  { name: 'exceptions', path: `${t}/exceptions`, ready: 'h1' },
  { name: 'due-date policies', path: `${t}/policies`, ready: '.policy' },
  { name: 'members', path: `${t}/members`, ready: 'h1' },
  { name: 'settings', path: `${t}/settings`, ready: 'h1' },
  { name: 'ways of working', path: `${t}/ways`, ready: '.ways-columns' },
  { name: 'inbox', path: '/inbox?show=all', ready: '.inbox-list, .empty-state' },
  { name: 'webhooks', path: `${t}/webhooks`, ready: '.hook-table, .empty-state' },
  {
    name: 'new webhook',
    path: `${t}/webhooks`,
    ready: '.hook-table, .empty-state',
    open: (p) => p.getByRole('button', { name: 'New webhook' }).click(),
  },
  { name: 'account', path: '/account', ready: '.notice-table' },
  { name: 'mail', path: '/admin/mail', ready: '.empty-state' },
  { name: 'people', path: '/admin/users', ready: 'h1' },
  { name: 'feeds', path: '/feeds', ready: '.feed-table' },
  {
    name: 'new feed',
    path: '/feeds',
    ready: '.feed-table',
    open: (p) => p.getByRole('button', { name: 'New feed' }).click(),
  },
  { name: 'teams', path: '/admin/teams', ready: 'h1' },
  {
    name: 'new lesson',
    path: `${t}/lessons`,
    ready: '.empty-state, .retro-lessons',
    open: (p) => p.getByRole('button', { name: 'New lesson' }).first().click(),
  },
  {
    name: 'reporting a blocker',
    path: `${t}/standup`,
    ready: '.standup-team',
    open: (p) => p.getByRole('button', { name: 'Report a blocker…' }).first().click(),
  },
  {
    name: 'digest',
    path: `${t}/standup`,
    ready: '.standup-team',
    open: (p) => p.getByRole('button', { name: 'Digest…' }).first().click(),
  },
  {
    name: 'import of assets',
    path: `${t}/assets`,
    ready: 'h1',
    open: (p) => p.getByRole('button', { name: 'Import CSV' }).first().click(),
  },
  {
    name: 'new group of assets',
    path: `${t}/asset-groups`,
    ready: 'h1',
    open: (p) => p.getByRole('button', { name: 'New group' }).first().click(),
  },
  {
    name: 'new due-date policy',
    path: `${t}/policies`,
    ready: '.policy',
    open: (p) => p.getByRole('button', { name: 'New policy' }).first().click(),
  },
  {
    name: 'new window',
    path: `${t}/calendar`,
    ready: 'h1',
    open: (p) => p.getByRole('button', { name: 'Add window…' }).first().click(),
  },
  {
    name: 'days off',
    path: `${t}/calendar`,
    ready: 'h1',
    open: (p) => p.getByRole('button', { name: 'Add days off…' }).first().click(),
  },
  {
    name: 'invitation',
    path: `${t}/members`,
    ready: 'h1',
    open: (p) => p.getByRole('button', { name: 'Invite' }).first().click(),
  },
  {
    name: 'new token',
    path: '/account',
    ready: '.notice-table',
    open: (p) => p.getByRole('button', { name: 'New token' }).first().click(),
  },
  {
    name: 'new person',
    path: '/admin/users',
    ready: 'h1',
    open: (p) => p.getByRole('button', { name: 'Add person' }).first().click(),
  },
  {
    name: 'new team',
    path: '/admin/teams',
    ready: 'h1',
    open: (p) => p.getByRole('button', { name: 'New team' }).first().click(),
  },
  { name: 'calendar', path: `${t}/calendar`, ready: 'h1' },
  { name: 'a sprint that does not exist', path: `${t}/sprints/999`, ready: '[role=alert]' },
  { name: 'an asset that does not exist', path: `${t}/assets/nothing`, ready: '[role=alert]' },
  { name: 'a team that does not exist', path: '/t/NOWHERE/backlog', ready: '.empty-state' },
  { name: 'a page that does not exist', path: '/nowhere', ready: '.empty-state' },
];

test('sign-in has no violations', async ({ page }) => {
  const found = complaints(page);
  await page.goto('/sign-in');
  await page.getByLabel('Password').waitFor();
  await check(page, found);
});

for (const stop of stops) {
  test(`${stop.name} has no violations and fits its width`, async ({ page }) => {
    const found = complaints(page);
    await signIn(page);
    await page.goto(typeof stop.path === 'string' ? stop.path : await stop.path(page));
    await page.locator(stop.ready).first().waitFor();
    await expect(page.locator('.skeleton')).toHaveCount(0);
    await stop.open?.(page);
    if (stop.open && !stop.inline) await page.locator('[role=menu], [role=dialog]').first().waitFor();
    await check(page, found);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - screen.width)).toBeLessThanOrEqual(0);
  });
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** All rules in the light appearance; in the dark one and on a phone those that can differ there. */
function rules(axe: AxeBuilder): AxeBuilder {
  const { name } = test.info().project;
  if (name === 'dark') return axe.withRules(['color-contrast']);
  if (name === 'phone')
    return axe.withRules(['target-size', 'scrollable-region-focusable', 'aria-hidden-focus', 'heading-order']);
  return axe.withTags(standards);
}

async function check(page: Page, found: string[]): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
  // the guards of an open menu hand the focus on at once, so nobody can rest on them
  const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]');
  if (await page.locator('[role=menu]').count()) axe.disableRules(['region']); // a menu floats above the landmarks
  const { violations } = await rules(axe).analyze();
  const lines = violations.map((v) => {
    const where = v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 160)}`);
    return `${v.id}: ${where.join(' | ')}`;
  });
  expect(lines).toEqual([]);
  expect(found).toEqual([]);
}
