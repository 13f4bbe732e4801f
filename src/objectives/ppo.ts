/**
 * @file Proximal policy optimisation (Schulman et al. 2017, arXiv 1707.06347; of language models Ziegler et al. 2019,
 * arXiv 1909.08593) as TRL 1.12's PPOTrainer computes it: each token is an action, and a value head foresees what is
 * still to come. Not here: who draws and judges the answers, and the head itself (training/value-head.ts).
 */
import { meanOf, sumOf, varianceOf } from '../core/statistics';
import type { Episode, Objective } from './objective';

/** How a score and a divergence become advantages. */
export interface EpisodeShaping {
  readonly gamma: number;
  readonly lam: number;
  readonly kl_estimator: 'k1' | 'k3';
  readonly whiten_rewards: boolean;
  /** What an answer loses that did not end by itself; null takes nothing off. */
  readonly missing_eos_penalty: number | null;
}

/** An answer of n tokens, judged. */
export interface JudgedEpisode {
  /** Log-probabilities of its tokens under the policy that drew it and under the reference, nats, [n]. */
  readonly logps: Float64Array;
  readonly references: Float64Array;
  /** What the head foresaw before each token, and after the last one where there is such a state: [n] or [n + 1]. */
  readonly values: Float64Array;
  readonly reward: number;
  /** Whether it ended by itself. */
  readonly isEnded: boolean;
}

export interface Episodes {
  readonly episodes: readonly Episode[];
  /** Of each answer: its divergence, and its score with what its missing end costs. */
  readonly kls: readonly number[];
  readonly scores: readonly number[];
}

/** Added to the variance of what is whitened. */
const tiny = 1e-8;

/** Brings numbers to standard deviation 1, and to mean 0 where they are to be moved. */
function whiteningOf(values: readonly number[], isMoved: boolean): (value: number) => number {
  const mean = meanOf(values);
  const factor = 1 / Math.sqrt(varianceOf(values) + tiny);
  return (value) => (value - mean) * factor + (isMoved ? 0 : mean);
}

/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, eq. 16), backwards: d_t = r_t + gamma
 * v_{t+1} - v_t, A_t = d_t + gamma lam A_{t+1}.
 */
export function advantagesAlong(
  rewards: ArrayLike<number>,
  values: Float64Array,
  { gamma, lam }: Pick<EpisodeShaping, 'gamma' | 'lam'>,
): Float64Array {
  const advantages = new Float64Array(values.length);
  let [nextValue, nextAdvantage] = [0, 0];
  for (let t = values.length - 1; t >= 0; t--) {
    const value = values[t] as number;
    nextAdvantage = (rewards[t] as number) + gamma * nextValue - value + gamma * lam * nextAdvantage;
    advantages[t] = nextAdvantage;
    nextValue = value;
  }
  return advantages;
}

/** A token's divergence by an estimator of Schulman's (2020, "Approximating KL divergence"), nats. */
export function divergenceOf(logp: number, reference: number, estimator: EpisodeShaping['kl_estimator']): number {
  const d = reference - logp;
  return estimator === 'k1' ? -d : Math.exp(d) - 1 - d;
}

/**
 * The rewards of the tokens are -kl_coef KL_t; the score comes with the last state. Advantages are whitened over all
 * tokens of all answers, returns are not.
 */
export function episodesOf(answers: readonly JudgedEpisode[], klCoef: number, shaping: EpisodeShaping): Episodes {
  const { kl_estimator, whiten_rewards, missing_eos_penalty } = shaping;
  const scores = answers.map(({ reward, isEnded }) => reward - (isEnded ? 0 : (missing_eos_penalty ?? 0)));
  const kls = answers.map(({ logps, references }) =>
    Array.from(logps, (logp, t) => divergenceOf(logp, references[t] as number, kl_estimator)),
  );
  const rewards = answers.map(({ values }, i) =>
    Array.from(values, (_, t) => {
      const price = t < (kls[i] as number[]).length ? klCoef * (kls[i]?.[t] as number) : 0;
      return (t === values.length - 1 ? (scores[i] as number) : 0) - price;
    }),
  );
  const asReward = whiten_rewards ? whiteningOf(rewards.flat(), false) : (reward: number) => reward;
  const advantages = answers.map(({ values }, i) =>
    advantagesAlong((rewards[i] as number[]).map(asReward), values, shaping),
  );
  const ofTokens = advantages.map((all, i) => all.slice(0, answers[i]?.logps.length));
  const asAdvantage = whiteningOf(
    ofTokens.flatMap((each) => [...each]),
    true,
  );
  const episodes = answers.map(({ logps, values }, i): Episode => {
    const returns = values.map((value, t) => value + (advantages[i]?.[t] as number));
    return { logps, values, returns, advantages: (ofTokens[i] as Float64Array).map(asAdvantage) };
  });
  return { episodes, scores, kls: kls.map(sumOf) };
}

/** A loss summed over the places of an answer, and its slopes by what stands at each place. */
export interface PlacesLoss {
  readonly loss: number;
  readonly slopes: Float64Array;
  /** At how many places the range was left, so that the clipped term is the greater one. */
  readonly clipped: number;
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** sum_t max(-A_t rho_t, -A_t clip(rho_t, 1 +- cliprange)), rho_t a token's probability over that when it was drawn. */
export function policyLoss(logps: Float64Array, { logps: old, advantages }: Episode, cliprange: number): PlacesLoss {
  let [loss, clipped] = [0, 0];
  const slopes = logps.map((logp, t) => {
    const advantage = advantages[t] as number;
    const ratio = Math.exp(logp - (old[t] as number));
    const plain = -advantage * ratio;
    const held = -advantage * clamp(ratio, 1 - cliprange, 1 + cliprange);
    const isHeld = held > plain;
    loss += Math.max(plain, held);
    if (isHeld) clipped++;
    return isHeld ? 0 : plain;
  });
  return { loss, slopes, clipped };
}

/** sum_t max((v_t - R_t)^2, (v_old + clip(v_t - v_old, +- cliprange_value) - R_t)^2) / 2. */
export function valueLoss(values: Float64Array, { values: old, returns }: Episode, cliprange: number): PlacesLoss {
  let [loss, clipped] = [0, 0];
  const slopes = values.map((value, t) => {
    const then = old[t] as number;
    const error = value - (returns[t] as number);
    const heldError = clamp(value, then - cliprange, then + cliprange) - (returns[t] as number);
    const isHeld = heldError ** 2 > error ** 2;
    loss += Math.max(error ** 2, heldError ** 2) / 2;
    if (isHeld) clipped++;
    return isHeld ? 0 : error;
  });
  return { loss, slopes, clipped };
}

interface PpoOptions extends EpisodeShaping {
  readonly kl_coef: number;
  readonly kl_target: number | null;
  readonly kl_horizon: number;
  readonly num_ppo_epochs: number;
  readonly num_mini_batches: number;
  readonly cliprange: number;
  readonly cliprange_value: number;
  readonly vf_coef: number;
  readonly max_completion_length: number;
}

const unknown: Episode = {
  ...{ logps: Float64Array.of(NaN), advantages: Float64Array.of(NaN) },
  ...{ values: Float64Array.of(NaN), returns: Float64Array.of(NaN) },
};

/** The policy's part of the loss of an answer, summed over its tokens; the values' part is that of its step. */
export const ppo: Objective<PpoOptions> = {
  reads: [
    ...(['kl_coef', 'kl_target', 'kl_horizon', 'kl_estimator', 'num_ppo_epochs', 'num_mini_batches'] as const),
    ...(['cliprange', 'cliprange_value', 'vf_coef', 'gamma', 'lam', 'whiten_rewards'] as const),
    ...(['missing_eos_penalty', 'max_completion_length'] as const),
  ],
  usesRejected: false,
  usesReference: true,
  meanOver: 'tokens',
  rewards: null,
  isPerToken: false,
  isOnPolicy: true,
  hasValueHead: true,
  evaluate: (policy, _, { cliprange }, { episode }) => {
    const { loss, slopes, clipped: clippedTokens } = policyLoss(policy.chosen, episode ?? unknown, cliprange);
    return { loss, chosen: slopes, rejected: new Float64Array(0), rewards: null, clippedTokens };
  },
};

/**
 * The price of divergence after a step: e = clip(KL / target - 1, +- 0.2), coefficient times 1 + e answers / horizon
 * (Ziegler et al. 2019, section 2.2; TRL 0.11's AdaptiveKLController).
 * @param kl measured, nats an answer
 */
export function nextKlCoef(
  klCoef: number,
  kl: number,
  { target, horizon, answers }: { readonly target: number; readonly horizon: number; readonly answers: number },
): number {
  return klCoef * (1 + (clamp(kl / target - 1, -0.2, 0.2) * answers) / horizon);
}
