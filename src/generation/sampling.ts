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
  /** Log-probability under the model's own distribution (before temperature and truncation), nats. */
  readonly logp: number;
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

/** log sum exp, in float64. */
function logNormalizer(logits: ArrayLike<number>): number {
  const top = logits[argmax(logits)] as number;
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += Math.exp((logits[i] as number) - top);
  return top + Math.log(total);
}

/** Token ids by falling logit, cut to top-k and then top-p. */
function keptTokens(scaled: Float64Array, topK: number, topP: number): Uint32Array {
  const order = Uint32Array.from(scaled, (_, id) => id).sort((a, b) => (scaled[b] as number) - (scaled[a] as number) || a - b);
  const byRank = order.subarray(0, topK > 0 ? Math.min(topK, order.length) : order.length);
  if (topP >= 1) return byRank;
  const norm = logNormalizer(Float64Array.from(byRank, (id) => scaled[id] as number));
  let mass = 0;
  let kept = 0;
  while (kept < byRank.length && mass < topP) mass += Math.exp((scaled[byRank[kept++] as number] as number) - norm);
  return byRank.subarray(0, Math.max(1, kept));
}

/** @param logits [V] */
export function sampleToken(logits: ArrayLike<number>, { temperature, topK, topP }: SamplingOptions, random: Random): SampledToken {
  const norm = logNormalizer(logits);
  const pick = (id: number): SampledToken => ({ id, logp: (logits[id] as number) - norm });
  if (temperature === 0) return pick(argmax(logits));
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const kept = keptTokens(scaled, topK, topP);
  const keptNorm = logNormalizer(Float64Array.from(kept, (id) => scaled[id] as number));
  let rest = random.uniform();
  for (const id of kept) {
    rest -= Math.exp((scaled[id] as number) - keptNorm);
    if (rest < 0) return pick(id);
  }
  return pick(kept.at(-1) as number);
}
