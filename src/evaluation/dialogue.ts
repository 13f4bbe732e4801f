/**
 * @file The judge of answers in single-turn dialogue: whether they are correct, to the point and polite. A port of
 * `claims` and `answer` of tools/starter/judges.py. It reads claims, not arguments: an answer is correct if it claims
 * something of the kind that was asked, nothing but the right thing, and nothing speaks against it (objections.ts).
 */
import { dialogueLexicon as lexicon } from './lexicon';
import { objectionTo } from './objections';
import type { PhraseMatch } from './phrases';
import { countWords, isClock, isNumber, isPunctuation, Phrases, tokensOf } from './phrases';
import type { Solution } from './question';
import { solveQuestion } from './question';
import type { Preference } from './win-rate';
import { preferHigher } from './win-rate';

export interface AnswerVerdict {
  /**
   * correct, wrong (a claim that is not right, or with which something else is wrong) or evasive (no claim, or a
   * question that the rules do not know).
   */
  readonly verdict: 'correct' | 'wrong' | 'evasive';
  /**
   * 1 with a claim of the asked kind, else the share of the answer's longer words that the question has, at most 0.5.
   */
  readonly relevance: number;
  /** 1 for polite, -1 for rude, 0 for neither; rude wins. */
  readonly tone: 1 | 0 | -1;
  /** Length in words; marks do not count. */
  readonly words: number;
  /** 0 to 1; see `judgeAnswer`. */
  readonly score: number;
  /** Whether the answer is correct and not rude. */
  readonly helpful: boolean;
}

/** Words of fewer letters say little about what an answer is about. */
const longerWordLetters = 5;
/** Tokens before a claim in which "not" takes it back. */
const denialWindow = 3;

const weekdays = Phrases.of(lexicon.weekdays);
const rude = Phrases.of(lexicon.rude);
const polite = Phrases.of(lexicon.polite);
const evasive = Phrases.of(lexicon.evasive);
/** "No idea" is no "no": the evasive phrases are matched along, and dropped. */
const yesOrNo = new Phrases<string>([
  ...lexicon.yes.map((phrase) => [phrase, 'yes'] as const),
  ...lexicon.no.map((phrase) => [phrase, 'no'] as const),
  ...lexicon.evasive.map((phrase) => [phrase, ''] as const),
]);

const normalized = (text: string): string => tokensOf(text).join(' ');

/** Tells whether "not" stands shortly before a token, with neither punctuation nor "but" between. */
function isDenied(tokens: readonly string[], start: number): boolean {
  const window = tokens.slice(Math.max(0, start - denialWindow), start);
  return window.lastIndexOf('not') > window.findLastIndex((token) => isPunctuation(token) || token === 'but');
}

function valuesOf(matches: readonly PhraseMatch<string>[], tokens: readonly string[]): string[] {
  return matches.filter(({ start }) => !isDenied(tokens, start)).map(({ value }) => value);
}

/** What the question gave may be repeated; it is a claim only where nothing else is said. */
function withoutGiven(claims: readonly string[], { given, answer }: Solution): readonly string[] {
  const said = claims.filter((claim) => !given.includes(claim) || claim === answer);
  return said.length > 0 ? said : claims;
}

/** Lists what an answer claims, of the kind that was asked. */
function claimsOf(solution: Solution, tokens: readonly string[]): readonly string[] {
  switch (solution.kind) {
    case 'number':
      return withoutGiven(tokens.filter(isNumber), solution);
    case 'clock':
      return withoutGiven(tokens.filter(isClock), solution);
    case 'day':
      return withoutGiven(valuesOf(weekdays.matches(tokens), tokens), solution);
    case 'yesno':
      return valuesOf(yesOrNo.matches(tokens), tokens).filter((claim) => claim !== '');
    case 'name':
    case 'object':
    case 'key':
      return valuesOf(Phrases.of([solution.answer, ...solution.others].map(normalized)).matches(tokens), tokens);
  }
}

function verdictOf(question: string, answer: string): AnswerVerdict['verdict'] {
  const solution = solveQuestion(question);
  const claims = solution ? claimsOf(solution, tokensOf(answer)) : [];
  if (!solution || claims.length === 0) return 'evasive';
  const expected = normalized(solution.answer);
  const isRight = claims.every((claim) => claim === expected);
  return isRight && objectionTo(question, solution, answer) === null ? 'correct' : 'wrong';
}

function scoreOf(verdict: AnswerVerdict['verdict'], tone: AnswerVerdict['tone'], tokens: readonly string[]): number {
  const { scores } = lexicon;
  if (verdict === 'correct') return scores.correct + { [-1]: scores.rude, 0: 0, 1: scores.polite }[tone];
  return verdict === 'evasive' && evasive.isIn(tokens) ? scores.evasive : 0;
}

/**
 * Computes the share of the answer's distinct longer words that the question has, at most 0.5; 0 without longer words.
 */
function sharedWords(question: string, tokens: readonly string[]): number {
  const asked = new Set(tokensOf(question));
  const longer = [...new Set(tokens.filter((token) => token.length >= longerWordLetters))];
  return longer.length > 0 ? Math.min(0.5, longer.filter((token) => asked.has(token)).length / longer.length) : 0;
}

function toneOf(tokens: readonly string[]): AnswerVerdict['tone'] {
  if (rude.isIn(tokens)) return -1;
  return polite.isIn(tokens) ? 1 : 0;
}

/**
 * Judges one answer to a question: correct if it makes a claim, every claim is the expected answer, and no objection is
 * made to it. score = correct 0.9, + 0.1 if polite or - 0.2 if rude; 0.3 where it is said that the answer is not known;
 * else 0; - penaltyPerWord * words above the limit, never below 0 (the lexicon's `scores`).
 */
export function judgeAnswer(question: string, answer: string): AnswerVerdict {
  const { scores } = lexicon;
  const tokens = tokensOf(answer);
  const verdict = verdictOf(question, answer);
  const relevance = verdict === 'evasive' ? sharedWords(question, tokens) : 1;
  const tone = toneOf(tokens);
  const words = countWords(answer);
  const score = Math.max(0, scoreOf(verdict, tone, tokens) - scores.penaltyPerWord * Math.max(0, words - scores.words));
  return { verdict, relevance, tone, words, score, helpful: verdict === 'correct' && tone >= 0 };
}

/** Judges for win rates: the answer of higher score is better, equal scores tie. The pairs are labelled by it too. */
export function compareAnswers(question: string, first: string, second: string): Preference {
  return preferHigher(judgeAnswer(question, first).score, judgeAnswer(question, second).score);
}
