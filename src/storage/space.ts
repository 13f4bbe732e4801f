/**
 * @file How much the browser keeps for Airlock, and whether it promised not to clear it by itself.
 * Only the use is reported: Chrome's quota figure has been synthetic since 138 and would promise too much.
 */

export interface Space {
  readonly usedBytes: number;
  readonly persisted: boolean;
}

export async function readSpace(): Promise<Space> {
  const [estimate, persisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
  return { usedBytes: estimate.usage ?? 0, persisted };
}

/** Asks once; Chrome answers by itself, from how much the site is used or bookmarked. */
export async function requestPersistence(): Promise<boolean> {
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}
