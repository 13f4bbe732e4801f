/**
 * @file Chooses the next token from logits: greedy, or sampled after temperature, top-k and top-p, in that order, as
 * transformers' logits warpers do (generation/logits_process.py). Pure but for the random numbers it is given.
 */
import type { Random } from '../core/random';

export interface SamplingOptions {
  /** 0 is greedy; 1 leaves the distribution as it is. */
  readonly temperature: number;
  /** Keeps the k most likely tokens; 0 keeps all. */
  readonly topK: number;
  /** Keeps the smallest set of likely tokens whose probabilities sum to at least this; 1 keeps all. */
  readonly topP: number;
}

export interface SampledToken {
  readonly id: number;
  /** Log-probability under the model's own distribution (before temperature and truncation), in nats. */
  readonly logp: number;
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

/** Computes log sum exp in float64. */
function logNormalizer(logits: ArrayLike<number>): number {
  const top = logits[argmax(logits)] as number;
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += Math.exp((logits[i] as number) - top);
  return top + Math.log(total);
}

/** Finds the least logit that top-k and then top-p keep; tokens that tie with it stay, as in transformers' top-k. */
function leastKept(logits: ArrayLike<number>, { temperature, topK, topP }: SamplingOptions): number {
  if (topK === 0 && topP >= 1) return -Infinity;
  const falling = Float64Array.from(logits).sort().reverse();
  const byRank = topK > 0 ? falling.subarray(0, Math.min(topK, falling.length)) : falling;
  if (topP >= 1) return byRank.at(-1) as number;
  const scaled = byRank.map((logit) => logit / temperature);
  const norm = logNormalizer(scaled);
  let mass = 0;
  let kept = 0;
  while (kept < scaled.length && mass < topP) mass += Math.exp((scaled[kept++] as number) - norm);
  return byRank[Math.max(1, kept) - 1] as number;
}

/** Draws a token from what the options keep, in float64; one exponential a token of the vocabulary. */
function drawToken(logits: ArrayLike<number>, options: SamplingOptions, random: Random): number {
  const least = leastKept(logits, options);
  const top = logits[argmax(logits)] as number;
  const weights = new Float64Array(logits.length);
  let total = 0;
  for (let id = 0; id < weights.length; id++) {
    const logit = logits[id] as number;
    if (logit < least) continue;
    weights[id] = Math.exp((logit - top) / options.temperature);
    total += weights[id] as number;
  }
  let rest = random.uniform() * total;
  let last = 0;
  for (let id = 0; id < weights.length && rest >= 0; id++) {
    const weight = weights[id] as number;
    if (weight === 0) continue;
    last = id;
    rest -= weight;
  }
  return last;
}

/**
 * Chooses one token: the most likely one at temperature 0, else one drawn from what the options keep.
 * @param logits [V], of one position
 * @param norm their log-sum-exp, where it is known
 */
export function sampleToken(
  logits: ArrayLike<number>,
  options: SamplingOptions,
  random: Random,
  norm = logNormalizer(logits),
): SampledToken {
  const id = options.temperature === 0 ? argmax(logits) : drawToken(logits, options, random);
  return { id, logp: (logits[id] as number) - norm };
}
