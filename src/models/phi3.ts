/**
 * @file Phi-3: a Llama whose query, key and value projections are one linear, and whose gate and up projections are
 * another; LongRoPE, perhaps on a part of each head. Source: transformers 5.18, models/phi3; Abdin et al. 2024.
 */
import type { Value } from '../graph/value';
import type { Architecture } from './architecture';
import { ConfigReader } from './config-reader';
import type { GatedDecoderConfig } from './gated-decoder';
import { readGatedDecoder, uniformLayers } from './gated-decoder';
import { activations, rmsNorm } from './layers';
import { llama } from './llama';
import { readRope } from './rope';

export const phi3: Architecture<GatedDecoderConfig> = {
  ...llama,
  modelTypes: ['phi3'],
  defaultTargets: ['qkv_proj'],

  parseConfig: (config) => {
    const withOriginal = {
      ...config,
      original_max_position_embeddings: config['original_max_position_embeddings'] ?? 4096,
    };
    const read = new ConfigReader(withOriginal);
    const common = readGatedDecoder(read, { kvHeads: null, contextLength: 4096, normEps: 1e-5, tiedEmbeddings: false });
    const rope = readRope(read, {
      ...common,
      theta: 10_000,
      partialRotaryFactor: 1,
      aliases: { su: 'longrope', yarn: 'longrope' },
    });
    return {
      ...common,
      layerKinds: uniformLayers(common.layers, { slidingWindow: read.optionalSize('sliding_window', null), rope }),
    };
  },

  linears: ({ hiddenSize: C, intermediateSize: F, heads: H, kvHeads: K, headDim: D }) => [
    { path: 'self_attn.qkv_proj', in: C, out: (H + 2 * K) * D, bias: false },
    { path: 'self_attn.o_proj', in: H * D, out: C, bias: false },
    { path: 'mlp.gate_up_proj', in: C, out: 2 * F, bias: false },
    { path: 'mlp.down_proj', in: F, out: C, bias: false },
  ],

  buildBlock: (g, config, x, weights, row) => {
    const { heads: H, kvHeads: K, headDim: D, intermediateSize: F } = config;
    const T = x.shape[0] as number;
    const norm = (v: Value, name: string): Value => rmsNorm(g, v, weights.tensor(`${name}.weight`), config.normEps);
    const fused = weights.linear('self_attn.qkv_proj', norm(x, 'input_layernorm')); // (T, (H + 2 K) D)
    const [q, k, v] = g.split(g.reshape(fused, [T, H + 2 * K, D]), [H, K, K], 1) as [Value, Value, Value];
    const middle = g.add(x, weights.linear('self_attn.o_proj', row.attend(row.rotate(q), row.rotate(k), v))); // (T, C)
    const [gate, up] = g.split(
      weights.linear('mlp.gate_up_proj', norm(middle, 'post_attention_layernorm')),
      [F, F],
      1,
    ) as [Value, Value];
    return g.add(middle, weights.linear('mlp.down_proj', g.mul(up, activations[config.activation](g, gate))));
  },
};
