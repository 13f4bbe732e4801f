/**
 * @file Which runs are going, across tabs: each holds a Web Lock while it trains. A run that is stored as running
 * without its lock was cut off when its tab closed. The lock also keeps Chrome from freezing a hidden tab that
 * another one waits on.
 */

const lockName = (runId: string) => `airlock-run/${runId}`;

export async function isRunning(runId: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockName(runId));
}

export function markRunning(runId: string): () => void {
  let release = () => {};
  const until = new Promise<void>((resolve) => (release = resolve));
  void navigator.locks.request(lockName(runId), () => until);
  return () => release();
}
