/**
 * @file The log-ratio of each token, log pi - log pi_ref, as it is shown: tokens that share one character put together,
 * and the value at which the colour is full. Pure.
 */
import { quantileOf } from '../../../core/statistics';
import type { ScoredToken } from '../../../run/reports';

/** One token, or several of which only the last completes a character. */
export interface HeatToken {
  readonly text: string;
  readonly isSpecial: boolean;
  readonly tokens: number;
  /** Log-probability under the policy, in nats, summed over the tokens. */
  readonly logp: number;
  readonly reference: number;
  /** The log-ratio, `logp - reference`. */
  readonly ratio: number;
}

function joinTokens(parts: readonly ScoredToken[]): HeatToken {
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
  return groups.map(joinTokens);
}

/** The tokens as an audience reads them: without special ones, and without the space that the answer begins with. */
export function plainHeat(tokens: readonly HeatToken[]): readonly HeatToken[] {
  return tokens
    .filter(({ isSpecial }) => !isSpecial)
    .map((token, index) => (index === 0 ? { ...token, text: token.text.trimStart() } : token));
}

/** Sums the log-ratios of an answer, in nats; times beta, the sum is DPO's implicit reward. */
export function sumOfRatios(tokens: readonly ScoredToken[]): number {
  return tokens.reduce((sum, { logp, reference }) => sum + logp - reference, 0);
}

/** The least log-ratio, in nats, that has the full colour; smaller ones are rounding. */
const smallestLimit = 0.01;

/**
 * The log-ratio that has the full colour: 95 of 100 tokens do not pass it, so one outlier does not make all others
 * pale.
 */
export function heatLimit(answers: readonly (readonly HeatToken[])[]): number {
  const sizes = answers.flat().map(({ ratio }) => Math.abs(ratio));
  return Math.max(smallestLimit, quantileOf(sizes, 0.95));
}

/** How strongly a token is coloured, from -1 (less likely than under the reference) to 1 (more likely). */
export function heatShare({ ratio }: Pick<HeatToken, 'ratio'>, limit: number): number {
  return Math.max(-1, Math.min(1, ratio / limit));
}
