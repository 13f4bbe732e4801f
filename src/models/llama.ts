/**
 * @file The Llama family (llama, mistral): pre-norm blocks of grouped-query attention with rotary positions and a
 * SwiGLU feed-forward. Source: transformers 5.18, models/llama and models/mistral; Touvron et al. 2023, Jiang et al.
 * 2023.
 */
import type { Architecture } from './architecture';
import { ConfigReader } from './config-reader';
import type { GatedDecoderConfig } from './gated-decoder';
import { gatedDecoder, gatedMlp, readGatedDecoder, selfAttention, uniformLayers } from './gated-decoder';
import { rmsNorm } from './layers';
import { readRope } from './rope';

export const llama: Architecture<GatedDecoderConfig> = {
  ...gatedDecoder,
  modelTypes: ['llama', 'mistral'],

  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const isLlama = read.string('model_type') === 'llama';
    const common = readGatedDecoder(read, {
      kvHeads: isLlama ? null : 8,
      contextLength: isLlama ? 2048 : 131_072,
      normEps: 1e-6,
      tiedEmbeddings: false,
    });
    const attentionBias = isLlama && read.boolean('attention_bias', false);
    const slidingWindow = isLlama ? null : read.optionalSize('sliding_window', 4096);
    return {
      ...common,
      layerKinds: uniformLayers(common.layers, { slidingWindow, rope: readRope(read, { ...common, theta: 10_000 }) }),
      queryBias: attentionBias,
      outputBias: attentionBias,
      mlpBias: isLlama && read.boolean('mlp_bias', false),
    };
  },

  blockTensors: ({ hiddenSize }) =>
    new Map([
      ['input_layernorm.weight', [hiddenSize]],
      ['post_attention_layernorm.weight', [hiddenSize]],
    ]),

  buildBlock: (g, config, x, weights, row) => {
    const norm = (v: typeof x, name: string) => rmsNorm(g, v, weights.tensor(`${name}.weight`), config.normEps);
    const middle = g.add(x, selfAttention(g, config, { x: norm(x, 'input_layernorm'), weights, row })); // (T, C)
    return g.add(middle, gatedMlp(g, config, norm(middle, 'post_attention_layernorm'), weights));
  },
};
