/**
 * @file `inspect DIR`: a checkpoint's facts as JSON; no weight is read.
 */
import { totalmem } from 'node:os';
import type { Precision } from '../../core/dtype';
import { checkWeights, describeShape } from '../../engine/stored-weights';
import { openTokenizer, summarizeCheckpoint } from '../../engine/open-model';
import { openCheckpoint } from '../../formats/checkpoint';
import { parseRunConfig } from '../../run/config';
import { planMemory } from '../../training/memory-plan';
import { openDirectory } from '../node-files';
import { printJson } from '../terminal';

export async function inspect(path: string, { precision }: { readonly precision?: Precision }): Promise<void> {
  const { name, directory } = openDirectory(path);
  const checkpoint = await openCheckpoint(name, directory);
  const shape = await describeShape(checkpoint);
  const unused = checkWeights(checkpoint, shape);
  const tokenizer = openTokenizer(checkpoint);
  const memory = await planMemory(
    shape,
    { ...parseRunConfig({}), precision: precision ?? 'auto' },
    { device: 'wasm', memoryBytes: totalmem(), bindingBytes: null, takesFloat16: true },
  );
  const { eosToken, hasChatTemplate, ...summary } = summarizeCheckpoint(
    checkpoint,
    shape,
    tokenizer,
    memory.estimate.precision,
  );
  const report = {
    ...summary,
    tokenizer: { vocabularySize: tokenizer.vocabularySize, bosToken: tokenizer.bosToken, eosToken },
    template: hasChatTemplate ? checkpoint.chatTemplate : null,
    memory,
    unusedTensors: unused,
  };
  printJson(report, 2);
}
