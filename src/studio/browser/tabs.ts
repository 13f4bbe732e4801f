/** @file How many tabs of Airlock are open: each holds a Web Lock. */

const tabLock = 'airlock-tab';

/** Held while the tab is open. */
export function holdTab(): void {
  void navigator.locks.request(tabLock, { mode: 'shared' }, () => new Promise(() => {}));
}

/** This one among them, where it holds the lock. */
export async function countTabs(): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name === tabLock).length;
}

/** Whether anything of Airlock is at work at this address: tabs, engines, runs and models in use all hold locks. */
export async function isInUse(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.length > 0;
}
