/** @file What the browser's processes have taken, from the system's own count. */
import { existsSync, readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

/** The most resident memory that a process of this kind has had, in MiB; null where the system does not tell (/proc). */
export async function peakMemory(browser: Browser, kind: 'browser' | 'renderer' = 'renderer'): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = processInfo.flatMap(({ type, id }) => {
    const path = `/proc/${id}/status`;
    if (type !== kind || !existsSync(path)) return [];
    return [Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) / 1024];
  });
  return peaks.length === 0 ? null : Math.round(Math.max(...peaks));
}
