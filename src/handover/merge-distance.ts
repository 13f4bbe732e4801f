/**
 * @file How far merging moved what the adapter says, without a second model: the canaries go through the base, and each
 * layer's merged and rounded weights come to the device for the time that the layer is computed.
 */
import { sizeOf } from '../core/shape';
import { uploadPiece, uploadWeights, type LoadedModel, type WeightPiece } from '../engine/loaded-model';
import { listWeights, type NamedWeights, type Weight } from '../engine/weight-list';
import { message, type Message } from '../messages/message';
import { precisionOf } from '../models/stages';
import { storedBytes } from '../models/weights';
import type { DeviceTensor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { LentWeights } from '../training/row-runner';
import { sayMoved, scoreCanaries } from './canaries';
import { MergedWeights, type MergeRequest } from './merged-checkpoint';

/** Tokens of a row: all canaries are in few, for each row reads all the merged weights. */
const rowCapacity = 2048;

/** Bytes of the tables of tokens that the device is given a second time, where their rounding changes them. */
const tableLimit = 2 ** 29;

/** Uploads a piece of a weight as the merged files have it; nothing where that is the base's own. */
async function uploadMerged(
  { executor }: LoadedModel,
  merged: MergedWeights,
  weight: Weight,
  piece: WeightPiece,
): Promise<ReadonlyMap<string, DeviceTensor>> {
  const values = await merged.read(weight.name, piece);
  return values === null ? new Map() : uploadPiece(executor, values, weight, piece);
}

/** Brings the merged weights of a layer. */
const lendMerged =
  (model: LoadedModel, merged: MergedWeights, onLayer: () => void): LentWeights =>
  async (layer) => {
    const weights = listWeights(model.shape).blocks[layer] as NamedWeights;
    const lent: Record<string, DeviceTensor> = {};
    try {
      for (const [path, weight] of weights) {
        const whole = { start: 0, rows: weight.shape[0] ?? 1, isLast: true };
        for (const [suffix, tensor] of await uploadMerged(model, merged, weight, whole))
          lent[`${path}${suffix}`] = tensor;
      }
    } catch (error) {
      disposeAll(Object.values(lent));
      throw error;
    }
    onLayer();
    return lent;
  };

/** The weights outside the blocks by their names. */
function outerWeights({ shape }: LoadedModel): ReadonlyMap<string, Weight> {
  const { embedding, head } = listWeights(shape);
  return new Map([...embedding.values(), ...head.values()].map((weight) => [weight.name, weight]));
}

/**
 * Says how far the merged weights lie from base and adapter on the canaries, or why that cannot be told here: where the
 * base is held in fewer bits, its own rounding would be measured, and large tables of tokens that another dtype changes
 * would have to be on the device twice.
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
  const { dtype, signal } = request;
  const precision = precisionOf(model.shape);
  if (precision !== 'float32') return message('mergeMoveHeldIn', { precision });
  const outer = outerWeights(model);
  const bytes = [...outer.values()].reduce((sum, { storage, shape }) => sum + storedBytes(storage, sizeOf(shape)), 0);
  if (dtype !== null && dtype !== 'F32' && bytes > tableLimit) return message('mergeMoveOtherDtype', { dtype });
  const merged = new MergedWeights(request);
  const total = model.blocks.length;
  let done = 0;
  const lend = lendMerged(model, merged, () => onProgress(Math.min(total, ++done), total));
  const { embedding, head, all } = await uploadWeights(model.shape, async (weight, piece) =>
    outer.has(weight.name) ? uploadMerged(model, merged, weight, piece) : new Map<string, DeviceTensor>(),
  );
  try {
    const moved = { ...model, embedding: { ...model.embedding, ...embedding }, head: { ...model.head, ...head } };
    return sayMoved(await scoreCanaries({ model: moved }, canaries, { lend, signal, rowCapacity }));
  } finally {
    disposeAll(all);
  }
}
