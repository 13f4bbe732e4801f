/**
 * @file What an architecture is to the engine: a reader of its config.json, the shapes of its tensors, and one forward
 * pass written with the context below. Gradients, LoRA, packing and the KV cache come from elsewhere. Dimension
 * letters: T tokens, C hidden width, H heads, K key/value heads, D head width, F feed-forward width, V vocabulary.
 */
import type { Shape } from '../core/shape';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { Rope } from './rope';

/** How layers may differ from each other, beside their weights. */
export interface LayerKind {
  /** Tokens a query may look back, itself included; null is all. */
  readonly slidingWindow: number | null;
  /** Rotary positions; null turns nothing. */
  readonly rope: Rope | null;
}

/** What the engine needs to know of a model, whatever its architecture; each architecture adds its own. */
export interface ModelConfig {
  readonly modelType: string;
  readonly layers: number;
  /** One entry a layer; layers of one kind share one object. */
  readonly layerKinds: readonly LayerKind[];
  /** C */
  readonly hiddenSize: number;
  /** H */
  readonly heads: number;
  /** K */
  readonly kvHeads: number;
  /** D */
  readonly headDim: number;
  /** V */
  readonly vocabularySize: number;
  readonly tiedEmbeddings: boolean;
  readonly contextLength: number;
  /** Logits are bent to cap * tanh(logit / cap); null leaves them. */
  readonly logitSoftcap: number | null;
}

/** The kinds of layer that a model has, each once. */
export function distinctKinds({ layerKinds }: ModelConfig): LayerKind[] {
  return [...new Set(layerKinds)];
}

/** One linear layer of a block; LoRA may target it. */
export interface LinearSpec {
  /** Path inside the block, e.g. `self_attn.q_proj`. */
  readonly path: string;
  readonly in: number;
  readonly out: number;
  readonly bias: boolean;
  /** The weight is [in, out] (Conv1D, PEFT's fan_in_fan_out), not [out, in]. */
  readonly transposed?: boolean;
}

export interface NamedTensor {
  /** As the whole model in transformers calls it. */
  readonly name: string;
  readonly shape: Shape;
}

export interface AttentionOptions {
  /** Scores are multiplied by it; 1 / sqrt(D) by default. */
  readonly scale?: number;
  /** Scores are bent to cap * tanh(score / cap). */
  readonly softcap?: number | null;
}

/** How a block sees the row it works on: its positions, and whatever its queries may attend to. */
export interface RowContext {
  /** Turns x [T, N, D] by the layer's rotary positions, if it has any. */
  rotate(x: Value): Value;
  /** q [T, H, D], k and v [T, K, D] -> [T, H * D] */
  attend(q: Value, k: Value, v: Value, options?: AttentionOptions): Value;
}

/** The tensor of this path, e.g. `input_layernorm.weight`. */
export type TensorOf = (path: string) => Value;

/** How a block gets its weights; `linear` adds bias and LoRA by itself. */
export interface BlockWeights {
  readonly tensor: TensorOf;
  /** x [T, in] -> [T, out] */
  linear(path: string, x: Value): Value;
}

export interface Architecture<C extends ModelConfig = ModelConfig> {
  readonly modelTypes: readonly string[];
  /** PEFT's default target modules; where PEFT has none, the projections that correspond. */
  readonly defaultTargets: readonly string[];
  /** What a checkpoint of the model without its head leaves out of all names, e.g. `model.`. */
  readonly basePrefix: string;
  /** Names of an untied output projection [V, C]; a checkpoint has one of them. */
  readonly headNames: readonly string[];
  parseConfig(config: Readonly<Record<string, unknown>>): C;
  /** Linear layers of a block, in the order of the forward pass. */
  linears(config: C): readonly LinearSpec[];
  /** The other tensors of a block by path, with shapes. */
  blockTensors(config: C): ReadonlyMap<string, Shape>;
  /** Name of a block's tensor or module. */
  blockTensorName(layer: number, path: string): string;
  /** Tensors of the embedding by path; `table` is the one of the tokens, [V, C]. */
  embeddingTensors(config: C): ReadonlyMap<string, NamedTensor>;
  /** Tensors of the norm before the output projection, by path. */
  finalNormTensors(config: C): ReadonlyMap<string, NamedTensor>;
  /** Rows of the table [T, C] and positions [T], int32 -> [T, C] */
  buildEmbedding(g: Builder, config: C, embedded: Value, positions: Value, tensor: TensorOf): Value;
  /** x [T, C] -> [T, C] */
  buildBlock(g: Builder, config: C, x: Value, weights: BlockWeights, row: RowContext): Value;
  /** x [M, C] -> [M, C] */
  buildFinalNorm(g: Builder, config: C, x: Value, tensor: TensorOf): Value;
}

/** Every tensor of a block by path, those of its linears included. */
export function listBlockTensors(architecture: Architecture, config: ModelConfig): ReadonlyMap<string, Shape> {
  const tensors = new Map(architecture.blockTensors(config));
  for (const linear of architecture.linears(config)) {
    tensors.set(`${linear.path}.weight`, linear.transposed ? [linear.in, linear.out] : [linear.out, linear.in]);
    if (linear.bias) tensors.set(`${linear.path}.bias`, [linear.out]);
  }
  return tensors;
}
