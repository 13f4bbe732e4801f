/**
 * @file GPT-NeoX (Pythia): queries, keys and values of each head side by side in one linear, rotary positions on a part
 * of each head, attention and feed-forward in parallel. Source: transformers 5.18, models/gpt_neox; Black et al. 2022.
 */
import type { Value } from '../graph/value';
import type { Architecture, ModelConfig } from './architecture';
import { ConfigReader } from './config-reader';
import { uniformLayers } from './gated-decoder';
import type { Activation } from './layers';
import { activationNames, activations, layerNorm } from './layers';
import { readRope } from './rope';

interface GptNeoxConfig extends ModelConfig {
  /** F */
  readonly intermediateSize: number;
  readonly normEps: number;
  readonly activation: Activation;
  readonly attentionBias: boolean;
  /** The feed-forward reads the block's input, not the attention's sum. */
  readonly parallelResidual: boolean;
}

export const gptNeox: Architecture<GptNeoxConfig> = {
  modelTypes: ['gpt_neox'],
  defaultTargets: ['query_key_value'],
  basePrefix: 'gpt_neox.',
  headNames: ['embed_out.weight', 'lm_head.weight'],

  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const hiddenSize = read.size('hidden_size', 6144);
    const heads = read.divisorOf(hiddenSize, 'num_attention_heads', 64);
    const layers = read.size('num_hidden_layers', 44);
    const headDim = hiddenSize / heads;
    const contextLength = read.size('max_position_embeddings', 2048);
    const rope = readRope(read, {
      headDim,
      contextLength,
      theta: read.number('rotary_emb_base', 10_000),
      partialRotaryFactor: read.number('rotary_pct', 0.25),
    });
    return {
      modelType: read.string('model_type'),
      layers,
      layerKinds: uniformLayers(layers, { slidingWindow: null, rope }),
      hiddenSize,
      intermediateSize: read.size('intermediate_size', 24_576),
      heads,
      kvHeads: heads,
      headDim,
      vocabularySize: read.size('vocab_size', 50_432),
      normEps: read.number('layer_norm_eps', 1e-5),
      activation: read.choice('hidden_act', 'gelu', activationNames),
      attentionBias: read.boolean('attention_bias', true),
      parallelResidual: read.boolean('use_parallel_residual', true),
      tiedEmbeddings: read.boolean('tie_word_embeddings', false),
      contextLength,
      logitSoftcap: null,
    };
  },

  linears: ({ hiddenSize: C, intermediateSize: F, attentionBias }) => [
    { path: 'attention.query_key_value', in: C, out: 3 * C, bias: attentionBias },
    { path: 'attention.dense', in: C, out: C, bias: attentionBias },
    { path: 'mlp.dense_h_to_4h', in: C, out: F, bias: true },
    { path: 'mlp.dense_4h_to_h', in: F, out: C, bias: true },
  ],

  blockTensors: ({ hiddenSize }) =>
    new Map(
      ['input_layernorm', 'post_attention_layernorm'].flatMap((name) => [
        [`${name}.weight`, [hiddenSize]],
        [`${name}.bias`, [hiddenSize]],
      ]),
    ),
  blockTensorName: (layer, path) => `gpt_neox.layers.${layer}.${path}`,

  embeddingTensors: ({ vocabularySize, hiddenSize }) =>
    new Map([['table', { name: 'gpt_neox.embed_in.weight', shape: [vocabularySize, hiddenSize] }]]),
  finalNormTensors: ({ hiddenSize }) =>
    new Map(
      ['weight', 'bias'].map((name) => [
        `norm.${name}`,
        { name: `gpt_neox.final_layer_norm.${name}`, shape: [hiddenSize] },
      ]),
    ),

  buildEmbedding: (_g, _config, embedded) => embedded,

  buildBlock: (g, config, x, weights, row) => {
    const { heads: H, headDim: D, normEps } = config;
    const T = x.shape[0] as number;
    const norm = (v: Value, name: string): Value =>
      layerNorm(g, v, weights.tensor(`${name}.weight`), weights.tensor(`${name}.bias`), normEps);
    const fused = g.reshape(weights.linear('attention.query_key_value', norm(x, 'input_layernorm')), [T, H, 3 * D]);
    const [q, k, v] = g.split(fused, [D, D, D], 2) as [Value, Value, Value];
    const attended = weights.linear('attention.dense', row.attend(row.rotate(q), row.rotate(k), v)); // (T, C)
    const middle = g.add(x, attended);
    const read = norm(config.parallelResidual ? x : middle, 'post_attention_layernorm');
    const inner = activations[config.activation](g, weights.linear('mlp.dense_h_to_4h', read)); // (T, F)
    return g.add(middle, weights.linear('mlp.dense_4h_to_h', inner));
  },

  buildFinalNorm: (g, config, x, tensor) => layerNorm(g, x, tensor('norm.weight'), tensor('norm.bias'), config.normEps),
};
