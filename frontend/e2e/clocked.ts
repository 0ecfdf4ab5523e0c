import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { signIn } from './shared';

const root = resolve('..');

/** A server of the test's own whose clock the test moves, and browsers that agree with it on the time. */
export class Clocked {
  private readonly contexts = new Set<BrowserContext>();
  private time = 0;

  private constructor(
    readonly base: string,
    private readonly file: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** Starts it on an empty database at an instant. */
  static async start(at: string): Promise<Clocked> {
    const data = mkdtempSync(join(tmpdir(), 'patchline-clocked-'));
    const file = join(data, 'now');
    set(file, Date.parse(at));
    const server = spawn(binary(), [file, 'serve', '--addr', 'localhost:0', '--data', data]);
    const ended = new Promise<void>((done) => server.once('exit', () => done()));
    const stop = async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true });
    };
    const said = new Promise<string>((found, failed) => {
      let text = '';
      server.stderr.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        const base = /serves (http:\/\/localhost:\d+)/.exec(text)?.[1];
        if (base) found(base);
      });
      server.once('exit', () => failed(new Error(`The server ended: ${text}`)));
    });
    const made = new Clocked(await said, file, stop);
    made.time = Date.parse(at);
    return made;
  }

  /** Moves the clock, of the server and of every browser. */
  async moveTo(at: string): Promise<void> {
    const to = Date.parse(at);
    if (to < this.time) throw new Error(`${at} is over`);
    this.time = to;
    set(this.file, to);
    await Promise.all([...this.contexts].map((c) => c.clock.setFixedTime(to)));
  }

  /** A browser of its own in which nobody is signed in. */
  async visitor(browser: Browser): Promise<Page> {
    const context = await browser.newContext({ baseURL: this.base, timezoneId: 'Europe/Berlin' });
    this.contexts.add(context);
    context.on('close', () => this.contexts.delete(context));
    await context.clock.setFixedTime(this.time);
    return context.newPage();
  }

  /** A browser of its own in which somebody is signed in; without anybody it is the administrator. */
  async person(browser: Browser, email?: string): Promise<Page> {
    const page = await this.visitor(browser);
    await this.enter(page, email);
    return page;
  }

  /** Signs in, again where a moved clock has ended the session. */
  async enter(page: Page, email?: string): Promise<void> {
    await signIn(page, email ? { email } : undefined);
  }
}

/** The program lies beside the product's; an unchanged one is not built again. */
function binary(): string {
  const build =
    'source scripts/lib.sh && need go && go build -tags "$TAGS" -ldflags "-s -w" -o bin/clocked ./scripts/clocked';
  execFileSync('bash', ['-c', build], { cwd: root, stdio: 'inherit' });
  return join(root, 'bin', 'clocked');
}

/** A new file in the place of the old one: the server never reads half of it. */
function set(file: string, time: number): void {
  writeFileSync(`${file}.new`, new Date(time).toISOString());
  renameSync(`${file}.new`, file);
}
