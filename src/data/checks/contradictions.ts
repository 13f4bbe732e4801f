/** @file Pairs that say the opposite of each other: the same prompt and answers, chosen the other way round. */
import type { PreferencePair } from '../preference-pair';
import { normalised, textOf } from './text-of';

/** The words of a pair's parts, evened out for comparing. */
export interface PairTexts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

export const pairTexts = ({ prompt, chosen, rejected }: PreferencePair): PairTexts => ({
  prompt: normalised(textOf(prompt)),
  chosen: normalised(textOf(chosen)),
  rejected: normalised(textOf(rejected)),
});

/** A text that is equal where all of these are. */
export const keyOf = (...texts: readonly string[]): string => texts.join('\u0000');

/** @returns the places of all pairs of which another says the opposite, in order */
export function findContradictions(texts: readonly PairTexts[]): number[] {
  const said = new Set(texts.map(({ prompt, chosen, rejected }) => keyOf(prompt, chosen, rejected)));
  return texts.flatMap(({ prompt, chosen, rejected }, index) =>
    chosen !== rejected && said.has(keyOf(prompt, rejected, chosen)) ? [index] : [],
  );
}
