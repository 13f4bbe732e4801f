/**
 * @file `inspect DIR`: a checkpoint's facts as JSON; no weight is read.
 */
import { checkWeights, describeShape } from '../../engine/loaded-model';
import { estimateMemory } from '../../engine/memory-plan';
import { openTokenizer, summarizeCheckpoint } from '../../engine/open-model';
import { openCheckpoint } from '../../formats/checkpoint';
import { openDirectory } from '../node-files';

export async function inspect(path: string): Promise<void> {
  const { name, directory } = openDirectory(path);
  const checkpoint = await openCheckpoint(name, directory);
  const shape = describeShape(checkpoint);
  const unused = checkWeights(checkpoint, shape);
  const tokenizer = openTokenizer(checkpoint);
  const { eosToken, hasChatTemplate, ...summary } = summarizeCheckpoint(checkpoint, tokenizer);
  const max_length = Math.min(1024, shape.config.contextLength);
  const report = {
    ...summary,
    tokenizer: { vocabularySize: tokenizer.vocabularySize, bosToken: tokenizer.bosToken, eosToken },
    template: hasChatTemplate ? checkpoint.chatTemplate : null,
    memory: estimateMemory(shape, { max_length, lora_r: 16, targets: null }),
    unusedTensors: unused,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
