/**
 * @file Pairs that are drawn from the reference itself: several answers to each prompt, judged, and of every two of
 * unequal worth a pair with its scores, as the paper makes those of its sentiment task (section 6: 25,000 prefixes,
 * four answers, six pairs each).
 */
import type { ScoredPair } from '../../data/preference-pair';
import type { DeviceAdapter } from '../../engine/device-adapter';
import type { Reward } from '../../evaluation/reward';
import { wordsOf } from '../../generation/drawn-answers';
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

/** Every two answers to a prompt that differ in their reward, the better one chosen; unended answers are left out. */
export function pairsOfPool(prompts: readonly Prompt[], pool: readonly (readonly JudgedAnswer[])[]): ScoredPair[] {
  return pool.flatMap((answers, place) => {
    const prompt = prompts[place] as Prompt;
    const partOf = (text: string): Prompt =>
      typeof prompt === 'string' ? text : [{ role: 'assistant' as const, content: text }];
    const usable = answers.flatMap(({ text, reward, isEnded }) =>
      isEnded && reward !== null ? [{ text, reward }] : [],
    );
    return usable.flatMap((better) =>
      usable
        .filter((worse) => worse.reward < better.reward)
        .map((worse) => ({
          prompt,
          chosen: partOf(better.text),
          rejected: partOf(worse.text),
          scores: { chosen: better.reward, rejected: worse.reward },
        })),
    ) as ScoredPair[];
  });
}
