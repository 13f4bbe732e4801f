/** @file `pairs`: what training would get of a file, one JSON object a line in TRL's format. */
import { writeJsonLines } from '../../data/json-lines';
import { hasAnswer } from '../../data/preference-pair';
import { trlRow } from '../../data/trl-row';
import { readDataFile, type DataOptions } from '../pair-files';
import { print } from '../terminal';

/** Prints the pairs of a file. */
export async function pairs({ data, ...options }: DataOptions & { data: string }): Promise<void> {
  const { parsed, plan } = await readDataFile(data, options);
  // A bad answer alone without its label would be a good one.
  const isThumb =
    plan.shape === 'thumbs' ||
    (plan.shape === 'lastTurn' && plan.label != null) ||
    parsed.pairs.some((pair) => !hasAnswer(pair, 'chosen'));
  print(writeJsonLines(parsed.pairs.map((pair, i) => trlRow(pair, parsed.scores[i] ?? null, isThumb))));
}
