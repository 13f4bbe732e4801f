/**
 * @file What an architecture is to the engine: a reader of its config.json, the shapes of its tensors, and one forward
 * pass written with the context below. Gradients, LoRA, packing and the KV cache come from elsewhere. Dimension
 * letters: T tokens, C hidden width, H heads, K key/value heads, D head width, F feed-forward width, V vocabulary.
 */
import type { Shape } from '../core/shape';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { Rope } from './rope';

/** What layers of one model may differ in, besides their weights. */
export interface LayerKind {
  /** Number of tokens that a query may look back, itself included; null for all. */
  readonly slidingWindow: number | null;
  /** How positions turn queries and keys; null where they do not. */
  readonly rope: Rope | null;
}

/** What the engine needs to know of a model, whatever its architecture; each architecture adds its own. */
export interface ModelConfig {
  readonly modelType: string;
  readonly layers: number;
  /** The kind of each layer, in order; layers of one kind share one object. */
  readonly layerKinds: readonly LayerKind[];
  /** Hidden width, C. */
  readonly hiddenSize: number;
  /** Number of query heads, H. */
  readonly heads: number;
  /** Number of key/value heads, K, each of which serves H / K query heads. */
  readonly kvHeads: number;
  /** Width of a head, D. */
  readonly headDim: number;
  /** Rows of the embedding, V. */
  readonly vocabularySize: number;
  readonly tiedEmbeddings: boolean;
  readonly contextLength: number;
  /** Cap to which logits are bent, cap * tanh(logit / cap); null leaves them. */
  readonly logitSoftcap: number | null;
}

/** Lists the kinds of layer that a model has, each once. */
export function distinctKinds({ layerKinds }: ModelConfig): LayerKind[] {
  return [...new Set(layerKinds)];
}

/** One linear layer of a block; LoRA may target it. */
export interface LinearSpec {
  /** The path inside the block, e.g. `self_attn.q_proj`. */
  readonly path: string;
  readonly in: number;
  readonly out: number;
  readonly bias: boolean;
  /** Whether the weight is [in, out] (Conv1D, PEFT's fan_in_fan_out) and not [out, in]. */
  readonly transposed?: boolean;
}

export interface NamedTensor {
  /** The name that transformers gives it in the whole model. */
  readonly name: string;
  readonly shape: Shape;
}

export interface AttentionOptions {
  /** What scores are multiplied by; 1 / sqrt(D) by default. */
  readonly scale?: number;
  /** Cap to which scores are bent, cap * tanh(score / cap); none by default. */
  readonly softcap?: number | null;
}

/** How a block sees the row it works on: its positions, and whatever its queries may attend to. */
export interface RowContext {
  /** Turns x [T, N, D] by the layer's rotary positions, if it has any. */
  rotate(x: Value): Value;
  /** Lets queries q [T, H, D] meet keys and values, k and v [T, K, D]: [T, H * D]. */
  attend(q: Value, k: Value, v: Value, options?: AttentionOptions): Value;
}

/** Finds the tensor of a path, e.g. `input_layernorm.weight`. */
export type TensorOf = (path: string) => Value;

/** How a block gets its weights; `linear` adds bias and LoRA by itself. */
export interface BlockWeights {
  readonly tensor: TensorOf;
  /** Multiplies x [T, in] by the linear of this path, its bias and LoRA added: [T, out]. */
  linear(path: string, x: Value): Value;
}

export interface Architecture<C extends ModelConfig = ModelConfig> {
  readonly modelTypes: readonly string[];
  /** PEFT's default target modules, or where PEFT has none the projections that correspond. */
  readonly defaultTargets: readonly string[];
  /** The part of all names that a checkpoint without the head leaves out, e.g. `model.`. */
  readonly basePrefix: string;
  /** The names that an untied output projection [V, C] may have; a checkpoint has one of them. */
  readonly headNames: readonly string[];
  /**
   * Reads config.json.
   * @throws UserError for a value that this architecture cannot compute
   */
  parseConfig(config: Readonly<Record<string, unknown>>): C;
  /** Lists the linear layers of a block, in the order of the forward pass. */
  linears(config: C): readonly LinearSpec[];
  /** Lists the other tensors of a block by path, with shapes. */
  blockTensors(config: C): ReadonlyMap<string, Shape>;
  /** Names a block's tensor or module as transformers does. */
  blockTensorName(layer: number, path: string): string;
  /** Lists the embedding's tensors by path; `table` is the one of the tokens, [V, C]. */
  embeddingTensors(config: C): ReadonlyMap<string, NamedTensor>;
  /** Lists the tensors of the norm before the output projection, by path. */
  finalNormTensors(config: C): ReadonlyMap<string, NamedTensor>;
  /** Emits the first block's input of the table's rows [T, C] and the positions [T], int32: [T, C]. */
  buildEmbedding(g: Builder, config: C, embedded: Value, positions: Value, tensor: TensorOf): Value;
  /** Emits one block: x [T, C] to [T, C]. */
  buildBlock(g: Builder, config: C, x: Value, weights: BlockWeights, row: RowContext): Value;
  /** Emits the norm before the output projection: x [M, C] to [M, C]. */
  buildFinalNorm(g: Builder, config: C, x: Value, tensor: TensorOf): Value;
}

/** Lists every tensor of a block by path, those of its linears included. */
export function listBlockTensors(architecture: Architecture, config: ModelConfig): ReadonlyMap<string, Shape> {
  const tensors = new Map(architecture.blockTensors(config));
  for (const linear of architecture.linears(config)) {
    tensors.set(`${linear.path}.weight`, linear.transposed ? [linear.in, linear.out] : [linear.out, linear.in]);
    if (linear.bias) tensors.set(`${linear.path}.bias`, [linear.out]);
  }
  return tensors;
}
