/**
 * @file What the engine, the readers of files and the storage say, in the page's language. They speak English only, as
 * the command line does; a sentence is found again by the words between its values, and what no catalogue knows stays
 * as it is. Values are never changed, but for those that are sentences or phrases of the catalogue themselves.
 */
import type { Language } from './preferences';
import { engine as korean } from './ko/engine';

/** English with {names} for values -> the same in another language. */
export interface SentenceCatalogue {
  readonly sentences: Readonly<Record<string, string>>;
  /** Ends of "Row 3 of pairs.jsonl ...", and of what stands for it elsewhere. */
  readonly rowProblems: Readonly<Record<string, string>>;
  readonly row: string;
}

/** As the readers of pairs begin. */
export const rowBeginning = 'Row {row} of {file} ';

/** A value's name: no braces of JSON. */
const hole = /\{([a-z][A-Za-z ]*)\}/g;

/** Longer ones hold pasted data and take long to search. */
const longestCharacters = 5000;

interface Pattern {
  readonly words: RegExp;
  readonly names: readonly string[];
  readonly translation: string;
}

function compile([english, translation]: readonly [string, string]): Pattern {
  const names: string[] = [];
  const parts = english.split(hole).map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(part);
    return '([^]*?)';
  });
  return { words: new RegExp(`^${parts.join('')}$`), names, translation };
}

const wordsOf = (english: string): number => english.replace(hole, '').length;

export function createTranslator({ sentences, rowProblems, row }: SentenceCatalogue): (sentence: string) => string {
  const ofRows = Object.entries(rowProblems).map(
    ([english, translation]) => [rowBeginning + english, row + translation] as const,
  );
  // The pattern with the most words of its own says most of what a sentence is.
  const patterns = [...Object.entries(sentences), ...Object.entries(rowProblems), ...ofRows]
    .sort(([a], [b]) => wordsOf(b) - wordsOf(a))
    .map(compile);

  function translateWhole(sentence: string): string | null {
    for (const { words, names, translation } of patterns) {
      const values = words.exec(sentence)?.slice(1);
      if (values === undefined) continue;
      return translation.replace(hole, (_, name: string) => translate(values[names.indexOf(name)] ?? ''));
    }
    return null;
  }

  /** The sentence, or several that stand one after the other. */
  function translate(sentence: string): string {
    if (sentence.length > longestCharacters) return sentence;
    const whole = translateWhole(sentence);
    if (whole !== null) return whole;
    for (const { index } of sentence.matchAll(/(?<=[.!?]) /g)) {
      const first = translateWhole(sentence.slice(0, index));
      if (first !== null) return `${first} ${translate(sentence.slice(index + 1))}`;
    }
    return sentence;
  }
  return translate;
}

const translators: Readonly<Record<Language, (sentence: string) => string>> = {
  en: (sentence) => sentence,
  ko: createTranslator(korean),
};

/** The engine's sentence in this language, or as it is. */
export function translateSentence(language: Language, sentence: string): string {
  return translators[language](sentence);
}
