/**
 * @file The ground-truth reward of controlled sentiment: how positive a review is, from the words of a lexicon.
 * A port of `sentiment` of tools/starter/judges.py; the paper's reward is a classifier (Rafailov et al. 2023,
 * arXiv 2305.18290, section 6), ours a rule that anyone can compute again.
 */
import type { ReviewTaskId } from '../data/starter-task';
import { reviewLexicons, type SentimentLexicon } from './lexicon';
import { isPunctuation, Phrases, tokensOf } from './phrases';

/** A lexicon as the rule looks things up in it. */
interface Opinions {
  readonly lexicon: SentimentLexicon;
  readonly polarities: Phrases<1 | -1>;
  readonly boosters: ReadonlySet<string>;
  readonly dampeners: ReadonlySet<string>;
  readonly negators: ReadonlySet<string>;
}

const opinionsOf = (lexicon: SentimentLexicon): Opinions => ({
  lexicon,
  polarities: new Phrases<1 | -1>([
    ...lexicon.positive.map((phrase) => [phrase, 1] as const),
    ...lexicon.negative.map((phrase) => [phrase, -1] as const),
  ]),
  boosters: new Set(lexicon.boosters),
  dampeners: new Set(lexicon.dampeners),
  negators: new Set(lexicon.negators),
});

const opinions: Readonly<Record<ReviewTaskId, Opinions>> = {
  sentiment: opinionsOf(reviewLexicons.sentiment),
  'sentiment-ko': opinionsOf(reviewLexicons['sentiment-ko']),
};

/** Weight of an opinion whose phrase starts at a token, and where the words before it and its modifier end. */
function modifierBefore(
  { lexicon, boosters, dampeners }: Opinions,
  tokens: readonly string[],
  start: number,
): { weight: number; before: number } {
  const word = tokens[start - 1] ?? '';
  if (boosters.has(word)) return { weight: lexicon.boost, before: start - 1 };
  if (dampeners.has(word)) return { weight: lexicon.dampen, before: start - 1 };
  return { weight: 1, before: start };
}

/** Whether an odd number of negators stands in the window that ends before a token, back to the last punctuation. */
function isNegated({ lexicon, negators }: Opinions, tokens: readonly string[], before: number): boolean {
  const window = tokens.slice(Math.max(0, before - lexicon.negationWindow), before);
  const clause = window.slice(window.findLastIndex(isPunctuation) + 1);
  return clause.filter((token) => negators.has(token)).length % 2 === 1;
}

/**
 * Sentiment in [0, 1] of a whole review (prompt and completion together); 0.5 where no opinion is found.
 * Each opinion of the lexicon weighs 1, times `boost` or `dampen` if the word right before it is a booster or dampener;
 * its sign flips if an odd number of negators stands within `negationWindow` words before that, not across punctuation.
 * With P and N the summed weights of both signs: sigmoid(gain (P - N) / sqrt(max(1, P + N))).
 * A Korean word is matched whole, endings and all, and a negation ("짜지 않았습니다") is a phrase of its own.
 */
export function scoreSentiment(text: string, task: ReviewTaskId = 'sentiment'): number {
  const known = opinions[task];
  const tokens = tokensOf(text);
  let positive = 0;
  let negative = 0;
  for (const { start, value: sign } of known.polarities.matches(tokens)) {
    const { weight, before } = modifierBefore(known, tokens, start);
    if (sign > 0 !== isNegated(known, tokens, before)) positive += weight;
    else negative += weight;
  }
  return (
    1 / (1 + Math.exp((-known.lexicon.gain * (positive - negative)) / Math.sqrt(Math.max(1, positive + negative))))
  );
}
