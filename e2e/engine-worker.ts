/** @file The engine's worker as a test sees it, to end it. */
import type { Page, Worker } from '@playwright/test';

/** The runtime's threads are workers too. */
export function engineOf(page: Page): Worker {
  const engine = page.workers().find((worker) => /\/worker-[^/]*\.js/.test(worker.url()));
  if (engine === undefined)
    throw new Error(
      `No engine among ${page
        .workers()
        .map((it) => it.url())
        .join(', ')}.`,
    );
  return engine;
}
