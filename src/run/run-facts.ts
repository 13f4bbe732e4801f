/** @file What is said of a run where it is handed over: its method, and its data by count and hash. */
import { sha256Hex } from '../core/sha256';
import type { PreferencePair } from '../data/preference-pair';
import { trlRow } from '../data/trl-row';
import { chooseObjective } from './choose-objective';
import type { RunConfig } from './config';
import type { RunFacts } from './hand-over';

/**
 * Tells what a run's data were, without a word of theirs.
 * @param pairs all that it was given, in their order
 * @param trained how many of them were trained on
 */
export async function runFactsOf(
  config: RunConfig,
  pairs: readonly PreferencePair[],
  trained: number,
): Promise<RunFacts> {
  const rows = pairs.map((pair) => `${JSON.stringify(trlRow(pair, null, false))}\n`);
  const { method } = config;
  const name = method === 'sft' ? method : `${method} (${chooseObjective(config).name})`;
  return { method: name, pairs: trained, dataSha256: await sha256Hex(new TextEncoder().encode(rows.join(''))) };
}
