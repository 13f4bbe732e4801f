/**
 * @file The starter's four stages and the time that is left of them all. Each stage has a length measured on two CPU
 * cores; what this PC has needed so far scales those that are still to come.
 */

export type StageKey = 'download' | 'sft' | 'dpo' | 'answers';

export interface StarterStage {
  readonly key: StageKey;
  readonly expectedSeconds: number;
}

export const stages: readonly StarterStage[] = [
  { key: 'download', expectedSeconds: 3 },
  { key: 'sft', expectedSeconds: 10 },
  { key: 'dpo', expectedSeconds: 30 },
  { key: 'answers', expectedSeconds: 15 },
];

/** Where the starter stands now. */
export interface Position {
  readonly stage: StageKey;
  readonly secondsInStage: number;
  /** Null as long as nothing tells it. */
  readonly secondsLeftInStage: number | null;
  /** Seconds that the stages before took. */
  readonly finished: Readonly<Partial<Record<StageKey, number>>>;
}

export interface Outlook {
  readonly secondsLeft: number;
  /** The share of the time that has passed, in [0, 1). */
  readonly share: number;
}

export function lookAhead({ stage, secondsInStage, secondsLeftInStage, finished }: Position): Outlook {
  const projected = secondsLeftInStage === null ? null : secondsInStage + secondsLeftInStage;
  let measured = 0;
  let expected = 0;
  for (const { key, expectedSeconds } of stages) {
    const seconds = key === stage ? projected : (finished[key] ?? null);
    // The download says nothing of how fast this PC computes.
    if (key === 'download' || seconds === null) continue;
    measured += seconds;
    expected += expectedSeconds;
  }
  const slowness = expected > 0 ? measured / expected : 1;
  const at = stages.findIndex(({ key }) => key === stage);
  const inStage = (stages[at]?.expectedSeconds ?? 0) * slowness;
  // A stage that takes longer than expected is not over because of that.
  const leftInStage = secondsLeftInStage ?? Math.max(inStage - secondsInStage, inStage / 10);
  const after = stages.slice(at + 1).reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0);
  const secondsLeft = leftInStage + after * slowness;
  const passed = Object.values(finished).reduce((sum, seconds) => sum + seconds, 0) + secondsInStage;
  return { secondsLeft, share: passed / (passed + secondsLeft) };
}
