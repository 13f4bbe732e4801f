/**
 * @file An answer of the starter's tasks as one number from 0 to 1, by which its demonstration ranks and its pairs are
 * labelled. A port of `score` and `broken_words` of tools/starter/judges.py.
 */
import { isReviewTask, type StarterTaskId } from '../data/starter-task';
import { judgeAnswer } from './dialogue';
import { wordLexicon } from './lexicon';
import { repeats, tokensOf } from './phrases';
import { scoreSentiment } from './sentiment';
import { judgeSummary } from './summary';

export interface StarterScore {
  /** 0 to 1, higher is better. */
  readonly score: number;
  /** Words of no language or of another subject: neither the task's grammar nor the prompt has them. */
  readonly brokenWords: readonly string[];
  /** Whether it goes round in circles. */
  readonly repeats: boolean;
  readonly isEmpty: boolean;
}

/** Whether an answer reads as a sentence should: no broken word, no repetition, not empty. */
export const isFluent = (score: StarterScore): boolean =>
  score.brokenWords.length === 0 && !score.repeats && !score.isEmpty;

/** What each broken word takes off. */
const penaltyPerBrokenWord = 0.2;

/** The words that follow a post in its prompt and are no part of it. */
const summaryCue = /\s*TL;DR:\s*$/;

const knownWords: Readonly<Record<StarterTaskId, ReadonlySet<string>>> = {
  sentiment: new Set(wordLexicon.sentiment),
  'sentiment-ko': new Set(wordLexicon['sentiment-ko']),
  summarization: new Set(wordLexicon.summarization),
  dialogue: new Set(wordLexicon.dialogue),
};

/** A review goes on where its prompt ends, perhaps within a word: both are read together. */
function brokenWordsOf(task: StarterTaskId, prompt: string, answer: string): readonly string[] {
  const asked = new Set(tokensOf(prompt));
  const written = tokensOf(isReviewTask(task) ? prompt + answer : answer);
  const words = written.filter(
    (token) => /^[a-z가-힣]/.test(token) && !knownWords[task].has(token) && !asked.has(token),
  );
  return [...new Set(words)];
}

function judged(task: StarterTaskId, prompt: string, answer: string): number {
  switch (task) {
    case 'sentiment':
    case 'sentiment-ko':
      return scoreSentiment(prompt + answer, task);
    case 'summarization':
      return judgeSummary(prompt, answer).quality;
    case 'dialogue':
      return judgeAnswer(prompt, answer).score;
  }
}

/**
 * Scores an answer: the task's own judge, held at 0 and 1, less 0.2 for each broken word; 0 for a text that is empty or
 * repeats.
 */
export function scoreStarterAnswer(task: StarterTaskId, prompt: string, answer: string): StarterScore {
  const asked = task === 'summarization' ? prompt.replace(summaryCue, '') : prompt;
  const tokens = tokensOf(answer);
  const brokenWords = brokenWordsOf(task, asked, answer);
  const isEmpty = tokens.length === 0;
  const isRepeating = repeats(tokens);
  const penalty = penaltyPerBrokenWord * brokenWords.length;
  const score = isEmpty || isRepeating ? 0 : Math.min(1, Math.max(0, judged(task, asked, answer) - penalty));
  return { score, brokenWords, repeats: isRepeating, isEmpty };
}
