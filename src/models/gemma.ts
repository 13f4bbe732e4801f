/**
 * @file The Gemma family: gemma2 (soft caps, a sliding window in every other layer) and gemma3_text (norms of queries
 * and keys, another rope in the layers with a window). Embeddings are scaled by sqrt(C), norms multiply by 1 + weight
 * and stand on both sides of attention and feed-forward. Source: transformers 5.18, models/gemma2 and models/gemma3;
 * Gemma Team 2024, 2025.
 */
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from '../core/float';
import type { Shape } from '../core/shape';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { Architecture, LayerKind, TensorOf } from './architecture';
import { ConfigReader } from './config-reader';
import type { GatedDecoderConfig } from './gated-decoder';
import { gatedDecoder, gatedMlp, readGatedDecoder, readLayerTypes, selfAttention } from './gated-decoder';
import { rmsNorm } from './layers';
import type { RopeDefaults } from './rope';
import { parseRope, readRope } from './rope';

interface GemmaConfig extends GatedDecoderConfig {
  /** Queries are scaled by its inverse square root. */
  readonly queryPreAttentionScalar: number;
  readonly attentionSoftcap: number | null;
  readonly hasHeadNorms: boolean;
  readonly embeddingScale: number;
}

/** sqrt(C) as the weights' dtype holds it: the models were trained with that rounding. */
function embeddingScale(read: ConfigReader, hiddenSize: number): number {
  const dtype = read.choice(read.has('dtype') ? 'dtype' : 'torch_dtype', 'float32', ['float32', 'float16', 'bfloat16']);
  const root = Math.fround(Math.sqrt(hiddenSize));
  if (dtype === 'bfloat16') return bfloat16ToFloat32(float32ToBfloat16(root));
  return dtype === 'float16' ? float16ToFloat32(float32ToFloat16(root)) : root;
}

function readGemma(
  read: ConfigReader,
  contextLength: number,
): Omit<GemmaConfig, 'layerKinds' | 'attentionSoftcap' | 'hasHeadNorms'> {
  const common = readGatedDecoder(read, {
    kvHeads: 4,
    headDim: 256,
    contextLength,
    normEps: 1e-6,
    tiedEmbeddings: true,
    activation: { key: 'hidden_activation', name: 'gelu_pytorch_tanh' },
  });
  read.mustBe('use_bidirectional_attention', false);
  const attentionBias = read.boolean('attention_bias', false);
  return {
    ...common,
    queryBias: attentionBias,
    outputBias: attentionBias,
    queryPreAttentionScalar: read.number('query_pre_attn_scalar', 256),
    embeddingScale: embeddingScale(read, common.hiddenSize),
  };
}

/** rmsNorm with the weight held as its difference from 1. */
const norm = (g: Builder, config: GemmaConfig, x: Value, tensor: TensorOf, path: string): Value =>
  rmsNorm(g, x, g.add(tensor(path), g.constant(1)), config.normEps);

const gemma = {
  ...gatedDecoder,

  blockTensors: ({ hiddenSize: C, headDim: D, hasHeadNorms }) =>
    new Map<string, Shape>([
      ['input_layernorm.weight', [C]],
      ['post_attention_layernorm.weight', [C]],
      ['pre_feedforward_layernorm.weight', [C]],
      ['post_feedforward_layernorm.weight', [C]],
      ...(hasHeadNorms
        ? (['q', 'k'] as const).map((name): [string, Shape] => [`self_attn.${name}_norm.weight`, [D]])
        : []),
    ]),

  buildEmbedding: (g, config, embedded) => g.mul(embedded, g.constant(config.embeddingScale)),

  buildBlock: (g, config, x, weights, row) => {
    const normed = (v: Value, path: string): Value => norm(g, config, v, weights.tensor, path);
    const attended = selfAttention(g, config, {
      x: normed(x, 'input_layernorm.weight'),
      weights,
      row,
      scale: config.queryPreAttentionScalar ** -0.5,
      softcap: config.attentionSoftcap,
      ...(config.hasHeadNorms && { norm: { over: 'head', apply: normed } }),
    });
    const middle = g.add(x, normed(attended, 'post_attention_layernorm.weight')); // (T, C)
    const fed = gatedMlp(g, config, normed(middle, 'pre_feedforward_layernorm.weight'), weights);
    return g.add(middle, normed(fed, 'post_feedforward_layernorm.weight'));
  },

  buildFinalNorm: (g, config, x, tensor) => norm(g, config, x, tensor, 'norm.weight'),
} satisfies Partial<Architecture<GemmaConfig>>;

export const gemma2: Architecture<GemmaConfig> = {
  ...gemma,
  modelTypes: ['gemma2'],
  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const common = readGemma(read, 8192);
    const rope = readRope(read, { ...common, theta: 10_000 });
    const sliding: LayerKind = { slidingWindow: read.optionalSize('sliding_window', 4096), rope };
    const full: LayerKind = { slidingWindow: null, rope };
    const types = readLayerTypes(read, common.layers, (layer) => layer % 2 === 0);
    return {
      ...common,
      layerKinds: types.map((type) => (type === 'sliding_attention' ? sliding : full)),
      attentionSoftcap: read.optionalNumber('attn_logit_softcapping', 50),
      logitSoftcap: read.optionalNumber('final_logit_softcapping', 30),
      hasHeadNorms: false,
    };
  },
};

/** transformers 5 keeps one object of parameters a layer type; 4 has `rope_scaling` for the layers without a window. */
function readGemma3Kinds(
  read: ConfigReader,
  config: { readonly layers: number; readonly headDim: number; readonly contextLength: number },
): LayerKind[] {
  const perType = read.section('rope_parameters');
  // The top-level theta belongs to the full layers alone, so each type's object is read by itself.
  const rope = (type: string, fallback: ConfigReader | null, theta: number) => {
    const parameters = perType?.section(type) ?? fallback ?? new ConfigReader({}, `rope_parameters.${type}.`);
    const defaults: RopeDefaults = { headDim: config.headDim, contextLength: config.contextLength, theta };
    return parseRope(parameters, new ConfigReader({}), defaults);
  };
  const full: LayerKind = {
    slidingWindow: null,
    rope: rope('full_attention', read.section('rope_scaling'), read.number('rope_theta', 1_000_000)),
  };
  const sliding: LayerKind = {
    slidingWindow: read.optionalSize('sliding_window', 4096),
    rope: rope('sliding_attention', null, read.number('rope_local_base_freq', 10_000)),
  };
  const pattern = read.size('sliding_window_pattern', 6);
  return readLayerTypes(read, config.layers, (layer) => (layer + 1) % pattern !== 0).map((type) =>
    type === 'sliding_attention' ? sliding : full,
  );
}

export const gemma3: Architecture<GemmaConfig> = {
  ...gemma,
  modelTypes: ['gemma3_text'],
  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const common = readGemma(read, 131_072);
    // transformers 5.18 reads it and does not apply it.
    read.mustBe('attn_logit_softcapping', null);
    return {
      ...common,
      layerKinds: readGemma3Kinds(read, common),
      attentionSoftcap: null,
      logitSoftcap: read.optionalNumber('final_logit_softcapping', null),
      hasHeadNorms: true,
    };
  },
};
