import { basename, resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { allSamples, complaints, expected, isRefused, makeTeam, requireSamples, samples, signIn } from './shared';

/** Every kind of file through the page, as a person drops it there; what the page then shows is compared. */
const key = 'IMP';
const imports = `/t/${key}/imports`;
const history = (page: Page) => page.getByRole('region', { name: 'History' });
const choose = (page: Page, files: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]) =>
  page.locator('input[type=file]').setInputFiles(files);

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  requireSamples();
  const page = await browser.newPage();
  await signIn(page);
  await makeTeam(page, { key, name: 'Imports' }, []);
  await page.close();
});

/** What the page says of each file. */
const shown = (page: Page) =>
  history(page)
    .locator('li.job')
    .evaluateAll((jobs) =>
      jobs.map((job) => {
        const number = (label: string) => {
          const at = [...job.querySelectorAll('.job-numbers div')].find(
            (d) => d.querySelector('dt')?.textContent === label,
          );
          // what is none is not shown; of a refused file nothing is
          const none = job.querySelector('.job-numbers') ? '0' : 'nothing';
          return Number((at?.querySelector('dd')?.textContent ?? none).replaceAll(',', ''));
        };
        return {
          file: job.querySelector('b')?.textContent ?? '',
          state: job.querySelector('.state')?.textContent,
          records: number('Records'),
          vulnerabilities: number('Vulnerabilities'),
          rejected: number('Rejected'),
        };
      }),
    );

test('every sample file is dropped on the page and comes out as it should', async ({ page }) => {
  test.setTimeout(180_000);
  const wrong = complaints(page);
  await signIn(page);
  await page.goto(imports);
  const files = allSamples().filter((file) => file.startsWith('trivy/') || expected(file).records < 100_000);
  await choose(
    page,
    files.map((file) => resolve(samples, file)),
  );
  await expect(history(page).locator('li.job .state')).toHaveText(
    files.map(() => /Done|Refused|Failed/),
    { timeout: 150_000 },
  );
  const want = files.map((file) =>
    isRefused(file)
      ? {
          file: basename(file),
          state: 'Refused',
          records: Number.NaN,
          vulnerabilities: Number.NaN,
          rejected: Number.NaN,
        }
      : { file: basename(file), state: 'Done', ...expected(file), rejected: 0 },
  );
  const byName = (list: { file: string }[]) => [...list].sort((a, b) => (a.file < b.file ? -1 : 1));
  expect(byName(await shown(page))).toEqual(byName(want));
  expect(wrong).toEqual([]);
});

test('what is not taken says why: a bad row, a letter, an empty file, one that is cut off', async ({ page }) => {
  await signIn(page);
  await page.goto(imports);
  await expect(history(page)).toBeVisible();
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  await choose(page, [
    file('rows.csv', 'asset,component,vulnerability\nweb-1,openssl,CVE-2024-0727\n,openssl,CVE-2024-0727\n'),
    file('letter.txt', 'Dear team, this is no report.\n'),
    file('nothing.json', ''),
    file('half.json', '{"SchemaVersion": 2, "Results": [{"Target": "a", "Vulnerabilities": ['),
  ]);
  const job = (name: string) => history(page).locator('li.job').filter({ hasText: name });
  await expect(job('nothing.json')).toContainText('Is empty (0 bytes)');
  await expect(job('letter.txt')).toContainText('the kinds of file are listed above');
  await expect(job('half.json')).toContainText('Cut off');
  await expect(job('half.json')).toContainText('Nothing was changed.');
  await expect(job('rows.csv')).toContainText('Rejected');
  await job('rows.csv').getByText('1 rejected record').click();
  await expect(job('rows.csv').getByRole('row')).toHaveCount(2);
});
