/**
 * @file Which runs are going, across tabs: each holds a Web Lock while it trains. A run that is stored as running
 * without its lock was cut off when its tab closed. The lock also keeps Chrome from freezing a hidden tab that
 * another one waits on.
 */

const lockName = (runId: string) => `airlock-run/${runId}`;

/** Milliseconds to wait for a run's lock: a tab that only looks whether the run has ended holds it for an instant. */
const patienceMs = 1000;

export async function isRunning(runId: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name, mode }) => name === lockName(runId) && mode === 'exclusive');
}

/** Takes the run's lock until the returned function is called; null where another tab has it. */
export function markRunning(runId: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    navigator.locks
      .request(
        lockName(runId),
        { signal: AbortSignal.timeout(patienceMs) },
        () => new Promise<void>((release) => resolve(() => release())),
      )
      .catch(() => resolve(null));
  });
}

/** Does `work` as soon as no tab trains the run any more, and before one begins again. */
export async function whenEnded(runId: string, work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(lockName(runId), { mode: 'shared' }, work);
}
