/**
 * @file The Qwen family: qwen2 (biases on queries, keys and values) and qwen3 (a norm on each query and key head);
 * both may give their last layers a sliding window. Source: transformers 5.18, models/qwen2 and models/qwen3.
 */
import type { Architecture, LayerKind } from './architecture';
import { ConfigReader } from './config-reader';
import type { GatedDecoderConfig } from './gated-decoder';
import { gatedDecoder, gatedMlp, readGatedDecoder, readLayerTypes, selfAttention } from './gated-decoder';
import { rmsNorm } from './layers';
import { llama } from './llama';
import { readRope } from './rope';

/** Layers from `max_window_layers` on have the window, where `use_sliding_window` says so. */
function readLayerKinds(read: ConfigReader, config: Omit<GatedDecoderConfig, 'layerKinds'>): LayerKind[] {
  const rope = readRope(read, { ...config, theta: 10_000 });
  const slidingWindow = read.boolean('use_sliding_window', false) ? read.optionalSize('sliding_window', 4096) : null;
  const firstSliding = slidingWindow === null ? Infinity : read.size('max_window_layers', 28);
  const full: LayerKind = { slidingWindow: null, rope };
  const sliding: LayerKind = { slidingWindow, rope };
  return readLayerTypes(read, config.layers, (layer) => layer >= firstSliding).map((type) =>
    type === 'sliding_attention' ? sliding : full,
  );
}

const defaults = { kvHeads: 32, contextLength: 32_768, normEps: 1e-6, tiedEmbeddings: false };

export const qwen2: Architecture<GatedDecoderConfig> = {
  ...llama,
  modelTypes: ['qwen2'],
  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const common = readGatedDecoder(read, defaults);
    return { ...common, layerKinds: readLayerKinds(read, common), queryBias: true };
  },
};

export const qwen3: Architecture<GatedDecoderConfig> = {
  ...gatedDecoder,
  modelTypes: ['qwen3'],

  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const common = readGatedDecoder(read, { ...defaults, headDim: 128 });
    const attentionBias = read.boolean('attention_bias', false);
    return { ...common, layerKinds: readLayerKinds(read, common), queryBias: attentionBias, outputBias: attentionBias };
  },

  blockTensors: ({ hiddenSize, headDim }) =>
    new Map([
      ['input_layernorm.weight', [hiddenSize]],
      ['self_attn.q_norm.weight', [headDim]],
      ['self_attn.k_norm.weight', [headDim]],
      ['post_attention_layernorm.weight', [hiddenSize]],
    ]),

  buildBlock: (g, config, x, weights, row) => {
    const norm = (v: typeof x, path: string) => rmsNorm(g, v, weights.tensor(path), config.normEps);
    const attended = selfAttention(g, config, {
      x: norm(x, 'input_layernorm.weight'),
      weights,
      row,
      norm: { over: 'head', apply: norm },
    });
    const middle = g.add(x, attended); // (T, C)
    return g.add(middle, gatedMlp(g, config, norm(middle, 'post_attention_layernorm.weight'), weights));
  },
};
