import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Download, expect, type Locator, type Page, test } from '@playwright/test';
import type { Flow, Forecast, SprintReport, Velocity } from '../src/api/schema';
import { Clocked } from './clocked';
import { complaints, read, send } from './shared';
import { begin, emptySprint, hugeSprint, moveTo, oneDay, overdue, patches, remember, sums } from './sprints';

/**
 * Every chart in every kind of sprint: empty, of one day, normal, huge and overdue, lived elsewhere and running here. Each
 * is drawn within its frame, says the same as the API in a table, as CSV and as JSON, and is saved as a picture.
 */
test.describe.configure({ mode: 'serial', timeout: 120_000 });

const golden = resolve(process.env.PATCHLINE_SHARED ?? '../../shared', 'golden', 'sprint.json');
const time_zone = 'Europe/Berlin';
/** The sprints that are looked at: the first of each team is imported, the last runs. */
const cases = [
  { kind: 'an empty sprint', team: 'EMPTY', sprint: 1 },
  { kind: 'a running sprint without items', team: 'EMPTY', sprint: 2 },
  { kind: 'a sprint of one day', team: 'ONE', sprint: 1 },
  { kind: 'a running sprint of one day', team: 'ONE', sprint: 2 },
  { kind: 'a normal sprint', team: 'NORMAL', sprint: 1 },
  { kind: 'a running normal sprint', team: 'NORMAL', sprint: 7 },
  { kind: 'a huge sprint', team: 'HUGE', sprint: 1 },
  { kind: 'an overdue sprint', team: 'LATE', sprint: 1 },
  { kind: 'a running overdue sprint', team: 'LATE', sprint: 5 },
];

let server: Clocked;
let page: Page;
let found: string[];

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000); // the server may have to be built
  test.skip(!existsSync(golden), `THE GOLDEN SPRINT IS MISSING: no ${golden}`);
  server = await Clocked.start('2026-11-02T08:00:00+01:00');
  page = await server.person(browser);
  found = complaints(page);
  for (const key of ['NONE', 'EMPTY', 'ONE', 'NORMAL', 'HUGE', 'LATE'])
    await send(page, '/teams', { key, name: key.toLowerCase(), time_zone });
  await past();
  await running();
});
test.afterAll(async () => {
  await page?.context().close();
  await server?.stop();
});
test.afterEach(() => {
  expect(found).toEqual([]);
});

async function past(): Promise<void> {
  for (const [team, told] of [
    ['EMPTY', emptySprint],
    ['ONE', oneDay],
    ['HUGE', hugeSprint()],
    ['LATE', overdue],
  ] as const)
    await remember(page, team, JSON.stringify(told));
  await remember(page, 'NORMAL', readFileSync(golden, 'utf8'));
  await remember(page, 'NORMAL', sums([8, 11, 9, 14, 7]));
  await remember(page, 'HUGE', sums([8, 11, 9, 14, 7, 11, 2, 31, 7, 8], 1000));
  await remember(page, 'LATE', sums([5, 8, 3]));
}

/** Sprints that begin on Monday the 2nd; on Wednesday the 11th one goes on as planned, and two are late. */
async function running(): Promise<void> {
  const start_date = '2026-11-02';
  const titles = (n: number) => Array.from({ length: n }, (_, i) => `Patch ${i + 1}`);
  const [one, normal, late] = [
    await patches(page, 'ONE', titles(2), 5),
    await patches(page, 'NORMAL', titles(9), 3),
    await patches(page, 'LATE', titles(5), 3),
  ].map((list) => list.map((p) => p.key));
  if (!one || !normal || !late) throw new Error('no patches');
  await begin(page, 'EMPTY', { start_date, end_date: '2026-11-13' }, []);
  await begin(page, 'ONE', { start_date, end_date: start_date }, one);
  await begin(page, 'NORMAL', { start_date, end_date: '2026-11-20' }, normal.slice(0, 7));
  await begin(page, 'LATE', { start_date, end_date: '2026-11-06' }, late);
  await server.moveTo('2026-11-02T15:00:00+01:00');
  await server.enter(page);
  await moveTo(page, 'ONE', one[0] ?? '', 'verified');
  for (let day = 3; day < 8; day++) {
    await server.moveTo(`2026-11-0${day}T10:00:00+01:00`);
    await server.enter(page);
    await moveTo(page, 'NORMAL', normal[day - 3] ?? '', 'in_progress');
    if (day > 4) await moveTo(page, 'NORMAL', normal[day - 5] ?? '', 'verified');
    if (day < 6) await moveTo(page, 'LATE', late[day - 3] ?? '', day === 4 ? 'testing' : 'verified');
  }
  await send(page, '/teams/NORMAL/sprints/7/items', { keys: [normal[7]], reason: 'there is room' });
  await server.moveTo('2026-11-11T10:00:00+01:00');
  await server.enter(page);
}

const report = (c: (typeof cases)[number]) => read<SprintReport>(page, `/teams/${c.team}/sprints/${c.sprint}/report`);
const shown = (v: number | null | undefined) =>
  typeof v === 'number' ? new Intl.NumberFormat('en').format(Math.round(v * 100) / 100) : '–';
const signed = (n: number) =>
  n === 0
    ? '0'
    : `${n > 0 ? '+' : '−'}${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(Math.abs(n))}`;

const drawn = '.chart svg, .velocity-chart svg';

/** Texts stand within their chart and not over each other, also on a phone, and the page is no wider than the screen. */
async function tidy(): Promise<void> {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(page.locator(drawn).first()).toHaveAttribute('width', /\d/);
    const wrong = () =>
      page.evaluate((drawn) => {
        const out: string[] = [];
        for (const svg of document.querySelectorAll(drawn)) {
          const frame = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll('text')].map((t) => ({
            text: t.textContent,
            box: t.getBoundingClientRect(),
          }));
          texts.forEach(({ text, box }, i) => {
            if (box.left < frame.left - 1 || box.right > frame.right + 1) out.push(`“${text}” stands out`);
            for (const b of texts.slice(i + 1)) {
              const beside = box.right <= b.box.left + 1 || b.box.right <= box.left + 1;
              const above = box.bottom <= b.box.top + 4 || b.box.bottom <= box.top + 4;
              if (!beside && !above) out.push(`“${text}” lies on “${b.text}”`);
            }
          });
          for (const path of svg.querySelectorAll('path, rect')) {
            const box = path.getBoundingClientRect();
            if (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 1)
              out.push(`${path.getAttribute('class')} leaves the frame`);
          }
        }
        if (document.documentElement.scrollWidth > innerWidth) out.push('the page is too wide');
        return out;
      }, drawn);
    // polled: a chart takes its new size a moment after the window
    await expect.poll(wrong, { message: `${width} px` }).toEqual([]);
  }
}

async function saved(click: Locator): Promise<Buffer> {
  const download: Promise<Download> = page.waitForEvent('download');
  await click.click();
  return readFileSync(await (await download).path());
}

/** The picture is twice as large as the chart, with its caption above, and something is drawn on it. */
async function pictured(png: Buffer, chart: Locator): Promise<void> {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const box = await chart.boundingBox();
  expect(width).toBe(Math.round(box?.width ?? 0) * 2);
  expect(height).toBeGreaterThan(Math.round(box?.height ?? 0) * 2 + 60);
  const colours = await page.evaluate(async (bytes) => {
    const picture = await createImageBitmap(
      new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], { type: 'image/png' }),
    );
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    context?.drawImage(picture, 0, 0);
    const { data } = context?.getImageData(0, 0, picture.width, picture.height) ?? { data: [] };
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      seen.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
    return seen.size;
  }, png.toString('base64'));
  expect(colours, 'colours in the picture').toBeGreaterThan(10);
}

const cells = (row: Locator) => row.locator('td').allTextContents();

for (const c of cases) {
  test(`${c.kind}: burndown, burn-up, risk and its causes say what the API says`, async () => {
    const want = await report(c);
    const at = (rest = '') => page.goto(`/t/${c.team}/burndown?sprint=${c.sprint}${rest}`);
    for (const look of ['', '&way=up', '&metric=risk', '&metric=risk&look=causes']) {
      await at(look);
      const chart = page.locator('.chart svg');
      await expect(chart).toBeVisible();
      await tidy();
      await pictured(await saved(page.getByRole('button', { name: 'PNG' })), chart);
    }
    await at('&look=table');
    const days = page.getByRole('region', { name: 'Points by day' }).locator('tbody tr');
    await expect(days).toHaveCount(want.days.length);
    for (const i of [0, Math.floor(want.days.length / 2), want.days.length - 1]) {
      const d = want.days[i];
      expect(await cells(days.nth(i))).toEqual([d?.scope, d?.done, d?.remaining, d?.guideline].map(shown));
    }
    await at('&metric=risk&look=table');
    const last = page
      .getByRole('region', { name: 'Risk by day' })
      .locator('tbody tr')
      .nth(want.risk.total_open.length - 1);
    await expect(last).toBeVisible();
    expect((await cells(last)).slice(0, 2)).toEqual([
      shown(want.risk.in_sprint.at(-1)),
      shown(want.risk.total_open.at(-1)),
    ]);

    const csv = (await saved(page.getByRole('link', { name: 'CSV' }))).toString().trim().split('\n');
    const [head = [], ...rows] = csv.map((l) => l.trim().split(','));
    const column = (name: string) => rows.map((r) => r[head.indexOf(name)] ?? '');
    expect(column('day')).toEqual(want.days.map((d) => d.day));
    for (const name of ['scope', 'done', 'remaining', 'guideline'] as const)
      expect(column(name)).toEqual(want.days.map((d) => String(d[name] ?? '')));
    expect(column('risk_total_open').filter(Boolean).map(Number)).toEqual(want.risk.total_open);
    const causes = ['retired', 'arrived', 'rescored', 'accepted', 'returned'] as const;
    for (const cause of causes) {
      const moved = want.risk.ledger.filter((r) => r.kind === cause).reduce((sum, r) => sum + r.delta, 0);
      expect(column(`risk_${cause}`).reduce((sum, x) => sum + Number(x), 0)).toBeCloseTo(moved, 1);
    }
    const before = rows[0];
    if (before)
      expect((await cells(page.locator('tbody tr').first())).slice(2, 7)).toEqual(
        causes.map((cause) => signed(Number(before[head.indexOf(`risk_${cause}`)]))),
      );
    expect(JSON.parse((await saved(page.getByRole('button', { name: 'JSON of the sprint' }))).toString())).toEqual(
      want,
    );
  });
}

/** What a chart of the reports page shows, read from its table and its files. */
async function figures(name: string): Promise<{ table: string[][]; csv: string[][]; json: unknown }> {
  const sheet = page.getByRole('region', { name, exact: true });
  await pictured(await saved(sheet.getByRole('button', { name: `PNG of ${name}` })), sheet.locator('svg[role=img]'));
  const csv = (await saved(sheet.getByRole('button', { name: `CSV of ${name}` }))).toString().trim().split('\r\n');
  const json = JSON.parse((await saved(sheet.getByRole('button', { name: `JSON of ${name}` }))).toString()) as unknown;
  await sheet.getByRole('radio', { name: 'Table' }).click();
  const rows = await sheet.locator('tbody tr').all();
  const table = await Promise.all(rows.map((r) => r.locator('th, td').allTextContents()));
  return { table, csv: csv.slice(1).map((l) => l.split(',')), json };
}

for (const team of ['EMPTY', 'ONE', 'NORMAL', 'HUGE', 'LATE']) {
  test(`the reports of the team ${team} say what the API says`, async () => {
    const api = <T>(path: string) => read<T>(page, `/teams/${team}/${path}`);
    const [velocity, forecast, flow] = [
      await api<Velocity>('velocity'),
      await api<Forecast>('forecast'),
      await api<Flow>('flow?days=14'),
    ];
    await page.goto(`/t/${team}/reports?days=14`);
    await expect(page.getByRole('region', { name: 'Cycle time', exact: true })).toBeVisible();
    await tidy();

    const v = await figures('Velocity');
    expect(v.json).toEqual(velocity);
    expect(v.csv.map((r) => r.slice(1, 3).map(Number))).toEqual(
      velocity.sprints.map((s) => [s.committed, s.completed]),
    );
    expect(v.table.map((r) => r.slice(1, 3))).toEqual(
      velocity.sprints.map((s) => [shown(s.committed), shown(s.completed)]),
    );

    const f = await figures('Forecast');
    expect(f.json).toEqual(forecast);
    const chances = forecast.p_done_within_n.map((p) => Math.round(p * 1000) / 10);
    expect(f.csv.map((r) => Number(r[1]))).toEqual(chances);
    if (chances.length > 0) expect(f.table.map((r) => r[1])).toEqual(chances.map(shown));
    else expect(f.table).toEqual([['Nothing yet.']]);

    const days = await figures('Cumulative flow');
    expect(days.json).toEqual(flow.days);
    const testing = flow.days.map((d) => d.counts.testing ?? 0);
    expect(days.csv.map((r) => Number(r[5]))).toEqual(testing);
    expect(days.table.map((r) => Number(r[5]))).toEqual(testing);

    const c = await figures('Cycle time');
    expect(c.json).toEqual({ cycles: flow.cycles, p50: flow.p50, p85: flow.p85, p95: flow.p95 });
    expect(c.table.map((r) => r[0])).toEqual(flow.cycles.length ? flow.cycles.map((i) => i.key) : ['Nothing yet.']);
    expect(c.csv.map((r) => r[0])).toEqual(flow.cycles.map((i) => i.key));
  });
}

test('a team without a sprint is told so on every chart', async () => {
  await page.goto('/t/NONE/burndown');
  await expect(page.getByText('No sprint has started yet')).toBeVisible();
  await page.goto('/t/NONE/reports');
  for (const words of [
    'No sprint has closed yet',
    'Not enough sprints yet',
    'No work in these days',
    'Nothing was finished in these days',
  ])
    await expect(page.locator('svg').getByText(words, { exact: true })).toBeVisible();
  await tidy();
});

test('an overdue sprint shows its planned end, and one of a day is drawn by the hour', async () => {
  await page.goto('/t/LATE/burndown?sprint=5');
  await expect(page.locator('svg').getByText('Planned end', { exact: true })).toBeVisible();
  await page.goto('/t/ONE/burndown?sprint=1');
  await expect(page.locator('svg').getByText('18:00', { exact: true })).toBeVisible();
  const middle = await page.locator('.chart-main').evaluate((e) => e.getAttribute('d'));
  expect(middle?.match(/V/g), 'KB1 at eleven, KB3 in and out, the end').toHaveLength(4);
});
