import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test';
import type { Role } from '../src/api/schema';

/** Where the real files lie that the main path imports; without them it proves nothing, so it fails. */
const shared = resolve(process.env.PATCHLINE_SHARED ?? '../../shared');
export const samples = resolve(shared, 'samples');

export function requireSamples(): void {
  if (existsSync(resolve(samples, 'EXPECTED.json'))) return;
  throw new Error(
    `No sample files in ${samples}. Set PATCHLINE_SHARED to the folder that holds samples/EXPECTED.json.`,
  );
}

/** The files of a folder of samples, as "folder/name". */
export const sampleFiles = (folder: string, suffix = ''): string[] =>
  readdirSync(resolve(samples, folder))
    .filter((name) => name.endsWith(suffix))
    .map((name) => `${folder}/${name}`);

type Facts = Record<string, unknown>;

/** The fields of EXPECTED.json that count the records of a folder's files, and the ids that name them; what a file has of them is added up. */
const units: Record<string, [records: string[], ids: string[]]> = {
  trivy: [['vulnerabilities'], ['distinct_ids']],
  grype: [['matches'], ['distinct_ids']],
  kev: [['records'], ['distinct_cves']],
  epss: [['records'], ['distinct_cves']],
  'cve5-vulnrichment': [['records'], ['distinct_cves']],
  nvd2: [['records'], ['distinct_cves']],
  'cyclonedx-sbom': [['components', 'vulnerabilities'], ['distinct_vuln_ids']],
  'cyclonedx-vex': [['components', 'vulnerabilities'], ['distinct_vuln_ids']],
  csaf: [['vulnerabilities'], ['distinct_cves', 'without_cve']],
  openvex: [['statements'], ['distinct_vulns']],
  osv: [['records', 'findings'], ['distinct_ids']],
  sarif: [['results'], ['distinct_rules']],
  'dependency-check': [['vulnerabilities'], ['distinct_names']],
  nessus: [['rows', 'items'], ['distinct_plugins']],
  qualys: [['rows'], ['distinct_qids']],
  openvas: [['rows', 'results'], ['distinct_nvts']],
  'os-output': [['upgradable', 'packages', 'lines'], ['security']],
};

const facts = () =>
  JSON.parse(readFileSync(resolve(samples, 'EXPECTED.json'), 'utf8')) as Record<string, { expect: Facts }>;

/** Every sample, as "folder/name". */
export const allSamples = (): string[] => Object.keys(facts()).sort();

/** Files that are none of what they seem. */
export function isRefused(file: string): boolean {
  const { kind, expect: verdict } = facts()[file]?.expect ?? {};
  return String(kind).startsWith('not a catalogue') || String(verdict).startsWith('REJECT');
}

/** How many records and distinct vulnerabilities a correct import of a sample finds, in the units of the import page. */
export function expected(file: string): { records: number; vulnerabilities: number } {
  const of = facts()[file]?.expect;
  const unit = units[file.split('/')[0] ?? ''];
  if (!of || !unit) throw new Error(`EXPECTED.json says nothing about ${file}`);
  const sum = (names: string[]) =>
    names.reduce((n, name) => n + (typeof of[name] === 'number' ? Number(of[name]) : 0), 0);
  // a file of one record names it instead of counting
  return { records: sum(unit[0]), vulnerabilities: of.id || of.cve ? 1 : sum(unit[1]) };
}

export const admin = { name: 'Ana Lindqvist', email: 'ana@example.org', password: 'correct horse battery' };
export const team = { key: 'INF', name: 'Infrastructure' };

/** The password of everybody whom a test adds. */
export const password = admin.password;

/**
 * Signs this page's browser in through the API, the administrator if nobody is named; cookies are shared with the
 * page. A file may run alone or be the first: then the server is set up.
 */
export async function signIn(page: Page, who: { email: string; password?: string } = admin): Promise<void> {
  const data = { email: who.email, password: who.password ?? password };
  const enter = () => page.request.post('/api/v1/session', { data });
  let answer = await enter();
  if (who === admin && !answer.ok()) {
    // refused where another file has set it up at the same moment
    await page.request.post('/api/v1/setup', { data: { ...admin, team_key: team.key, team_name: team.name } });
    answer = await enter();
  }
  expect(answer.status(), await answer.text()).toBe(200);
}

/** A browser of its own in which somebody is signed in. */
export async function person(browser: Browser, email: string, options?: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await signIn(page, { email });
  return page;
}

export interface Member {
  name: string;
  email: string;
  role: Role;
}

/** Makes a team and its people, as the administrator of this page. */
export async function makeTeam(
  root: Page,
  made: { key: string; name: string; time_zone?: string },
  people: readonly Member[],
): Promise<void> {
  await send(root, '/teams', made);
  for (const { role, ...user } of people) {
    await send(root, '/users', { ...user, password });
    await send(root, `/teams/${made.key}/members`, { email: user.email, role });
  }
}

/** Reads from the API as the person of this page. */
export async function read<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(`/api/v1${path}`);
  expect(answer.ok(), `GET ${path}: ${answer.status()}`).toBe(true);
  return (await answer.json()) as T;
}

export async function send<T>(page: Page, path: string, data: unknown): Promise<T> {
  const answer = await page.request.post(`/api/v1${path}`, { data });
  expect(answer.ok(), `POST ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

/** Collects what the page complains about: policy reports, uncaught errors and failed rules of React. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (m) => {
    if (m.text().includes('Content Security Policy')) found.push(m.text());
  });
  page.on('pageerror', (e) => found.push(String(e)));
  return found;
}
