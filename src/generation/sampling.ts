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
  let most = values[0] as number;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    if (value <= most) continue;
    best = i;
    most = value;
  }
  return best;
}

/** Computes log sum exp in float64. */
function logNormalizer(logits: ArrayLike<number>): number {
  const top = logits[argmax(logits)] as number;
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += Math.exp((logits[i] as number) - top);
  return top + Math.log(total);
}

/** Parts into which the table divides a halving. */
const parts = 1024;
const partHalvings = Float64Array.from({ length: parts }, (_, part) => 2 ** (-part / parts));
const halvings = Float64Array.from({ length: 1024 }, (_, halving) => 2 ** -halving);

/**
 * Computes exp(x) for x <= 0, within 1e-14 of it: roots of 1/2 from a table, and three terms of the series for what is
 * left. Math.exp takes three times as long, and a drawn token is one for each of the vocabulary. Below -700 it is 0.
 */
export function expOfNegative(x: number): number {
  if (!(x > -700)) return 0;
  const scaled = x * (-parts / Math.LN2);
  const whole = scaled | 0;
  const rest = (whole - scaled) * (Math.LN2 / parts); // in (-7e-4, 0]
  const power = (partHalvings[whole % parts] as number) * (halvings[(whole / parts) | 0] as number);
  return power * (1 + rest * (1 + rest * (0.5 + rest / 6)));
}

/** Buckets of logits between the highest and the lowest. */
const buckets = 1024;

/**
 * Finds the highest logits whose weights sum to at least `enough`, falling, with some more behind them. Buckets are
 * weighed first, so that only what they let through is sorted: a sort of all takes longer than the model's own step.
 * @param weigh gives a logit's weight, which is more than 0
 */
function highest(logits: ArrayLike<number>, weigh: (logit: number) => number, enough: number): Float64Array {
  const top = logits[argmax(logits)] as number;
  let bottom = top;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] as number;
    if (logit < bottom && logit > -Infinity) bottom = logit;
  }
  const scale = top > bottom ? (buckets - 1) / (top - bottom) : 0;
  const weights = new Float64Array(buckets);
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] as number;
    if (logit < bottom) continue;
    const bucket = ((top - logit) * scale) | 0;
    weights[bucket] = (weights[bucket] as number) + weigh(logit);
  }
  let sum = 0;
  let last = 0;
  while (last < buckets - 1 && (sum += weights[last] as number) < enough) last++;
  const found: number[] = [];
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] as number;
    if (logit >= bottom && (top - logit) * scale < last + 1) found.push(logit);
  }
  return Float64Array.from(found).sort().reverse();
}

/** Finds the least logit that top-k and then top-p keep; tokens that tie with it stay, as in transformers' top-k. */
function leastKept(logits: ArrayLike<number>, top: number, { temperature, topK, topP }: SamplingOptions): number {
  if (topK === 0 && topP >= 1) return -Infinity;
  const byRank = topK > 0 ? highest(logits, () => 1, topK).subarray(0, topK) : logits;
  if (topP >= 1) return (byRank as Float64Array).at(-1) as number;
  const weigh = (logit: number): number => expOfNegative((logit - top) / temperature);
  let enough = 0;
  for (let i = 0; i < byRank.length; i++) enough += topP * weigh(byRank[i] as number);
  const falling = topK > 0 ? (byRank as Float64Array) : highest(logits, weigh, enough);
  let mass = 0;
  let kept = 0;
  while (kept < falling.length && mass < enough) mass += weigh(falling[kept++] as number);
  return falling[Math.max(1, kept) - 1] as number;
}

/** The weights of a draw, kept for the next one: half a megabyte anew for each token would be cleared and collected. */
let scratch = new Float64Array();

/** Draws a token from what the options keep, in float64; one exponential a token of the vocabulary. */
function drawToken(logits: ArrayLike<number>, options: SamplingOptions, random: Random): number {
  const top = logits[argmax(logits)] as number;
  const least = leastKept(logits, top, options);
  if (scratch.length !== logits.length) scratch = new Float64Array(logits.length);
  const weights = scratch;
  const { temperature } = options;
  let total = 0;
  for (let id = 0; id < weights.length; id++) {
    const logit = logits[id] as number;
    const weight = logit < least ? 0 : expOfNegative((logit - top) / temperature);
    weights[id] = weight;
    total += weight;
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
