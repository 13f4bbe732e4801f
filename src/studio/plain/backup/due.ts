/** @file When a backup is due: the last one is old, and there is work that it does not hold. */

/** Days. */
export const backupEveryDays = 7;

const dayMs = 86_400_000;

export interface BackupDue {
  /** Days since the last backup; null where there was none. */
  readonly days: number | null;
}

/**
 * Null while none is due.
 * @param lastAt when the last backup was made, ISO 8601
 * @param workAt when runs were begun, data sets made and changed, answers judged, ISO 8601, in any order
 * @param now milliseconds
 */
export function backupDue(lastAt: string | null, workAt: readonly string[], now: number): BackupDue | null {
  const times = workAt.map((at) => Date.parse(at)).filter((at) => !Number.isNaN(at));
  if (times.length === 0) return null;
  const last = lastAt === null ? NaN : Date.parse(lastAt);
  const since = Number.isNaN(last) ? Math.min(...times) : last;
  const hasNew = Number.isNaN(last) || Math.max(...times) > last;
  const days = Math.floor((now - since) / dayMs);
  if (!hasNew || days < backupEveryDays) return null;
  return { days: Number.isNaN(last) ? null : days };
}
