/**
 * @file What the DPO family shares. Its members are functions of two numbers, the log-ratios of a pair,
 *
 *     log pi(y|x) - log pi_ref(y|x),   y the chosen and the rejected completion,
 *
 * each a sum over the completion's tokens. This file takes them from tokens and brings their slopes back to tokens;
 * a member's file has its formula. Source of all that is not otherwise cited: TRL 1.13, DPOTrainer._compute_loss.
 */
import { invariant } from '../core/errors';
import { scoreOf, type DivergenceOptions } from './f-divergence';
import type { Sloped } from './logistic';
import type { MicroBatch, Objective, PairTokenLogps, PairValues } from './objective';

/** A loss of the two log-ratios, with its derivative by each. */
export interface LossOfRatios {
  readonly loss: number;
  readonly chosen: number;
  readonly rejected: number;
}

/** The options that every member reads. */
export interface FamilyOptions {
  readonly beta: number;
  readonly ld_alpha: number | null;
  readonly use_weighting: boolean;
}

/** The names of a member's options, those of the family with its own between them. */
export const familyReads = <Name extends string>(own: readonly Name[]): readonly (keyof FamilyOptions | Name)[] => [
  'beta',
  ...own,
  'ld_alpha',
];

export interface LogRatioFacts<Own> {
  /** Its options beside those of the family. */
  readonly reads?: readonly (keyof Own & string)[];
  /** Whether the loss sees log-ratios a token: each divided by its completion's scored tokens. */
  readonly perToken?: boolean;
  /** What the loss sees of a log-ratio (in nats, summed over tokens); the log-ratio itself without this. */
  readonly scoreOf?: (
    ratio: number,
    options: FamilyOptions & Own,
  ) => { readonly value: number; readonly slope: number };
}

const asItIs = (value: number): { readonly value: number; readonly slope: number } => ({ value, slope: 1 });

/**
 * LD-DPO (Liu et al. 2024, arXiv 2409.06411): tokens beyond the shorter completion's length count by ld_alpha, so that
 * a completion gains less by being long alone. In policy and reference alike, and for every member of the family.
 */
export interface TokenWeights {
  readonly shared: number;
  readonly beyond: number;
}

export function weighTokens({ chosen, rejected }: PairTokenLogps, { ld_alpha }: FamilyOptions): TokenWeights {
  return { shared: Math.min(chosen.length, rejected.length), beyond: ld_alpha ?? 1 };
}

export function weightedSum(logps: Float64Array, { shared, beyond }: TokenWeights): number {
  let total = 0;
  for (let i = 0; i < shared; i++) total += logps[i] as number;
  for (let i = shared; i < logps.length; i++) total += beyond * (logps[i] as number);
  return total;
}

/** The slope of each of a completion's tokens, given that of their weighted sum. */
export function spreadSlope(slope: number, length: number, { shared, beyond }: TokenWeights): Float64Array {
  return new Float64Array(length).fill(slope, 0, shared).fill(beyond * slope, shared);
}

/**
 * How much a pair counts in WPO (Zhou et al. 2024, arXiv 2406.11827, eq. 2), as TRL's `use_weighting` computes it: the
 * product over both answers of exp(mean over tokens of log p - log sum p'^2), p' the probabilities of all tokens at
 * that place. 1 for an answer as likely as the policy's own are on average; no gradient goes through it.
 * @param logSquares log sum p'^2 at each token, nats
 */
export function pairWeight(policy: PairTokenLogps, logSquares: PairTokenLogps): number {
  const mean = (side: 'chosen' | 'rejected'): number =>
    policy[side].reduce((sum, logp, i) => sum + logp - (logSquares[side][i] as number), 0) /
    Math.max(1, policy[side].length);
  return Math.exp(mean('chosen') + mean('rejected'));
}

function weightIn({ weight }: MicroBatch): number {
  invariant(weight != null, 'A pair is to be weighed, and nobody has weighed it.');
  return weight;
}

/**
 * A member of the DPO family. Its rewards are beta times the log-ratios, whatever the loss (Rafailov et al. 2023, eq.
 * 5).
 */
export function logRatioObjective<Own extends object = object>(
  { reads = [], perToken = false, scoreOf: scoreOfRatio = asItIs }: LogRatioFacts<Own>,
  lossOf: (ratios: PairValues, options: FamilyOptions & Own, batch: MicroBatch) => LossOfRatios,
): Objective<FamilyOptions & Own> {
  return {
    reads: [...familyReads(reads), 'use_weighting'],
    usesRejected: true,
    usesReference: true,
    meanOver: 'pairs',
    rewards: 'log-ratio',
    isPerToken: perToken,
    evaluate: (policy, reference, options, batch) => {
      const weights = weighTokens(policy, options);
      const chosenRatio = weightedSum(policy.chosen, weights) - weightedSum(reference.chosen, weights);
      const rejectedRatio = weightedSum(policy.rejected, weights) - weightedSum(reference.rejected, weights);
      const chosenScale = perToken ? 1 / Math.max(1, policy.chosen.length) : 1;
      const rejectedScale = perToken ? 1 / Math.max(1, policy.rejected.length) : 1;
      const weight = options.use_weighting ? weightIn(batch) : 1;
      const chosenScore = scoreOfRatio(chosenRatio, options);
      const rejectedScore = scoreOfRatio(rejectedRatio, options);
      const { loss, chosen, rejected } = lossOf(
        { chosen: chosenScale * chosenScore.value, rejected: rejectedScale * rejectedScore.value },
        options,
        batch,
      );
      return {
        loss: weight * loss,
        chosen: spreadSlope(weight * chosenScale * chosenScore.slope * chosen, policy.chosen.length, weights),
        rejected: spreadSlope(weight * rejectedScale * rejectedScore.slope * rejected, policy.rejected.length, weights),
        rewards: { chosen: options.beta * chosenRatio, rejected: options.beta * rejectedRatio },
      };
    },
  };
}

/** Divergences that a member of margins can be held to its reference by. */
const divergenceReads = ['f_divergence_type', 'f_alpha_divergence_coef'] as const;

export type MarginOptions = FamilyOptions & DivergenceOptions & { readonly reference_free: boolean };

/**
 * A member that is a function of x = beta (chosen score - rejected score) alone, the scores the log-ratios or what
 * another divergence makes of them. The reference enters it by a difference only, so it has a meaning without one
 * (`reference_free`), as it had in the DPO authors' code.
 */
export function marginObjective<Own extends object = object>(
  { reads = [], perToken = false }: Pick<LogRatioFacts<Own>, 'reads' | 'perToken'>,
  lossOf: (x: number, options: FamilyOptions & Own, batch: MicroBatch) => Sloped,
): Objective<MarginOptions & Own> {
  const objective = logRatioObjective<DivergenceOptions & Own>(
    { reads: [...reads, ...divergenceReads], perToken, scoreOf },
    ({ chosen, rejected }, options, batch) => {
      const { loss, slope } = lossOf(options.beta * (chosen - rejected), options, batch);
      return { loss, chosen: options.beta * slope, rejected: -options.beta * slope };
    },
  );
  return { ...objective, reads: [...objective.reads, 'reference_free'] };
}

/**
 * A member by its loss of the two rewards, beta times the log-ratios. Where those are matters to it, so it needs a
 * reference.
 */
export function rewardObjective(lossOf: (rewards: PairValues) => LossOfRatios): Objective<FamilyOptions> {
  return logRatioObjective({}, (ratios, { beta }) => {
    const { loss, chosen, rejected } = lossOf({ chosen: beta * ratios.chosen, rejected: beta * ratios.rejected });
    return { loss, chosen: beta * chosen, rejected: beta * rejected };
  });
}

/**
 * The objective with the reference's log-probabilities taken as 0: "a reference model that assigns equal probability
 * to all responses" (eric-mitchell/direct-preference-optimization, trainers.py, reference_free). Its rewards are then
 * beta times the policy's log-probabilities.
 */
export function withoutReference<Options extends object>(objective: Objective<Options>): Objective<Options> {
  const zeros = ({ length }: Float64Array): Float64Array => new Float64Array(length);
  return {
    ...objective,
    usesReference: false,
    evaluate: (policy, _, options, batch) =>
      objective.evaluate(policy, { chosen: zeros(policy.chosen), rejected: zeros(policy.rejected) }, options, batch),
  };
}
