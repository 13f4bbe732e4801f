/** @file `pairs`: what training would get of a file, one JSON object a line in TRL's format. */
import type { PairFile } from '../../data/read-pairs';
import { hasAnswer, type PairScores, type PreferencePair } from '../../data/preference-pair';
import { readDataFile, type DataOptions } from '../pair-files';

/** A pair with its scores, or the one answer that there is as TRL's prompt-completion or unpaired format has it. */
function rowOf(pair: PreferencePair, scores: PairScores | null, { plan }: PairFile): object {
  const { prompt, chosen, rejected } = pair;
  const isGood = hasAnswer(pair, 'chosen');
  if (isGood && hasAnswer(pair, 'rejected'))
    return {
      prompt,
      chosen,
      rejected,
      ...(scores && { chosen_score: scores.chosen, rejected_score: scores.rejected }),
    };
  return { prompt, completion: isGood ? chosen : rejected, ...(plan.shape === 'thumbs' && { label: isGood }) };
}

/** Prints the pairs of a file. */
export async function pairs({ data, ...options }: DataOptions & { data: string }): Promise<void> {
  const read = await readDataFile(data, options);
  const { parsed } = read;
  const lines = parsed.pairs.map((pair, i) => `${JSON.stringify(rowOf(pair, parsed.scores[i] ?? null, read))}\n`);
  process.stdout.write(lines.join(''));
}
