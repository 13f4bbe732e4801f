/**
 * @file What is shown of a round, two answers at a time, and the pair that a judgement makes. Pure: order and sides
 * come from the round's seed, so a reload shows the same, and each prompt draws from its own numbers, so answers that
 * come later move nothing that was judged.
 */
import { Random } from '../../../core/random';
import type { PreferencePair } from '../../../data/preference-pair';
import type {
  AnsweredPrompt,
  JudgedAnswer,
  JudgedPrompt,
  Judgement,
  JudgingRound,
} from '../../../storage/judging-record';

export interface Comparison {
  readonly prompt: JudgedPrompt;
  readonly a: JudgedAnswer;
  readonly b: JudgedAnswer;
}

/** Spreads the seeds of prompts apart: 2^32 over the golden ratio. */
const stride = 0x9e3779b9;

/** Keeps the first of answers that say the same, and leaves out empty ones. */
function distinctAnswers(answers: readonly JudgedAnswer[]): readonly JudgedAnswer[] {
  const seen = new Set<string>();
  return answers.filter(({ text }) => {
    const words = text.trim();
    if (words === '' || seen.has(words)) return false;
    seen.add(words);
    return true;
  });
}

function comparisonsOfPrompt({ prompt, answers }: AnsweredPrompt, random: Random): Comparison[] {
  const distinct = distinctAnswers(answers);
  const all = distinct.flatMap((first, i) => distinct.slice(i + 1).map((second) => [first, second] as const));
  return random
    .shuffled(all)
    .map(([first, second]) =>
      random.uniform() < 0.5 ? { prompt, a: first, b: second } : { prompt, a: second, b: first },
    );
}

/** Pairs up every two different answers of a prompt once, prompt after prompt. */
export function comparisonsOf({
  answered,
  orderSeed,
}: Pick<JudgingRound, 'answered' | 'orderSeed'>): readonly Comparison[] {
  return answered.flatMap((item, index) => comparisonsOfPrompt(item, new Random(orderSeed + Math.imul(index, stride))));
}

/** Counts the prompts whose answers are all the same or empty, so that there is nothing to choose. */
export function countUndecidable(answered: readonly AnsweredPrompt[]): number {
  return answered.filter(({ answers }) => distinctAnswers(answers).length < 2).length;
}

/** Makes a pair in the form of its prompt: answers to chat messages are chat messages too. */
function toPair(prompt: JudgedPrompt, chosen: string, rejected: string): PreferencePair {
  if (typeof prompt === 'string') return { prompt, chosen, rejected };
  const answer = (content: string) => [{ role: 'assistant', content }];
  return { prompt, chosen: answer(chosen), rejected: answer(rejected) };
}

/**
 * The pair that a judgement makes: an edited text against the one that was edited, else the better against the worse. A
 * tie and two bad answers make none.
 */
export function pairOf({ prompt, a, b }: Comparison, { verdict, edited }: Judgement): PreferencePair | null {
  if (verdict !== 'a' && verdict !== 'b') return null;
  const [better, worse] = verdict === 'a' ? [a, b] : [b, a];
  if (edited === null) return toPair(prompt, better.text, worse.text);
  // The space with which an answer goes on from a text prompt is hard to see and easily lost in editing.
  const [lead] = /^\s*/.exec(better.text) ?? [''];
  return toPair(prompt, lead + edited.trimStart(), better.text);
}
