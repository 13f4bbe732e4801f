/**
 * @file A Chromium of a test's own over a profile that stays, which is killed as a power cut or the system would kill
 * it: SIGKILL to all of its processes at once. What the page says is told to the test at the moment it is drawn, so
 * that the test knows what had been promised when the page died.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, test, type Browser, type Page } from '@playwright/test';

/** What the page showed, of the parts that were asked for, and when (ms). */
export interface Said {
  readonly at: number;
  readonly texts: Readonly<Record<string, string>>;
}

/** Runs in the page: tells the texts of the parts whenever one of them changes. */
function tellTexts(testIds: readonly string[]): void {
  let told = '';
  const tell = (window as unknown as { said: (texts: string) => void }).said;
  const look = (): void => {
    const found = testIds.map((id) => [id, document.querySelector(`[data-testid="${id}"]`)?.textContent ?? '']);
    const texts = JSON.stringify(Object.fromEntries(found));
    if (texts !== told) tell((told = texts));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

export class KilledBrowser {
  readonly profile = mkdtempSync(join(tmpdir(), 'airlock-killed-'));
  readonly said: Said[] = [];
  kills = 0;
  private child: ChildProcess | null = null;
  private browser: Browser | null = null;

  /** @param told test ids of the parts whose texts are told */
  constructor(
    private readonly baseURL: string,
    private readonly told: readonly string[],
  ) {}

  /** Starts it, or starts it again, and opens the page. */
  async open(address = '/'): Promise<Page> {
    const { executablePath = chromium.executablePath(), args = [] } = test.info().project.use.launchOptions ?? {};
    const portFile = join(this.profile, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    const own = [`--user-data-dir=${this.profile}`, '--remote-debugging-port=0', '--window-size=1440,900'];
    this.child = spawn(executablePath, [...args, ...own, 'about:blank'], { detached: true, stdio: 'ignore' });
    while (!existsSync(portFile) || !readFileSync(portFile, 'utf8').includes('\n')) await wait(20);
    const [port = ''] = readFileSync(portFile, 'utf8').split('\n');
    this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const [context] = this.browser.contexts();
    const page = context?.pages()[0] ?? (await context?.newPage());
    if (page === undefined) throw new Error('The browser has no page.');
    page.setDefaultTimeout(60_000);
    page.on('dialog', (dialog) => void dialog.accept().catch(() => {}));
    this.said.length = 0;
    await page.exposeFunction('said', (texts: string) => {
      this.said.push({ at: performance.now(), texts: JSON.parse(texts) as Said['texts'] });
    });
    await page.addInitScript(tellTexts, this.told);
    await page.goto(new URL(address, this.baseURL).href);
    return page;
  }

  /** Kills every process of the browser. */
  async kill(): Promise<void> {
    const { child, browser } = this;
    if (child?.pid === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
    await browser?.close().catch(() => {});
    this.kills++;
    this.child = null;
  }

  /** What the page last said in a part; empty where it said nothing. */
  last(part: string): string {
    return this.said.at(-1)?.texts[part] ?? '';
  }

  /** Begins with nothing stored. */
  async forget(): Promise<void> {
    await this.end();
    rmSync(this.profile, { recursive: true, force: true });
  }

  async end(): Promise<void> {
    if (this.child !== null) {
      await this.kill();
      this.kills--;
    }
  }
}
