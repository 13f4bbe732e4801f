/**
 * @file The judge of summaries: which of a post's facts a summary states, which it invents, and how long it is. A port
 * of `facts`, `strangers` and `summary` of tools/starter/judges.py. It reads phrases, not meaning: a fact is stated
 * where its words stand, and two true facts joined wrongly pass. Its criteria are those of the paper's prompt (C): what
 * is most important, nothing irrelevant, concise (Rafailov et al. 2023, arXiv 2305.18290, appendix C.2).
 */
import { summarizationLexicon as lexicon } from './lexicon';
import { countWords, isClock, isNumber, namesIn, Phrases, repeats, tokensOf } from './phrases';
import type { Preference } from './win-rate';
import { preferHigher } from './win-rate';

export interface Fact {
  /**
   * A type of the lexicon ("equipment", "problem", "person", "chatter"...), or "number", "clock", "quantity", "name".
   */
  readonly kind: string;
  /** "pump"; for a number "pump 4", for a clock time "6:40", for a quantity "40 minute". */
  readonly value: string;
}

export interface SummaryVerdict {
  /** The post's facts that the summary states. */
  readonly stated: readonly Fact[];
  /** The summary's facts that the post does not have. */
  readonly invented: readonly Fact[];
  /** Number of remarks on hobbies, animals, weather and the like, whether the post has them or not. */
  readonly chatter: number;
  /** Length in words; marks do not count. */
  readonly words: number;
  /** 1 at best; negative where inventions outweigh what is covered. */
  readonly quality: number;
  /**
   * Whether nothing is invented, subject and happening are stated, and there is no chatter, no repetition and no word
   * above the limit.
   */
  readonly faithful: boolean;
}

const subjects: readonly string[] = ['equipment', 'event', 'item'];
const happenings: readonly string[] = ['problem', 'part', 'change', 'delivery'];

const factPhrases = new Phrases<Fact>(
  Object.entries(lexicon.types).flatMap(([kind, values]) =>
    Object.entries(values).flatMap(([value, phrases]) => phrases.map((phrase) => [phrase, { kind, value }] as const)),
  ),
);
const unitOf = new Map(
  Object.entries(lexicon.units).flatMap(([unit, phrases]) => phrases.map((phrase) => [phrase, unit] as const)),
);
const weights = new Map(Object.entries(lexicon.weights));

const keyOf = ({ kind, value }: Fact): string => `${kind}\n${value}`;
const weightOf = (facts: readonly Fact[]): number => facts.reduce((sum, { kind }) => sum + (weights.get(kind) ?? 0), 0);

/** Finds the facts whose phrase the lexicon has, each followed by its number if one stands right after it. */
function phraseFacts(tokens: readonly string[]): Fact[] {
  return factPhrases.matches(tokens).flatMap(({ end, value: fact }) => {
    const next = tokens[end] ?? '';
    const isNumbered = lexicon.numbered.includes(fact.kind) && isNumber(next);
    return isNumbered ? [fact, { kind: 'number', value: `${fact.value} ${next}` }] : [fact];
  });
}

function measuredFacts(tokens: readonly string[]): Fact[] {
  return tokens.flatMap((token, i) => {
    if (isClock(token)) return [{ kind: 'clock', value: token }];
    const unit = unitOf.get(tokens[i + 1] ?? '');
    return isNumber(token) && unit !== undefined ? [{ kind: 'quantity', value: `${token} ${unit}` }] : [];
  });
}

/**
 * The facts that a text states, each once: phrases of the lexicon in the order of the text, a number right after an
 * equipment or place ("pump 4"); then clock times, and numbers before a unit.
 */
export function factsOf(text: string): Fact[] {
  const tokens = tokensOf(text);
  const found = new Map<string, Fact>();
  for (const fact of [...phraseFacts(tokens), ...measuredFacts(tokens)]) {
    if (!found.has(keyOf(fact))) found.set(keyOf(fact), fact);
  }
  return [...found.values()];
}

const knownPhrases = new Set(Object.values(lexicon.types).flatMap((values) => Object.values(values).flat()));

/** Names that neither the post nor the lexicon has: made up. In lower case a word that nobody knows goes unseen. */
function strangersOf(post: string, summary: string): Fact[] {
  const known = new Set(tokensOf(post));
  const names = new Set(namesIn(summary).map((name) => name.toLowerCase()));
  return [...names]
    .filter((name) => !known.has(name) && !knownPhrases.has(name))
    .map((value) => ({ kind: 'name', value }));
}

/**
 * Computes the share of the post's weight that a summary states, 1 from `coverage` of it on; 0 for a post without
 * facts.
 */
function coverageOf(ofPost: readonly Fact[], stated: readonly Fact[]): number {
  const whole = weightOf(ofPost);
  return whole > 0 ? Math.min(1, weightOf(stated) / (lexicon.limits.coverage * whole)) : 0;
}

/**
 * Judges one summary of a post.
 * quality = min(1, stated weight / (`coverage` * the post's weight)) - penaltyPerInvention * inventions
 * - penaltyPerChatter * chatter - penaltyPerWord * words above the limit.
 */
export function judgeSummary(post: string, summary: string): SummaryVerdict {
  const { limits } = lexicon;
  const ofPost = factsOf(post);
  const inPost = new Set(ofPost.map(keyOf));
  const own = factsOf(summary);
  const informative = own.filter(({ kind }) => kind !== 'chatter');
  const stated = informative.filter((fact) => inPost.has(keyOf(fact)));
  const invented = [...informative.filter((fact) => !inPost.has(keyOf(fact))), ...strangersOf(post, summary)];
  const chatter = own.length - informative.length;
  const words = countWords(summary);
  const quality =
    coverageOf(ofPost, stated) -
    limits.penaltyPerInvention * invented.length -
    limits.penaltyPerChatter * chatter -
    limits.penaltyPerWord * Math.max(0, words - limits.words);
  const isClean = !repeats(tokensOf(summary)) && invented.length === 0 && chatter === 0 && words <= limits.words;
  const says = (kinds: readonly string[]): boolean => stated.some(({ kind }) => kinds.includes(kind));
  return { stated, invented, chatter, words, quality, faithful: isClean && says(subjects) && says(happenings) };
}

/**
 * Judges for win rates: the summary of higher quality is better, equal qualities tie. The pairs are labelled by it too.
 */
export function compareSummaries(post: string, first: string, second: string): Preference {
  return preferHigher(judgeSummary(post, first).quality, judgeSummary(post, second).quality);
}
