/**
 * @file Where prompt and answer of plain text meet: an answer that goes on in the prompt's words, or one that is glued
 * to a question, as two columns of a table are.
 */
import { isChatPair, type PreferencePair, type TextPair } from '../preference-pair';

const sides = ['chosen', 'rejected'] as const;

/** Whether an answer goes on in the prompt's words: after a space, within a word, or with a sign after one. */
const goesOn = (prompt: string, answer: string): boolean =>
  /^\s/.test(answer) || (/[\p{L}\p{N}]$/u.test(prompt) && /^[\p{Ll}\p{P}\p{N}]/u.test(answer));

/** Whether the good answer goes on in the prompt's words, so that the pair is meant to be text. */
export const isContinuation = (pair: PreferencePair): boolean => !isChatPair(pair) && goesOn(pair.prompt, pair.chosen);

/** Whether the prompt is a whole sentence and the answer begins another one, with nothing between. */
function isGlued(prompt: string, answer: string): boolean {
  if (!/^[\p{L}\p{N}"'“‘(]/u.test(answer)) return false;
  // A sentence's end: its sign, or in Korean the ending of a question or a request.
  if (/[.?!。？！…]["'”’)]*$/u.test(prompt) || /(?:까|요|다|오|죠|니)$/u.test(prompt)) return true;
  return /[\p{L}\p{N}]$/u.test(prompt) && /^\p{Lu}/u.test(answer);
}

/** Whether an answer of a pair of text is glued to its question. */
export function hasGluedAnswer(pair: PreferencePair): boolean {
  return !isChatPair(pair) && sides.some((side) => isGlued(pair.prompt, pair[side]));
}

/** The pair with a space between question and answers. */
export function withoutGluedAnswer(pair: PreferencePair): PreferencePair {
  if (!hasGluedAnswer(pair)) return pair;
  const { prompt, chosen, rejected } = pair as TextPair;
  const apart = (answer: string) => (answer === '' || /^\s/.test(answer) ? answer : ` ${answer}`);
  return { prompt, chosen: apart(chosen), rejected: apart(rejected) };
}
