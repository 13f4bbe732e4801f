/** @file How long writing will still take. */

/** Below this nothing can be said of a speed. */
const leastSeconds = 1;

/** @returns null while it cannot be told */
export function secondsLeft(doneBytes: number, totalBytes: number, seconds: number): number | null {
  if (doneBytes <= 0 || seconds < leastSeconds) return null;
  return (seconds / doneBytes) * Math.max(0, totalBytes - doneBytes);
}
