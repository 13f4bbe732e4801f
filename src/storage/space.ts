/**
 * @file How much the browser keeps for Airlock, what more it would take, and whether it promised not to clear it by
 * itself. Nothing is refused because of `roomBytes`: Chrome's quota figure has been synthetic since 138; a full disk
 * shows when it is written.
 */

export interface Space {
  readonly usedBytes: number;
  /** As the browser estimates. */
  readonly roomBytes: number;
  readonly persisted: boolean;
}

export async function readSpace(): Promise<Space> {
  const [estimate, persisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
  const { usage = 0, quota = usage } = estimate;
  return { usedBytes: usage, roomBytes: quota - usage, persisted };
}

/** Asks once; Chrome answers by itself, from how much the site is used or bookmarked. */
export async function requestPersistence(): Promise<boolean> {
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}
