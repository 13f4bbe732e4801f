/**
 * @file What a reward could cost and what it did: the curves of Best-of-N and of the objective's closed-form optimum,
 * both from answers of the reference alone, and for a trained policy how much of its KL divergence bought reward.
 * All divergences are of whole answers, in nats; all answers are drawn at temperature 1, no top-k or top-p.
 */
import { invariant } from '../core/errors';
import { meanOf, sumOf, varianceOf } from '../core/statistics';
import { klBound, meanOfBest } from './best-of-n';
import { meanInterval, type MeanInterval } from './intervals';

/** The rewards of the reference's answers, a list of at least two for each prompt. */
export type ReferenceRewards = readonly (readonly number[])[];

/** An answer's reward, and log pi(y|x) - log pi_ref(y|x) summed over its tokens, in nats. */
export interface MovedAnswer {
  readonly reward: number;
  readonly logRatio: number;
}

function checkRewards(rewards: ReferenceRewards): void {
  invariant(rewards.length > 1, `a curve over ${rewards.length} prompts; its interval needs two.`);
  const short = rewards.findIndex((list) => list.length < 2 || !list.every(Number.isFinite));
  invariant(short < 0, `prompt ${short} has fewer than two answers, or rewards that are no numbers.`);
}

export interface BestOfPoint {
  readonly count: number;
  /** Expected reward of the best, without bias; the interval counts prompts. */
  readonly reward: MeanInterval;
  /** log N - (N - 1) / N, never exceeded. */
  readonly bound: number;
  /** The divergence where the answers at hand are all there are: lower than the true one, most so for N near theirs. */
  readonly kl: number;
}

/**
 * KL of Best-of-N from its policy, exact for a distribution over levels of reward: sum of q log(q / p) with
 * q = P(r <= level)^N - P(r < level)^N. Among answers of equal reward one is chosen as the policy would.
 *
 * @param probabilities of the levels, from the lowest reward to the highest, summing to 1
 */
export function exactBestOfKl(probabilities: readonly number[], count: number): number {
  let below = 0;
  let kl = 0;
  for (const p of probabilities) {
    const q = Math.min(1, below + p) ** count - below ** count;
    if (q > 0) kl += q * Math.log(q / p);
    below += p;
  }
  return kl;
}

/** How many of the values have each level, as shares, from the lowest level to the highest. */
function sharesOfLevels(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const levels = [...new Set(sorted)];
  return levels.map((level) => (sorted.lastIndexOf(level) - sorted.indexOf(level) + 1) / sorted.length);
}

/** The curve of Best-of-N, for those counts that every prompt has answers enough for. */
export function bestOfCurve(rewards: ReferenceRewards, counts: readonly number[]): readonly BestOfPoint[] {
  checkRewards(rewards);
  const most = Math.min(...rewards.map(({ length }) => length));
  const means = rewards.map(meanOfBest);
  const shares = rewards.map(sharesOfLevels);
  return counts
    .filter((count) => count <= most)
    .map((count) => ({
      count,
      reward: meanInterval(means.map((list) => list[count - 1] as number)),
      bound: klBound(count),
      kl: meanOf(shares.map((list) => exactBestOfKl(list, count))),
    }));
}

export interface OptimumPoint {
  readonly beta: number;
  readonly reward: MeanInterval;
  readonly kl: MeanInterval;
  /** Bias of both that the jackknife finds, not taken off: what they lie too high by. */
  readonly bias: { readonly reward: number; readonly kl: number };
  /** How many answers of a prompt carry the estimate, (sum w)^2 / sum w^2 (Kish 1965), the mean over prompts. */
  readonly effective: number;
}

interface Tilted {
  readonly reward: number;
  readonly kl: number;
}

/** Reward and KL of the answers weighted by exp(reward / beta), of answers that are equally likely. */
function tilt(rewards: readonly number[], beta: number): Tilted & { readonly effective: number } {
  const top = Math.max(...rewards);
  const weights = rewards.map((reward) => Math.exp((reward - top) / beta));
  const total = sumOf(weights);
  const reward = sumOf(rewards.map((each, i) => each * (weights[i] as number))) / total;
  const kl = (reward - top) / beta - Math.log(total / rewards.length);
  return { reward, kl, effective: total ** 2 / sumOf(weights.map((weight) => weight ** 2)) };
}

/** Quenouille's estimate of a bias: (n - 1) (mean of the estimates without one answer - the estimate of all). */
function jackknifeBias(rewards: readonly number[], beta: number, whole: Tilted): Tilted {
  const parts = rewards.map((_, skipped) => tilt(rewards.toSpliced(skipped, 1), beta));
  const bias = (key: 'reward' | 'kl') => (rewards.length - 1) * (meanOf(parts.map((part) => part[key])) - whole[key]);
  return { reward: bias('reward'), kl: bias('kl') };
}

/**
 * The policy that maximises E[r] - beta KL(pi || pi_ref) is pi_ref(y|x) exp(r / beta) / Z(x) (Rafailov et al. 2023,
 * arXiv 2305.18290, equation 4). Its reward E[w r] and divergence E[w r] / beta - log Z are estimated from answers of
 * the reference, weights normalised over a prompt's own answers. No policy has more reward for its divergence.
 * With n answers a prompt no divergence over log n can be seen; where `effective` is small, trust the curve less.
 */
export function optimumCurve(rewards: ReferenceRewards, betas: readonly number[]): readonly OptimumPoint[] {
  checkRewards(rewards);
  invariant(
    betas.every((beta) => beta > 0),
    `a beta among ${betas.join(', ')} is not above 0.`,
  );
  return betas.map((beta) => {
    const parts = rewards.map((list) => tilt(list, beta));
    const biases = rewards.map((list, i) => jackknifeBias(list, beta, parts[i] as Tilted));
    return {
      beta,
      reward: meanInterval(parts.map(({ reward }) => reward)),
      kl: meanInterval(parts.map(({ kl }) => kl)),
      bias: { reward: meanOf(biases.map(({ reward }) => reward)), kl: meanOf(biases.map(({ kl }) => kl)) },
      effective: meanOf(parts.map(({ effective }) => effective)),
    };
  });
}

export interface Spending {
  /** Divergence of the reward's own distribution from the reference's. */
  readonly bought: MeanInterval;
  /** The rest: what moved among answers of like reward. */
  readonly wasted: MeanInterval;
  /** How many bins of reward there were. */
  readonly bins: number;
}

/** Upper ends of bins that hold about equally many of the values; equal values share a bin. The last has none. */
function binEnds(values: readonly number[], bins: number): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const ends = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / bins) - 1]);
  return [...new Set(ends as number[])].filter((end) => end < (sorted.at(-1) as number));
}

function countBins(rewards: readonly number[], ends: readonly number[]): { places: number[]; shares: number[] } {
  const places = rewards.map((reward) => {
    const place = ends.findIndex((end) => reward <= end);
    return place < 0 ? ends.length : place;
  });
  const shares = Array<number>(ends.length + 1).fill(0);
  for (const place of places) (shares[place] as number) += 1 / rewards.length;
  return { places, shares };
}

const around = (mean: number, squaredError: number): MeanInterval => {
  const reach = 1.959963984540054 * Math.sqrt(squaredError);
  return { mean, low: mean - reach, high: mean + reach };
};

/**
 * Splits KL(pi || pi_ref) by the chain rule into KL of the reward's distribution and the rest: bought = sum over bins
 * of q log(q / p), q and p the shares of the policy's and of the reference's answers, in ten bins of equally many of
 * the reference's; wasted = mean log-ratio - bought. From counts alone bought is too high by about (B - 1) / 2n +
 * sum q (1 - p) / (2 m p) (Miller 1955's correction for both samples), which is taken off, so it may come out below 0.
 * Bins and pooling of prompts can only hide what was bought: it is at most log(bins), and a lower bound. The 95 %
 * intervals are of the delta method, with the scatter that two equal distributions have; answers count as independent.
 *
 * @param reference Rewards of the reference's answers to the same prompts, as many as can be had.
 * @param policy The policy's own answers.
 */
export function splitKl(reference: readonly number[], policy: readonly MovedAnswer[], bins = 10): Spending {
  const [m, n] = [reference.length, policy.length];
  invariant(m > 1 && n > 1, `a divergence split over ${m} answers of the reference and ${n} of the policy.`);
  invariant(
    [...reference, ...policy.flatMap(({ reward, logRatio }) => [reward, logRatio])].every(Number.isFinite),
    'a reward or log-ratio that is no number.',
  );
  const ends = binEnds(reference, bins);
  const old = countBins(reference, ends);
  const moved = countBins(
    policy.map(({ reward }) => reward),
    ends,
  );
  const ratios = moved.shares.map((q, bin) => q / (old.shares[bin] as number));
  const logs = moved.places.map((place) => Math.log(ratios[place] as number));
  const filled = ratios.filter((ratio) => ratio > 0).length;
  const excess =
    (filled - 1) / (2 * n) +
    sumOf(
      moved.shares.map((q, bin) => (q * (1 - (old.shares[bin] as number))) / (2 * m * (old.shares[bin] as number))),
    );
  const bought = meanOf(logs) - excess;
  const ofReference = varianceOf(old.places.map((place) => ratios[place] as number)) / m;
  const ofEquals = (ends.length / 2) * (1 / n + 1 / m) ** 2;
  const rest = policy.map(({ logRatio }, i) => logRatio - (logs[i] as number));
  return {
    bought: around(bought, varianceOf(logs) / n + ofReference + ofEquals),
    wasted: around(meanOf(rest) + excess, varianceOf(rest) / n + ofReference + ofEquals),
    bins: ends.length + 1,
  };
}

export interface Calibration {
  /** Of beta h on r within prompts: 1 at the optimum, 0 where the reward was not learnt. */
  readonly slope: MeanInterval;
  /** The share of the log-ratio's variance within prompts that the reward explains. */
  readonly explained: number;
  /** Standard deviation of what it does not explain of beta h, in units of reward. */
  readonly residual: number;
  /** For a plot: reward and beta h of every answer, each less its prompt's mean. */
  readonly points: readonly { readonly reward: number; readonly implicit: number }[];
}

/**
 * Whether the implicit reward beta h(y) = beta log pi(y|x) / pi_ref(y|x) is the reward: least squares on fresh answers
 * of the reference, differences within a prompt only, as beta log Z(x) cancels there. The interval of the slope counts
 * prompts as drawn (the sandwich estimator of clusters).
 *
 * @param prompts The answers of each prompt, two at least.
 * @returns null where no prompt's answers differ in reward: no slope can be told
 */
export function calibrate(prompts: readonly (readonly MovedAnswer[])[], beta: number): Calibration | null {
  const centred = prompts.map((answers) => {
    const reward = meanOf(answers.map((answer) => answer.reward));
    const logRatio = meanOf(answers.map((answer) => answer.logRatio));
    return answers.map((one) => ({ reward: one.reward - reward, implicit: beta * (one.logRatio - logRatio) }));
  });
  const points = centred.flat();
  const spread = sumOf(points.map(({ reward }) => reward ** 2));
  if (!(spread > 0)) return null;
  const slope = sumOf(points.map(({ reward, implicit }) => reward * implicit)) / spread;
  const off = ({ reward, implicit }: (typeof points)[number]): number => implicit - slope * reward;
  const total = sumOf(points.map(({ implicit }) => implicit ** 2));
  const left = sumOf(points.map((point) => off(point) ** 2));
  const clusters = centred.map((answers) => sumOf(answers.map((point) => point.reward * off(point))) ** 2);
  const squaredError = (sumOf(clusters) / spread ** 2) * (prompts.length / Math.max(1, prompts.length - 1));
  return {
    slope: around(slope, squaredError),
    explained: total > 0 ? 1 - left / total : 0,
    residual: Math.sqrt(left / Math.max(1, points.length - prompts.length - 1)),
    points,
  };
}
