/**
 * @file What an architecture is to the engine: a reader of its config.json, the shapes of its tensors, and one
 * forward pass written with the context below. Gradients, LoRA, packing and the KV cache come from elsewhere.
 * Dimension letters: T tokens, C hidden width, H heads, K key/value heads, D head width, F feed-forward width, V vocabulary.
 */
import type { Shape } from '../core/shape';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** A model's dimensions and switches, read from config.json of either transformers generation. */
export interface ModelConfig {
  readonly modelType: string;
  readonly layers: number;
  /** C */
  readonly hiddenSize: number;
  /** F */
  readonly intermediateSize: number;
  /** H */
  readonly heads: number;
  /** K */
  readonly kvHeads: number;
  /** D */
  readonly headDim: number;
  /** V */
  readonly vocabularySize: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly tiedEmbeddings: boolean;
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
  readonly contextLength: number;
  /** Tokens a query may look back, itself included; null is all. */
  readonly slidingWindow: number | null;
}

/** One linear layer of a block; LoRA may target it. */
export interface LinearSpec {
  /** Path inside the block, e.g. `self_attn.q_proj`. */
  readonly path: string;
  readonly in: number;
  readonly out: number;
  readonly bias: boolean;
}

/** How a block sees the row it works on: rotary tables and whatever its queries may attend to. */
export interface RowContext {
  /** [T, 1, D/2] */
  readonly cos: Value;
  /** [T, 1, D/2] */
  readonly sin: Value;
  /** q [T, H, D], k and v [T, K, D] -> [T, H * D] */
  attend(q: Value, k: Value, v: Value): Value;
}

/** How a block gets its weights; `linear` adds bias and LoRA by itself. */
export interface BlockWeights {
  /** The tensor of this path inside the block, e.g. `input_layernorm.weight`. */
  tensor(path: string): Value;
  /** x [T, in] -> [T, out] */
  linear(path: string, x: Value): Value;
}

export interface Architecture {
  readonly modelTypes: readonly string[];
  readonly parseConfig: (config: Readonly<Record<string, unknown>>) => ModelConfig;
  /** Linear layers of a block, in the order of the forward pass. */
  readonly linears: (config: ModelConfig) => readonly LinearSpec[];
  /** All tensors of a block by path, with shapes. */
  readonly blockTensors: (config: ModelConfig) => ReadonlyMap<string, Shape>;
  /** Checkpoint name of a block's tensor. */
  readonly blockTensorName: (layer: number, path: string) => string;
  /** Checkpoint names outside the blocks. */
  readonly embeddingName: string;
  readonly finalNormName: string;
  readonly headName: string;
  /** PEFT's default target modules. */
  readonly defaultTargets: readonly string[];
  /** x [T, C] -> [T, C] */
  readonly buildBlock: (g: Builder, config: ModelConfig, x: Value, weights: BlockWeights, row: RowContext) => Value;
  /** x [M, C], before the output projection. */
  readonly buildFinalNorm: (g: Builder, config: ModelConfig, x: Value, weight: Value) => Value;
}
