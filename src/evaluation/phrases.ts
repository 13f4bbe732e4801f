/**
 * @file Text as the judges read it: tokens, and the phrases of a lexicon among them.
 * A port of the shared rules of tools/starter/judges.py. Not the tokenizer of a model: that is src/text/.
 */

const tokenPattern = /[a-z]+(?:'[a-z]+)?|[가-힣]+|[0-9]+(?:[:.][0-9]+)?|[.,;:!?]/g;

/**
 * The words (English with at most one inner apostrophe, Korean with their endings), numbers (at most one `:dd` or `.dd`
 * part) and marks `. , ; : ! ?` of a text, in lower case, typographic apostrophes as '. All other characters only
 * separate.
 */
export const tokensOf = (text: string): string[] =>
  text.toLowerCase().replaceAll('\u2019', "'").match(tokenPattern) ?? [];

/** Whether a token is a mark, and no word or number. */
export const isPunctuation = (token: string): boolean => /^[.,;:!?]$/.test(token);

/** Whether a token ends a sentence. */
export const endsSentence = (token: string): boolean => /^[.!?]$/.test(token);

/** "40" or "2.5". */
export const isNumber = (token: string): boolean => /^[0-9]+(?:\.[0-9]+)?$/.test(token);

/** "6:40". */
export const isClock = (token: string): boolean => /^[0-9]{1,2}:[0-9]{2}$/.test(token);

/** Counts the words and numbers of a text; marks do not count. */
export const countWords = (text: string): number => tokensOf(text).filter((token) => !isPunctuation(token)).length;

const longestRepeated = 8;
const leastWords = 12;

/**
 * Tells whether a text goes round in circles; marks do not count: a phrase of one or two words three times in a row,
 * one of three to eight words twice in a row, or of twelve words or more fewer than half different.
 */
export function repeats(tokens: readonly string[]): boolean {
  const words = tokens.filter((token) => !isPunctuation(token));
  for (let length = 1; length <= longestRepeated; length++) {
    // Each word of a run of `times` equal phrases but those of the last is the word that stands `length` further on.
    const wanted = ((length <= 2 ? 3 : 2) - 1) * length;
    let same = 0;
    for (let at = 0; at + length < words.length; at++) {
      same = words[at] === words[at + length] ? same + 1 : 0;
      if (same === wanted) return true;
    }
  }
  return words.length >= leastWords && 2 * new Set(words).size < words.length;
}

/** The words with a capital inside a sentence. */
export const namesIn = (text: string): readonly string[] => text.match(/(?<=[a-z0-9,;:] )[A-Z][a-z]+/g) ?? [];

/** Tokens start (inclusive) to end (exclusive) are a phrase that stands for the value. */
export interface PhraseMatch<Value> {
  readonly start: number;
  readonly end: number;
  readonly value: Value;
}

/**
 * Finds phrases (tokens joined by single spaces) and says what each stands for. Of equal phrases the last one counts.
 */
export class Phrases<Value> {
  readonly #values: ReadonlyMap<string, Value>;
  readonly #longest: number;

  constructor(entries: Iterable<readonly [phrase: string, value: Value]>) {
    this.#values = new Map(entries);
    this.#longest = Math.max(0, ...Array.from(this.#values.keys(), (phrase) => phrase.split(' ').length));
  }

  /** Makes phrases that stand for themselves. */
  static of(phrases: readonly string[]): Phrases<string> {
    return new Phrases(phrases.map((phrase) => [phrase, phrase]));
  }

  /**
   * Finds phrases from left to right, at each token the longest one that starts there; matched tokens are not matched
   * again.
   */
  matches(tokens: readonly string[]): PhraseMatch<Value>[] {
    const found: PhraseMatch<Value>[] = [];
    let at = 0;
    while (at < tokens.length) {
      const match = this.#longestAt(tokens, at);
      if (match) found.push(match);
      at = match?.end ?? at + 1;
    }
    return found;
  }

  isIn(tokens: readonly string[]): boolean {
    return this.matches(tokens).length > 0;
  }

  #longestAt(tokens: readonly string[], start: number): PhraseMatch<Value> | null {
    for (let end = Math.min(start + this.#longest, tokens.length); end > start; end--) {
      const phrase = tokens.slice(start, end).join(' ');
      if (this.#values.has(phrase)) return { start, end, value: this.#values.get(phrase) as Value };
    }
    return null;
  }
}
