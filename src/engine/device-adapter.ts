/**
 * @file A LoRA adapter on the device: one flat float32 tensor a block, and how it gets there and back.
 */
import { UserError } from '../core/errors';
import type { LoraAdapter } from '../formats/peft';
import type { LoraLayout } from '../models/lora';
import { fromPeft, toPeft } from '../models/lora';
import type { DeviceTensor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { LoadedModel } from './loaded-model';

export interface DeviceAdapter {
  readonly layout: LoraLayout;
  /** One flat tensor for each block, [layout.size]. */
  readonly tensors: readonly DeviceTensor[];
  /** The score head of a reward model, [C]; null for an adapter that answers. */
  readonly score: DeviceTensor | null;
  dispose(): void;
}

/** Wraps tensors that are on the device already; disposing the adapter disposes them. */
export function wrapAdapter(
  layout: LoraLayout,
  tensors: readonly DeviceTensor[],
  score: DeviceTensor | null = null,
): DeviceAdapter {
  return { layout, tensors, score, dispose: () => disposeAll(score ? [...tensors, score] : tensors) };
}

/**
 * Refuses an adapter that belongs to another base, or that would replace weights of it; one that does not name its base
 * passes.
 * @throws UserError with both fingerprints, or with the weight that differs
 */
export function checkBase(
  model: Pick<LoadedModel, 'name' | 'fingerprint' | 'tables'>,
  { lineage, copies = [] }: LoraAdapter,
): void {
  if (lineage && lineage.base_fingerprint !== model.fingerprint) {
    throw new UserError('adapterOfOtherBase', {
      fingerprint: lineage.base_fingerprint.slice(0, 12),
      name: model.name,
      other: model.fingerprint.slice(0, 12),
    });
  }
  const replaced = copies.find(({ name, sha256 }) => model.tables.get(name) !== sha256);
  if (replaced) throw new UserError('adapterReplacesWeight', { tensor: replaced.name, name: model.name });
}

/**
 * Uploads an adapter that answers; the caller disposes it.
 * @throws UserError for an adapter of another base or of other shapes, and for a reward model
 */
export function uploadAdapter(model: LoadedModel, adapter: LoraAdapter): DeviceAdapter {
  if (adapter.score) throw new UserError('adapterScores');
  return uploadLora(model, adapter);
}

/**
 * Uploads a reward model: an adapter with its score head; the caller disposes it.
 * @throws UserError for an adapter of another base or of other shapes, and for one without a score head
 */
export function uploadRewardModel(model: LoadedModel, adapter: LoraAdapter): DeviceAdapter {
  const { score } = adapter;
  if (!score) throw new UserError('adapterScoresNot');
  const { hiddenSize: wanted } = model.shape.config;
  if (score.length !== wanted) throw new UserError('scoreHeadOther', { width: score.length, wanted });
  const { layout, tensors } = uploadLora(model, adapter);
  return wrapAdapter(layout, tensors, model.executor.upload(score, [score.length]));
}

function uploadLora(model: LoadedModel, adapter: LoraAdapter): DeviceAdapter {
  checkBase(model, adapter);
  const { layout, blocks } = fromPeft(model.shape.architecture, model.shape.config, adapter);
  return wrapAdapter(
    layout,
    blocks.map((flat) => model.executor.upload(flat, [layout.size])),
  );
}

/** Reads an adapter back as PEFT's modules, named after the model, and its score head where it has one. */
export async function downloadAdapter(
  model: LoadedModel,
  { layout, tensors, score }: Omit<DeviceAdapter, 'dispose'>,
): Promise<LoraAdapter> {
  const blocks: Float32Array[] = [];
  for (const tensor of tensors) blocks.push(Float32Array.from(await model.executor.read(tensor)));
  const adapter = toPeft(model.shape.architecture, layout, blocks, model.name);
  return score === null ? adapter : { ...adapter, score: Float32Array.from(await model.executor.read(score)) };
}
