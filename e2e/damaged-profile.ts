/**
 * @file A profile of Chromium whose database is damaged on the disk between two starts, as a disk, a virus scanner or a
 * power cut does it.
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, test, type BrowserContext, type Page } from '@playwright/test';

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** The files of the database of the one origin that the profile knows. */
export class DatabaseFiles {
  constructor(private readonly folder: string) {}

  private find(ending: string): string {
    const name = readdirSync(this.folder).find((each) => each.endsWith(ending));
    return join(this.folder, name ?? ending);
  }

  get levels(): string {
    return this.find('.leveldb');
  }

  named(pattern: RegExp): readonly string[] {
    return filesIn(this.levels).filter((path) => pattern.test(path));
  }

  /** Values of more than 64 kB, a file each; the oldest first. */
  get values(): readonly string[] {
    return [...filesIn(this.find('.blob'))].sort();
  }
}

export type Damage = (files: DatabaseFiles) => void;

export const cut = (path: string, share: number): void =>
  truncateSync(path, Math.floor(readFileSync(path).length * share));

/** The last entry is torn, as by a crash in the middle of a writing. */
export const tear = (path: string): void => truncateSync(path, readFileSync(path).length - 11);

export const remove = (path: string): void => rmSync(path, { recursive: true });

/** Two bytes in the middle are others. */
export function flip(path: string): void {
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  for (const at of [middle, middle + 1]) bytes[at] = 255 - (bytes[at] ?? 0);
  writeFileSync(path, bytes);
}

export class DamagedProfile {
  readonly folder = mkdtempSync(join(tmpdir(), 'airlock-damaged-'));
  private context: BrowserContext | null = null;

  constructor(private readonly baseURL: string) {}

  async open(address: string): Promise<Page> {
    const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
    this.context = await chromium.launchPersistentContext(this.folder, {
      ...(executablePath !== undefined && { executablePath }),
      args: [...args],
      serviceWorkers: 'block',
      viewport: { width: 1440, height: 900 },
    });
    const page = this.context.pages()[0] ?? (await this.context.newPage());
    // No test can answer the browser's own dialog; without it a file goes to the downloads.
    await page.addInitScript(() => void Reflect.deleteProperty(window, 'showSaveFilePicker'));
    await page.goto(new URL(address, this.baseURL).href);
    return page;
  }

  /** Ends the browser in good order, so that all of it is on the disk. */
  async close(): Promise<void> {
    await this.context?.close();
    this.context = null;
  }

  /** Between two starts. */
  damage(how: Damage): void {
    how(new DatabaseFiles(join(this.folder, 'Default', 'IndexedDB')));
  }

  /** Another profile with the same content. */
  copy(): DamagedProfile {
    const other = new DamagedProfile(this.baseURL);
    cpSync(this.folder, other.folder, { recursive: true });
    return other;
  }

  async forget(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
