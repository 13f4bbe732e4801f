/** @file The means of one optimiser step or evaluation under TRL's names, filled pair by pair. */
import { meanOf, sumOf } from '../core/statistics';
import type { PairOutcome, PairTokenLogps, PairValues } from '../objectives/objective';
import type { AnyObjective } from '../run/choose-objective';
import type { StepMetrics } from '../run/metrics';

/** A pair under the policy and its reference, and what the objective makes of it. */
export interface ScoredPair {
  readonly policy: PairTokenLogps;
  readonly reference: PairTokenLogps;
  readonly outcome: PairOutcome;
}

/**
 * Tells whether policy and reference score a pair alike within the rounding of float32 sums, as before the first step.
 * Then neither reward is the higher one, as in TRL, where both come from one forward pass and are exactly 0.
 */
function isSame(policy: PairTokenLogps, reference: PairTokenLogps): boolean {
  return (['chosen', 'rejected'] as const).every((side) => {
    const [now, then] = [sumOf(policy[side]), sumOf(reference[side])];
    return Math.abs(now - then) <= 1e-6 * (1 + Math.abs(then));
  });
}

/** A judged answer, scored: nats of its tokens, and its reward. */
interface JudgedAnswer {
  readonly microBatch: number;
  readonly side: 'chosen' | 'rejected';
  readonly logp: number;
  readonly reward: number;
}

/**
 * The means of good and of bad answers, as KTOTrainer logs them: of each micro-batch that has some, and over those; a
 * margin where a micro-batch has both.
 */
function meansOfSingles(answers: readonly JudgedAnswer[]): Partial<StepMetrics> {
  const batches = [...new Set(answers.map(({ microBatch }) => microBatch))].map((microBatch) => {
    const of = (side: JudgedAnswer['side']) =>
      answers.filter((one) => one.microBatch === microBatch && one.side === side);
    return { chosen: of('chosen'), rejected: of('rejected') };
  });
  const meanOfBatches = (side: JudgedAnswer['side'], what: 'logp' | 'reward'): number[] =>
    batches.flatMap((batch) => (batch[side].length > 0 ? [meanOf(batch[side].map((one) => one[what]))] : []));
  const margins = batches.flatMap(({ chosen, rejected }) =>
    chosen.length > 0 && rejected.length > 0
      ? [meanOf(chosen.map(({ reward }) => reward)) - meanOf(rejected.map(({ reward }) => reward))]
      : [],
  );
  const entries = {
    'logps/chosen': meanOfBatches('chosen', 'logp'),
    'logps/rejected': meanOfBatches('rejected', 'logp'),
    'rewards/chosen': meanOfBatches('chosen', 'reward'),
    'rewards/rejected': meanOfBatches('rejected', 'reward'),
    'rewards/margins': margins,
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, values]) => (values.length > 0 ? [[name, meanOf(values)]] : [])),
  );
}

/** The scores that a reward model gives a pair. */
interface ScoredAnswers extends PairValues {
  readonly microBatch: number;
  readonly share: number;
}

/** What RewardTrainer logs of a step: means over pairs, and over micro-batches of the least and the highest score. */
function meansOfScores(pairs: readonly ScoredAnswers[]): Partial<StepMetrics> {
  if (pairs.length === 0) return {};
  const mean = (of: (pair: ScoredAnswers) => number): number => sumOf(pairs.map((pair) => pair.share * of(pair)));
  const batches = [...new Set(pairs.map(({ microBatch }) => microBatch))].map((microBatch) =>
    pairs.flatMap((pair) => (pair.microBatch === microBatch ? [pair.chosen, pair.rejected] : [])),
  );
  return {
    accuracy: mean(({ chosen, rejected }) => (chosen > rejected ? 1 : 0)),
    margin: mean(({ chosen, rejected }) => chosen - rejected),
    min_reward: meanOf(batches.map((scores) => Math.min(...scores))),
    mean_reward: mean(({ chosen, rejected }) => (chosen + rejected) / 2),
    max_reward: meanOf(batches.map((scores) => Math.max(...scores))),
  };
}

/** The means of one step, filled pair by pair. */
export class StepTally {
  loss = 0;
  readonly #means = new Map<string, number>();
  readonly #singles: JudgedAnswer[] = [];
  readonly #scores: ScoredAnswers[] = [];

  addMean(name: string, weight: number, value: number): void {
    this.#means.set(name, (this.#means.get(name) ?? 0) + weight * value);
  }

  /**
   * Adds one pair to the means. The log-probs are sums over a completion's tokens for every objective, so that runs
   * compare; rewards are the objective's own.
   */
  addPair(objective: AnyObjective, share: number, { policy, reference, outcome }: ScoredPair, microBatch = 0): void {
    const { rewards, clipped } = outcome;
    if (clipped !== undefined) {
      this.addMean('clip_ratio/low_mean', share, clipped === 'low' ? 1 : 0);
      this.addMean('clip_ratio/high_mean', share, clipped === 'high' ? 1 : 0);
      this.addMean('clip_ratio/region_mean', share, clipped ? 1 : 0);
      return;
    }
    if (objective.isOfSingles === true) {
      const side = policy.chosen.length > 0 ? 'chosen' : 'rejected';
      this.#singles.push({ microBatch, side, logp: sumOf(policy[side]), reward: rewards?.[side] ?? 0 });
      return;
    }
    const isScored = objective.hasScoreHead === true;
    if (isScored && rewards) this.#scores.push({ microBatch, share, ...rewards });
    if (!isScored) this.addMean('logps/chosen', share, sumOf(policy.chosen));
    if (!isScored && objective.usesRejected) this.addMean('logps/rejected', share, sumOf(policy.rejected));
    if (!rewards) return;
    this.addMean('rewards/chosen', share, rewards.chosen);
    this.addMean('rewards/rejected', share, rewards.rejected);
    this.addMean('rewards/margins', share, rewards.chosen - rewards.rejected);
    const isHigher = rewards.chosen > rewards.rejected && (isScored || !isSame(policy, reference));
    this.addMean('rewards/accuracies', share, isHigher ? 1 : 0);
  }

  get means(): Partial<StepMetrics> {
    return { ...Object.fromEntries(this.#means), ...meansOfSingles(this.#singles), ...meansOfScores(this.#scores) };
  }
}
