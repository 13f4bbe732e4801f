/**
 * @file Pairs that are drawn from the reference itself: several answers to each prompt, judged, and of every two of
 * unequal worth a pair with its scores, as the paper makes those of its sentiment task (section 6: 25,000 prefixes,
 * four answers, six pairs each).
 */
import { wordsOf, type PreferencePair, type ScoredPair } from '../../data/preference-pair';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { placeOfBest } from '../../evaluation/best-of-n';
import type { Reward } from '../../evaluation/reward';
import { existsSync, writeFileSync } from 'node:fs';
import { readTextFile } from '../node-files';
import { sampleAnswers, type Bench, type Prompt } from './evaluate';

/** Prompts of a file that `tools/starter/prompts.py` wrote: one {"prompt": ...} a line. */
export const readPrompts = (path: string): Prompt[] =>
  readTextFile(path)
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { prompt: Prompt }).prompt);

export interface JudgedAnswer {
  readonly text: string;
  /** Higher is better; null where it could not be judged. */
  readonly reward: number | null;
  readonly isEnded: boolean;
}

/**
 * Answers of a policy at temperature 1, judged.
 * @param seed each prompt draws its answers with seeds of its own, which follow from this one
 * @returns for each prompt so many answers
 */
export async function drawJudged(
  bench: Bench,
  adapter: DeviceAdapter | null,
  { score }: Reward,
  { answers, seed }: { readonly answers: number; readonly seed: number },
): Promise<readonly (readonly JudgedAnswer[])[]> {
  const prompts = bench.prompts.flatMap((prompt) => Array<Prompt>(answers).fill(prompt));
  const drawn = await sampleAnswers({ ...bench, prompts }, adapter, 1, seed);
  const judged = drawn.map(({ text, ids, finish }, i): JudgedAnswer => {
    const isEnded = finish === 'eos';
    const answer = { text, tokens: ids.length, reference: null, isEnded };
    return { text, reward: score(wordsOf(prompts[i] as Prompt), answer).reward, isEnded };
  });
  return bench.prompts.map((_, i) => judged.slice(i * answers, (i + 1) * answers));
}

/** The answers that ended and were judged. */
const usableOf = (answers: readonly JudgedAnswer[]) =>
  answers.flatMap(({ text, reward, isEnded }) => (isEnded && reward !== null ? [{ text, reward }] : []));

/** An answer to a prompt in the prompt's form: text, or the message of an assistant. */
const partOf = (prompt: Prompt, text: string): Prompt =>
  typeof prompt === 'string' ? text : [{ role: 'assistant' as const, content: text }];

/** Of each prompt's answers the one of the highest reward, as a target of SFT: a pair whose sides are the same. */
export function bestOfPool(prompts: readonly Prompt[], pool: readonly (readonly JudgedAnswer[])[]): PreferencePair[] {
  return pool.flatMap((answers, place) => {
    const prompt = prompts[place] as Prompt;
    const usable = usableOf(answers);
    if (usable.length === 0) return [];
    const best = usable[placeOfBest(usable.map(({ reward }) => reward))] as (typeof usable)[number];
    const target = partOf(prompt, best.text);
    return [{ prompt, chosen: target, rejected: target }];
  }) as PreferencePair[];
}

/** Every two answers to a prompt that differ in their reward, the better one chosen; unended answers are left out. */
export function pairsOfPool(prompts: readonly Prompt[], pool: readonly (readonly JudgedAnswer[])[]): ScoredPair[] {
  return pool.flatMap((answers, place) => {
    const prompt = prompts[place] as Prompt;
    const usable = usableOf(answers);
    return usable.flatMap((better) =>
      usable
        .filter((worse) => worse.reward < better.reward)
        .map((worse) => ({
          prompt,
          chosen: partOf(prompt, better.text),
          rejected: partOf(prompt, worse.text),
          scores: { chosen: better.reward, rejected: worse.reward },
        })),
    ) as ScoredPair[];
  });
}

/** What a kept pool follows from; another pool is drawn where any of it is another. */
export interface PoolFacts {
  readonly model: string;
  readonly seed: number;
  readonly prompts: number;
  readonly answers: number;
  readonly maxNewTokens: number;
  /** What judged them. */
  readonly reward: string;
  /** Settings of the SFT run whose answers they are. */
  readonly reference: unknown;
}

/**
 * The pool that a file holds, whose first line says what it follows from; where it is another one or there is none, it
 * is drawn and kept. Methods that are compared by several commands so learn from the same answers.
 */
export async function keptPool(
  path: string,
  facts: PoolFacts,
  draw: () => Promise<readonly (readonly JudgedAnswer[])[]>,
): Promise<readonly (readonly JudgedAnswer[])[]> {
  const head = JSON.stringify(facts);
  if (existsSync(path)) {
    const [first, ...lines] = readTextFile(path).trim().split('\n');
    if (first === head) return lines.map((line) => JSON.parse(line) as JudgedAnswer[]);
  }
  const pool = await draw();
  writeFileSync(path, [head, ...pool.map((answers) => JSON.stringify(answers))].map((line) => `${line}\n`).join(''));
  return pool;
}
