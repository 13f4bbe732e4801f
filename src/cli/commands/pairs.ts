/** @file `pairs`: what training would get of a file, one JSON object a line in TRL's format. */
import { writeJsonLines } from '../../data/json-lines';
import { trlRow } from '../../data/trl-row';
import { readDataFile, type DataOptions } from '../pair-files';
import { print } from '../terminal';

/** Prints the pairs of a file. */
export async function pairs({ data, ...options }: DataOptions & { data: string }): Promise<void> {
  const { parsed, plan } = await readDataFile(data, options);
  const isThumb = plan.shape === 'thumbs';
  print(writeJsonLines(parsed.pairs.map((pair, i) => trlRow(pair, parsed.scores[i] ?? null, isThumb))));
}
