/**
 * @file A checkpoint opened on a device: every weight checked against the architecture, widened to float32 and
 * uploaded once, shared by policy, reference and generation. Not here: what is run on it.
 */
import { breathe } from '../core/breathe';
import { UserError, throwIfAborted } from '../core/errors';
import { showShape, sameShape, sizeOf } from '../core/shape';
import type { Shape } from '../core/shape';
import type { Checkpoint } from '../formats/checkpoint';
import { readTensorAsFloat32 } from '../formats/safetensors';
import type { ModelConfig } from '../models/architecture';
import { findArchitecture } from '../models/registry';
import type { ModelShape } from '../models/stages';
import type { DeviceTensor, Executor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';

export interface LoadedModel {
  readonly name: string;
  readonly shape: ModelShape;
  readonly executor: Executor;
  readonly embedding: DeviceTensor;
  /** Inputs of the head stages: `norm` and `weight`. */
  readonly head: Tensors;
  /** One entry a layer, by path inside the block. */
  readonly blocks: readonly Tensors[];
  readonly parameters: number;
  /** SHA-256 (hex) over the config and every weight. */
  readonly fingerprint: string;
  readonly warnings: readonly string[];
  dispose(): void;
}

/** Buffers that older transformers saved beside the weights; they carry nothing. */
const ignoredTensors = /(rotary_emb\.inv_freq|masked_bias|attn\.bias)$/;

export interface WeightName {
  readonly name: string;
  readonly shape: Shape;
}

/** Every tensor that the model needs, by checkpoint name. */
export function listWeights({ architecture, config }: ModelShape): { embedding: WeightName; norm: WeightName; head: WeightName; blocks: Map<string, WeightName>[] } {
  const embedding = { name: architecture.embeddingName, shape: [config.vocabularySize, config.hiddenSize] };
  return {
    embedding,
    norm: { name: architecture.finalNormName, shape: [config.hiddenSize] },
    head: config.tiedEmbeddings ? embedding : { name: architecture.headName, shape: embedding.shape },
    blocks: Array.from({ length: config.layers }, (_, layer) => {
      const tensors = [...architecture.blockTensors(config)];
      return new Map(tensors.map(([path, shape]) => [path, { name: architecture.blockTensorName(layer, path), shape }]));
    }),
  };
}

/** Number of weights; a tied head counts once. */
export function countParameters(shape: ModelShape): number {
  const { embedding, norm, head, blocks } = listWeights(shape);
  const all = new Map([embedding, norm, head, ...blocks.flatMap((block) => [...block.values()])].map(({ name, shape: dims }) => [name, dims]));
  return [...all.values()].reduce((sum, dims) => sum + sizeOf(dims), 0);
}

/** Compares names and shapes of the files with the config's before anything is read; returns what is left over. */
export function checkWeights(checkpoint: Checkpoint, shape: ModelShape): string[] {
  const { embedding, norm, head, blocks } = listWeights(shape);
  const wanted = new Map([embedding, norm, head, ...blocks.flatMap((block) => [...block.values()])].map((weight) => [weight.name, weight.shape]));
  const missing = [...wanted.keys()].filter((name) => !checkpoint.weights.has(name));
  if (missing.length > 0) {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    throw new UserError(`${checkpoint.name}: the weights lack '${missing[0]}'${more}, which config.json calls for; use the config.json that belongs to these weights.`);
  }
  for (const [name, dims] of wanted) {
    const found = checkpoint.weights.get(name)?.info.shape ?? [];
    if (!sameShape(found, dims)) {
      throw new UserError(
        `${checkpoint.name}: '${name}' is ${showShape(found)} in the weights and ${showShape(dims)} by config.json; use the config.json that belongs to these weights.`,
      );
    }
  }
  const tiedHead = shape.config.tiedEmbeddings ? shape.architecture.headName : '';
  return [...checkpoint.weights.keys()].filter((name) => !wanted.has(name) && name !== tiedHead && !ignoredTensors.test(name));
}

export function describeShape(checkpoint: Checkpoint): ModelShape {
  const architecture = findArchitecture(checkpoint.config);
  const config: ModelConfig = architecture.parseConfig(checkpoint.config);
  return { architecture, config };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface LoadOptions {
  /** Called with the weights read so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Reads and uploads every weight; on failure nothing stays behind. */
export async function loadModel(
  checkpoint: Checkpoint,
  executor: Executor,
  { onProgress, signal }: LoadOptions = {},
): Promise<LoadedModel> {
  const shape = describeShape(checkpoint);
  const leftover = checkWeights(checkpoint, shape);
  const { embedding, norm, head, blocks } = listWeights(shape);
  const uploaded = new Map<string, DeviceTensor>();
  const hashes: string[] = [JSON.stringify(checkpoint.config)];
  const total = countParameters(shape);
  let done = 0;
  const upload = async ({ name, shape: dims }: WeightName): Promise<DeviceTensor> => {
    const known = uploaded.get(name);
    if (known) return known;
    const location = checkpoint.weights.get(name);
    if (!location) throw new Error(`'${name}' was checked and is gone.`);
    const data = await readTensorAsFloat32(location.source, location.info);
    hashes.push(name, await sha256(new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)));
    const tensor = executor.upload(data, dims);
    uploaded.set(name, tensor);
    done += data.length;
    onProgress?.(done, total);
    await breathe();
    throwIfAborted(signal);
    return tensor;
  };
  try {
    const embeddingTensor = await upload(embedding);
    const blockTensors: Tensors[] = [];
    for (const block of blocks) {
      const tensors: Record<string, DeviceTensor> = {};
      for (const [path, weight] of block) tensors[path] = await upload(weight);
      blockTensors.push(tensors);
    }
    return {
      name: checkpoint.name,
      shape,
      executor,
      embedding: embeddingTensor,
      head: { norm: await upload(norm), weight: await upload(head) },
      blocks: blockTensors,
      parameters: total,
      fingerprint: await sha256(new TextEncoder().encode(hashes.join('\n'))),
      warnings:
        leftover.length === 0
          ? []
          : [`${leftover.length} tensors of the checkpoint are not used by this architecture, as in transformers: ${leftover.slice(0, 3).join(', ')}${leftover.length > 3 ? ', ...' : ''}.`],
      dispose: () => disposeAll(uploaded.values()),
    };
  } catch (error) {
    disposeAll(uploaded.values());
    throw error;
  }
}
