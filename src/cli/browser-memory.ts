/**
 * @file What the browser's processes take, from the system's own count: resident memory without pages of files, which
 * are nearly all the browser's own program, once in memory however many tabs there are. Memory that is shared with the
 * graphics process counts, which Chrome's task manager leaves out.
 */
import { readFileSync } from 'node:fs';
import type { Browser, CDPSession } from '@playwright/test';

export type ProcessKind = 'browser' | 'renderer';

const sampleMs = 200;

/** Memory of a process and the most that it has been, MiB; null where the system does not tell (/proc). */
function readStatus(pid: number): { resident: number; most: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const of = (field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) / 1024;
    const files = of('RssFile');
    return { resident: of('VmRSS') - files, most: of('VmHWM') - files };
  } catch {
    return null;
  }
}

/**
 * Watches how much memory the largest process of each kind takes. Chrome sets the system's count of the most back now
 * and then, so it is read all the time: where it has grown since the last reading, it is of this moment.
 */
export class MemoryWatch {
  readonly #peaks = new Map<ProcessKind, number>();
  readonly #known = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #session: Promise<CDPSession> | null = null;

  constructor(private readonly browser: Browser) {
    this.#timer = setInterval(() => void this.#sample().catch(() => this.stop()), sampleMs);
  }

  async #sample(): Promise<void> {
    this.#session ??= this.browser.newBrowserCDPSession();
    const { processInfo } = await (await this.#session).send('SystemInfo.getProcessInfo');
    for (const { type, id } of processInfo) {
      const status = type === 'browser' || type === 'renderer' ? readStatus(id) : null;
      if (status === null) continue;
      const { resident, most } = status;
      const peak = most > (this.#known.get(id) ?? 0) ? most : resident;
      this.#known.set(id, most);
      this.#peaks.set(type as ProcessKind, Math.max(peak, this.#peaks.get(type as ProcessKind) ?? 0));
    }
  }

  /** The most that one process of the kind has taken since the last call, MiB; null where the system does not tell. */
  async takePeak(kind: ProcessKind = 'renderer'): Promise<number | null> {
    await this.#sample();
    const peak = this.#peaks.get(kind);
    this.#peaks.delete(kind);
    return peak === undefined ? null : Math.round(peak);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
