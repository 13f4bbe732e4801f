/**
 * @file OLMo 2: norms after attention and feed-forward instead of before, and a norm over the whole width of queries
 * and of keys. Source: transformers 5.18, models/olmo2; Team OLMo 2024.
 */
import type { Architecture } from './architecture';
import { ConfigReader } from './config-reader';
import type { GatedDecoderConfig } from './gated-decoder';
import { gatedDecoder, gatedMlp, readGatedDecoder, selfAttention, uniformLayers } from './gated-decoder';
import { rmsNorm } from './layers';
import { readRope } from './rope';

export const olmo2: Architecture<GatedDecoderConfig> = {
  ...gatedDecoder,
  modelTypes: ['olmo2'],

  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const common = readGatedDecoder(read, { kvHeads: null, contextLength: 2048, normEps: 1e-5, tiedEmbeddings: false });
    const attentionBias = read.boolean('attention_bias', false);
    return {
      ...common,
      layerKinds: uniformLayers(common.layers, {
        slidingWindow: null,
        rope: readRope(read, { ...common, theta: 10_000 }),
      }),
      queryBias: attentionBias,
      outputBias: attentionBias,
    };
  },

  blockTensors: ({ hiddenSize: C, heads: H, kvHeads: K, headDim: D }) =>
    new Map([
      ['self_attn.q_norm.weight', [H * D]],
      ['self_attn.k_norm.weight', [K * D]],
      ['post_attention_layernorm.weight', [C]],
      ['post_feedforward_layernorm.weight', [C]],
    ]),

  buildBlock: (g, config, x, weights, row) => {
    const norm = (v: typeof x, path: string) => rmsNorm(g, v, weights.tensor(path), config.normEps);
    const attended = selfAttention(g, config, { x, weights, row, norm: { over: 'width', apply: norm } });
    const middle = g.add(x, norm(attended, 'post_attention_layernorm.weight')); // (T, C)
    return g.add(middle, norm(gatedMlp(g, config, middle, weights), 'post_feedforward_layernorm.weight'));
  },
};
