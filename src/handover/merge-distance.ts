/**
 * @file How far merging moved what the adapter says, without a second model: the canaries go through the base, and each
 * layer's merged and rounded weights come to the device for the time that the layer is computed.
 */
import type { LoadedModel } from '../engine/loaded-model';
import { uploadPiece } from '../engine/loaded-model';
import { listWeights, type Weight } from '../engine/weight-list';
import { message, type Message } from '../messages/message';
import { precisionOf } from '../models/stages';
import type { DeviceTensor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { LentWeights } from '../training/row-runner';
import { sayMoved, scoreCanaries } from './canaries';
import { mergedWeights, type MergeRequest } from './merged-checkpoint';

/** Tokens of a row: all canaries are in few, for each row reads all the merged weights. */
const rowCapacity = 2048;

/** Brings the merged weights of a layer. */
const lendMerged =
  ({ shape, executor }: LoadedModel, request: MergeRequest, onLayer: () => void): LentWeights =>
  async (layer) => {
    const weights = listWeights(shape).blocks[layer];
    const lent: Record<string, DeviceTensor> = {};
    try {
      for await (const { path, values } of mergedWeights(request, layer)) {
        const weight = weights?.get(path) as Weight;
        const piece = { start: 0, rows: weight.shape[0] ?? 1, isLast: true };
        for (const [suffix, tensor] of uploadPiece(executor, values, weight, piece)) lent[`${path}${suffix}`] = tensor;
      }
    } catch (error) {
      disposeAll(Object.values(lent));
      throw error;
    }
    onLayer();
    return lent;
  };

/**
 * Says how far the merged weights lie from base and adapter on the canaries, or why that cannot be told here: where the
 * base is held in fewer bits, its own rounding would be measured, and where all weights change their dtype, the tables
 * of tokens would have to be on the device twice.
 * @param model the base
 * @param canaries canaries.json, made on this model
 * @throws AbortError when the request's signal says so
 */
export async function sayMergeMoved(
  model: LoadedModel,
  request: MergeRequest,
  canaries: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Message> {
  const precision = precisionOf(model.shape);
  if (precision !== 'float32') return message('mergeMoveHeldIn', { precision });
  if (request.dtype !== null) return message('mergeMoveOtherDtype', { dtype: request.dtype });
  const total = model.blocks.length;
  let done = 0;
  const onLayer = (): void => onProgress(Math.min(total, ++done), total);
  const { signal } = request;
  return sayMoved(
    await scoreCanaries({ model }, canaries, { lend: lendMerged(model, request, onLayer), signal, rowCapacity }),
  );
}
