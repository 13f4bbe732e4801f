/**
 * @file The frame that the Llama line of decoders shares: names of tensors, seven linears a block, attention with
 * grouped heads, gated feed-forward. An architecture of the line says what it adds; see llama.ts for the plainest.
 */
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type {
  Architecture,
  AttentionOptions,
  BlockWeights,
  LayerKind,
  LinearSpec,
  ModelConfig,
  RowContext,
} from './architecture';
import type { ConfigReader } from './config-reader';
import type { Activation } from './layers';
import { activationNames, activations, rmsNorm } from './layers';

export interface GatedDecoderConfig extends ModelConfig {
  /** Feed-forward width, F. */
  readonly intermediateSize: number;
  readonly normEps: number;
  readonly activation: Activation;
  /** Whether the query, key and value projections have a bias. */
  readonly queryBias: boolean;
  readonly outputBias: boolean;
  readonly mlpBias: boolean;
}

/** What transformers takes where config.json is silent. */
export interface GatedDecoderDefaults {
  readonly heads?: number;
  /** Null: as many as heads. */
  readonly kvHeads: number | null;
  /** Null: hidden width over heads. */
  readonly headDim?: number;
  readonly contextLength: number;
  readonly normEps: number;
  readonly tiedEmbeddings: boolean;
  readonly activation?: { readonly key: string; readonly name: Activation };
}

/** Reads the fields of config.json that the whole line has in common. */
export function readGatedDecoder(
  read: ConfigReader,
  defaults: GatedDecoderDefaults,
): Omit<GatedDecoderConfig, 'layerKinds'> {
  const { key, name } = defaults.activation ?? { key: 'hidden_act', name: 'silu' };
  const hiddenSize = read.size('hidden_size');
  const heads = read.size('num_attention_heads');
  return {
    modelType: read.string('model_type'),
    layers: read.size('num_hidden_layers'),
    hiddenSize,
    intermediateSize: read.size('intermediate_size'),
    heads,
    kvHeads: read.divisorOf(heads, 'num_key_value_heads', defaults.kvHeads ?? heads),
    headDim: read.size('head_dim', defaults.headDim ?? hiddenSize / heads),
    vocabularySize: read.size('vocab_size'),
    normEps: read.number('rms_norm_eps', defaults.normEps),
    activation: read.choice(key, name, activationNames),
    queryBias: false,
    outputBias: false,
    mlpBias: false,
    tiedEmbeddings: read.boolean('tie_word_embeddings', defaults.tiedEmbeddings),
    contextLength: read.size('max_position_embeddings', defaults.contextLength),
    logitSoftcap: null,
  };
}

/** Layers that are all alike. */
export function uniformLayers(layers: number, kind: LayerKind): LayerKind[] {
  return new Array<LayerKind>(layers).fill(kind);
}

type LayerType = 'full_attention' | 'sliding_attention';
const isLayerType = (value: unknown): value is LayerType => value === 'full_attention' || value === 'sliding_attention';

/** `layer_types` of transformers 5, or what transformers makes of an older config.json that lacks it. */
export function readLayerTypes(read: ConfigReader, layers: number, isSliding: (layer: number) => boolean): LayerType[] {
  return (
    read.list('layer_types', layers, isLayerType, '"full_attention" or "sliding_attention"') ??
    Array.from({ length: layers }, (_, layer) => (isSliding(layer) ? 'sliding_attention' : 'full_attention'))
  );
}

export function gatedLinears({
  hiddenSize: C,
  intermediateSize: F,
  heads: H,
  kvHeads: K,
  headDim: D,
  ...config
}: GatedDecoderConfig): LinearSpec[] {
  return [
    { path: 'self_attn.q_proj', in: C, out: H * D, bias: config.queryBias },
    { path: 'self_attn.k_proj', in: C, out: K * D, bias: config.queryBias },
    { path: 'self_attn.v_proj', in: C, out: K * D, bias: config.queryBias },
    { path: 'self_attn.o_proj', in: H * D, out: C, bias: config.outputBias },
    { path: 'mlp.gate_proj', in: C, out: F, bias: config.mlpBias },
    { path: 'mlp.up_proj', in: C, out: F, bias: config.mlpBias },
    { path: 'mlp.down_proj', in: F, out: C, bias: config.mlpBias },
  ];
}

/** A norm of queries and keys: over each head [T, N, D], or over all of them at once [T, N * D]. */
export interface HeadNorm {
  readonly over: 'head' | 'width';
  /** @param path `self_attn.q_norm.weight` or `self_attn.k_norm.weight` */
  apply(x: Value, path: string): Value;
}

/** What self-attention is computed of, and how this architecture departs from the plain one. */
export interface SelfAttention extends AttentionOptions {
  /** [T, C] */
  readonly x: Value;
  readonly weights: BlockWeights;
  readonly row: RowContext;
  readonly norm?: HeadNorm;
}

/** Emits self-attention with its four projections: x [T, C] to [T, C]. */
export function selfAttention(
  g: Builder,
  { heads: H, kvHeads: K, headDim: D }: GatedDecoderConfig,
  { x, weights, row, norm, ...options }: SelfAttention,
): Value {
  const T = x.shape[0] as number;
  const project = (name: 'q' | 'k', heads: number): Value => {
    const path = `self_attn.${name}_norm.weight`;
    const wide = weights.linear(`self_attn.${name}_proj`, x); // (T, N D)
    const split = g.reshape(norm?.over === 'width' ? norm.apply(wide, path) : wide, [T, heads, D]);
    return row.rotate(norm?.over === 'head' ? norm.apply(split, path) : split);
  };
  const v = g.reshape(weights.linear('self_attn.v_proj', x), [T, K, D]);
  return weights.linear('self_attn.o_proj', row.attend(project('q', H), project('k', K), v, options));
}

/** down(activation(gate(x)) * up(x)) (Shazeer 2020). x [T, C] -> [T, C] */
export function gatedMlp(g: Builder, config: GatedDecoderConfig, x: Value, weights: BlockWeights): Value {
  const gate = activations[config.activation](g, weights.linear('mlp.gate_proj', x)); // (T, F)
  return weights.linear('mlp.down_proj', g.mul(gate, weights.linear('mlp.up_proj', x)));
}

/** Members of an architecture that are the same in the whole line. */
export const gatedDecoder = {
  defaultTargets: ['q_proj', 'v_proj'],
  basePrefix: 'model.',
  headNames: ['lm_head.weight'],
  linears: gatedLinears,
  blockTensorName: (layer, path) => `model.layers.${layer}.${path}`,
  embeddingTensors: ({ vocabularySize, hiddenSize }) =>
    new Map([['table', { name: 'model.embed_tokens.weight', shape: [vocabularySize, hiddenSize] }]]),
  finalNormTensors: ({ hiddenSize }) => new Map([['norm.weight', { name: 'model.norm.weight', shape: [hiddenSize] }]]),
  buildEmbedding: (_g, _config, embedded) => embedded,
  buildFinalNorm: (g, config, x, tensor) => rmsNorm(g, x, tensor('norm.weight'), config.normEps),
} satisfies Partial<Architecture<GatedDecoderConfig>>;
