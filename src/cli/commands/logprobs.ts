/**
 * @file `logprobs`: one JSON line a pair with token counts and summed completion log-probabilities, in the file's
 * order.
 */
import type { Precision } from '../../core/dtype';
import { uploadAdapter } from '../../engine/device-adapter';
import { pairLogps } from '../../training/pair-logps';
import { openAdapterDirectory, openModelDirectory } from '../session';
import { readPairs, type DataOptions } from '../pair-files';
import { endProgress, printJson, showProgress } from '../terminal';

export async function logprobs(
  options: DataOptions & {
    model: string;
    data: string;
    adapter?: string;
    maxLength: number;
    chatTemplate?: string;
    precision?: Precision;
  },
): Promise<void> {
  const pairs = await readPairs(options.data, options);
  const adapter = await openAdapterDirectory(options.adapter);
  const opened = await openModelDirectory(options.model, options);
  const device = adapter && uploadAdapter(opened.model, adapter);
  const rows = await pairLogps(opened, pairs, device, options.maxLength, {
    onProgress: (done, total) => showProgress(`pair ${done} of ${total}`),
  });
  endProgress();
  for (const row of rows) printJson(row);
}
