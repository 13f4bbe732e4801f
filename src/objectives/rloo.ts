/**
 * @file REINFORCE leave-one-out (Ahmadian et al. 2024, arXiv 2402.14740) as TRL 1.13's RLOOTrainer computes it: the
 * reward of an answer pays for its divergence, its baseline is what the other answers to the same prompt got, and the
 * whole answer is one action. Not here: who draws and judges the answers (training/rollouts.ts).
 */
import { meanOf, sumOf, varianceOf } from '../core/statistics';
import type { Objective, SampledFacts } from './objective';

/** How rewards become advantages. */
export interface RewardShaping {
  /** Price of a nat of divergence from the reference. */
  readonly beta: number;
  /** Answers a prompt. */
  readonly num_generations: number;
  /** Rewards are moved into this range first. */
  readonly reward_clip_range: readonly number[] | null;
  /** Whether advantages are brought to mean 0 and standard deviation 1 over all answers. */
  readonly normalize_advantages: boolean;
}

/** The standard deviation of a sample; NaN below two values, as TRL's. */
export const deviationOf = (values: readonly number[]): number =>
  values.length < 2 ? NaN : Math.sqrt(varianceOf(values));

/** What is added to the deviation that advantages are divided by. */
const tiny = 1e-4;

export interface Advantages {
  /** One an answer; 0 for one without a reward, and for the only one of its prompt that has one. */
  readonly advantages: readonly number[];
  /** The share of prompts all of whose answers are worth the same, so that nothing is learned from them. */
  readonly shareWithoutSpread: number;
}

/**
 * A_i = R_i - mean of R_j over the other answers to the prompt, R_i = clip(reward_i) - beta KL_i.
 * @param rewards of the answers, those to one prompt side by side; null where an answer could not be judged
 * @param kls log pi(y) - log pi_ref(y) of each answer, nats
 */
export function advantagesOf(
  rewards: readonly (number | null)[],
  kls: readonly number[],
  { beta, num_generations, reward_clip_range, normalize_advantages }: RewardShaping,
): Advantages {
  const [least = -Infinity, most = Infinity] = reward_clip_range ?? [];
  const worths = rewards.map((reward, i) =>
    reward === null ? NaN : Math.min(most, Math.max(least, reward)) - beta * (kls[i] as number),
  );
  const groups = Array.from({ length: worths.length / num_generations }, (_, i) =>
    worths.slice(i * num_generations, (i + 1) * num_generations),
  );
  const plain = groups.flatMap((group) => {
    const known = group.filter((worth) => !Number.isNaN(worth));
    return group.map((worth) => worth - (sumOf(known) - worth) / (known.length - 1));
  });
  const known = plain.filter((advantage) => !Number.isNaN(advantage));
  const [mean, deviation] = normalize_advantages ? [meanOf(known), deviationOf(known) + tiny] : [0, 1];
  const spreads = groups.map((group) => deviationOf(group.filter((worth) => !Number.isNaN(worth))));
  return {
    advantages: plain.map((advantage) => (Number.isNaN(advantage) ? 0 : (advantage - mean) / deviation)),
    shareWithoutSpread: meanOf(spreads.map((spread) => (spread <= 1e-8 ? 1 : 0))),
  };
}

interface RlooOptions extends RewardShaping {
  readonly epsilon: number;
  /** Null is `epsilon`. */
  readonly epsilon_high: number | null;
  readonly num_iterations: number;
  readonly max_completion_length: number;
  readonly mask_truncated_completions: boolean;
}

const unsampled: SampledFacts = { advantage: NaN, logp: NaN, isMasked: false };

/**
 * loss = -min(rho A, clip(rho, 1 - epsilon, 1 + epsilon_high) A), rho the answer's probability now over that when it
 * was drawn. On the answers' first pass rho is 1, and the slope of each token is -A.
 */
export const rloo: Objective<RlooOptions> = {
  reads: [
    ...(['beta', 'num_generations', 'num_iterations', 'epsilon', 'epsilon_high', 'max_completion_length'] as const),
    ...(['normalize_advantages', 'reward_clip_range', 'mask_truncated_completions'] as const),
  ],
  usesRejected: false,
  usesReference: true,
  meanOver: 'pairs',
  rewards: null,
  isPerToken: false,
  isOnPolicy: true,
  evaluate: (policy, _, { epsilon, epsilon_high }, { sampled }) => {
    const { advantage, logp, isMasked } = sampled ?? unsampled;
    const ratio = isMasked ? 1 : Math.exp(sumOf(policy.chosen) - logp);
    const clippedRatio = Math.min(1 + (epsilon_high ?? epsilon), Math.max(1 - epsilon, ratio));
    const isBound = clippedRatio * advantage < ratio * advantage;
    const slope = isMasked || isBound ? 0 : -advantage * ratio;
    return {
      loss: -Math.min(ratio * advantage, clippedRatio * advantage),
      chosen: new Float64Array(policy.chosen.length).fill(slope),
      rejected: new Float64Array(0),
      rewards: null,
      clipped: isBound ? (ratio > 1 ? 'high' : 'low') : null,
    };
  },
};
