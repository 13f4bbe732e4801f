/**
 * @file Summed completion log-probabilities of pairs under the base or an adapter: what `logprobs` prints and what the
 * interoperability tests compare with transformers.
 */
import type { PairLogps } from '../run/reports';
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import { sumOf } from '../core/statistics';
import type { PreferencePair } from '../data/preference-pair';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { encodeDataset } from './encode-dataset';
import { completionsOf } from './packing';
import { RowRunner } from './row-runner';
import { computeLogps } from './trainer';

/**
 * Scores pairs under the base (adapter null) or an adapter.
 * @returns one entry for each pair, in order
 * @throws UserError for a pair that cannot be encoded, which it names
 */
export async function pairLogps(
  opened: OpenedModel,
  pairs: readonly PreferencePair[],
  adapter: DeviceAdapter | null,
  maxLength: number,
  options: { signal?: AbortSignal | undefined; onProgress?: (done: number, total: number) => void } = {},
): Promise<PairLogps[]> {
  const dataset = await encodeDataset(opened, pairs, maxLength, { signal: options.signal });
  const refused = dataset.reports.find(({ problem }) => problem !== null);
  if (refused?.problem) throw new UserError('pairNotScored', { number: refused.index + 1, problem: refused.problem });
  const runner = new RowRunner(opened.model);
  try {
    const items = dataset.pairs.map((pair) => completionsOf(pair));
    const onProgress = (done: number): void => options.onProgress?.(done, items.length);
    const logps = await computeLogps(runner, items, adapter, { signal: options.signal, onProgress });
    logps.forEach(({ chosen, rejected }, i) => {
      const bad = [...chosen, ...rejected].find((logp) => !Number.isFinite(logp));
      if (bad !== undefined)
        throw new UserError('pairNotScored', {
          number: i + 1,
          problem: message('scoresNotNumbers', { value: String(bad) }),
        });
    });
    return dataset.pairs.map(({ promptIds, chosenIds, rejectedIds }, i) => ({
      prompt_tokens: promptIds.length,
      chosen_tokens: chosenIds.length,
      rejected_tokens: rejectedIds.length,
      chosen_logps: sumOf(logps[i]?.chosen ?? new Float64Array()),
      rejected_logps: sumOf(logps[i]?.rejected ?? new Float64Array()),
    }));
  } finally {
    await runner.dispose();
  }
}
