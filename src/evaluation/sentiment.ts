/**
 * @file The ground-truth reward of controlled sentiment: how positive a review is, from the words of a lexicon.
 * A port of `sentiment` of tools/starter/judges.py; the paper's reward is a classifier (Rafailov et al. 2023,
 * arXiv 2305.18290, section 6), ours a rule that anyone can compute again.
 */
import { sentimentLexicon as lexicon } from './lexicon';
import { isPunctuation, Phrases, tokensOf } from './phrases';

const polarities = new Phrases<1 | -1>([
  ...lexicon.positive.map((phrase) => [phrase, 1] as const),
  ...lexicon.negative.map((phrase) => [phrase, -1] as const),
]);
const boosters = new Set(lexicon.boosters);
const dampeners = new Set(lexicon.dampeners);
const negators = new Set(lexicon.negators);

/** Weight of an opinion whose phrase starts at a token, and where the words before it and its modifier end. */
function modifierBefore(tokens: readonly string[], start: number): { weight: number; before: number } {
  const word = tokens[start - 1] ?? '';
  if (boosters.has(word)) return { weight: lexicon.boost, before: start - 1 };
  if (dampeners.has(word)) return { weight: lexicon.dampen, before: start - 1 };
  return { weight: 1, before: start };
}

/** Whether an odd number of negators stands in the window that ends before a token, back to the last punctuation. */
function isNegated(tokens: readonly string[], before: number): boolean {
  const window = tokens.slice(Math.max(0, before - lexicon.negationWindow), before);
  const clause = window.slice(window.findLastIndex(isPunctuation) + 1);
  return clause.filter((token) => negators.has(token)).length % 2 === 1;
}

/**
 * Sentiment in [0, 1] of a whole review (prompt and completion together); 0.5 where no opinion is found.
 * Each opinion of the lexicon weighs 1, times `boost` or `dampen` if the word right before it is a booster or dampener;
 * its sign flips if an odd number of negators stands within `negationWindow` words before that, not across punctuation.
 * With P and N the summed weights of both signs: sigmoid(gain (P - N) / sqrt(max(1, P + N))).
 */
export function scoreSentiment(text: string): number {
  const tokens = tokensOf(text);
  let positive = 0;
  let negative = 0;
  for (const { start, value: sign } of polarities.matches(tokens)) {
    const { weight, before } = modifierBefore(tokens, start);
    if (sign > 0 !== isNegated(tokens, before)) positive += weight;
    else negative += weight;
  }
  return 1 / (1 + Math.exp((-lexicon.gain * (positive - negative)) / Math.sqrt(Math.max(1, positive + negative))));
}
