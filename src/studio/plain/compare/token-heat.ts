/**
 * @file The log-ratio of each token, log pi - log pi_ref, as it is shown: tokens that share one character put together,
 * and the value at which the colour is full. Pure.
 */
import type { ScoredToken } from '../../../worker/protocol';

/** One token, or several of which only the last completes a character. */
export interface HeatToken {
  readonly text: string;
  readonly isSpecial: boolean;
  readonly tokens: number;
  /** log pi and log pi_ref, nats, summed over its tokens. */
  readonly logp: number;
  readonly reference: number;
  /** logp - reference. */
  readonly ratio: number;
}

function join(parts: readonly ScoredToken[]): HeatToken {
  const sum = (key: 'logp' | 'reference') => parts.reduce((total, part) => total + part[key], 0);
  const [logp, reference] = [sum('logp'), sum('reference')];
  return {
    text: parts.map(({ text }) => text).join(''),
    isSpecial: parts.some(({ isSpecial }) => isSpecial),
    tokens: parts.length,
    logp,
    reference,
    ratio: logp - reference,
  };
}

export function heatOf(tokens: readonly ScoredToken[]): readonly HeatToken[] {
  const groups: ScoredToken[][] = [];
  let open: ScoredToken[] = [];
  for (const token of tokens) {
    open.push(token);
    if (token.text === '') continue;
    groups.push(open);
    open = [];
  }
  if (open.length > 0) groups.push(open);
  return groups.map(join);
}

/** The sum of the log-ratios, nats; times beta it is DPO's implicit reward. */
export function sumOfRatios(tokens: readonly ScoredToken[]): number {
  return tokens.reduce((sum, { logp, reference }) => sum + logp - reference, 0);
}

/** The least that a full colour stands for: below, all that is shown is rounding. */
const smallestLimit = 0.01;

/** The size that 95 of 100 tokens do not pass: one outlier does not make all others pale. */
export function heatLimit(answers: readonly (readonly HeatToken[])[]): number {
  const sizes = answers
    .flat()
    .map(({ ratio }) => Math.abs(ratio))
    .sort((a, b) => a - b);
  return Math.max(smallestLimit, sizes[Math.max(0, Math.ceil(sizes.length * 0.95) - 1)] ?? 0);
}

/** From -1 to 1. */
export function heatShare({ ratio }: Pick<HeatToken, 'ratio'>, limit: number): number {
  return Math.max(-1, Math.min(1, ratio / limit));
}
