/** @file The clock that stores go by; a test gives its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Does the work after so many milliseconds. @returns forgets it */
  after(milliseconds: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};
