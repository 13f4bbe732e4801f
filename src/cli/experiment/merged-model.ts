/** @file The SFT model as a model of its own, which the methods train new adapters on, as the paper does. */
import type { LoadedModel } from '../../engine/loaded-model';
import { openModel, type OpenedModel } from '../../engine/open-model';
import { bytesSource, type ByteSource } from '../../formats/byte-source';
import { openCheckpoint, type Directory } from '../../formats/checkpoint';
import type { LoraAdapter } from '../../formats/peft';
import { mergeCheckpoint } from '../../handover/merged-checkpoint';
import type { StreamedFile } from '../../handover/streamed-file';

async function bytesOf({ path, sizeBytes, pieces }: StreamedFile): Promise<ByteSource> {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for await (const piece of pieces()) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytesSource(path, bytes);
}

/**
 * Merges an adapter into a model's weights, in memory and in float32, so that nothing is rounded. An adapter that goes
 * on from another has the other's layers and rank; one that is begun on the merged model has those of the run.
 * @param directory the files of the model
 * @param model the model itself, whose device the merged one is put on
 */
export async function openMerged(directory: Directory, model: LoadedModel, adapter: LoraAdapter): Promise<OpenedModel> {
  const checkpoint = await openCheckpoint('merged', directory);
  const { files } = await mergeCheckpoint(directory, { checkpoint, shape: model.shape, adapter, dtype: 'F32' });
  const merged = new Map<string, ByteSource>();
  for (const file of files) merged.set(file.path, await bytesOf(file));
  return openModel('merged', merged, model.executor);
}
