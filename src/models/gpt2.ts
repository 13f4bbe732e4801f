/**
 * @file GPT-2: learned positions, LayerNorm with bias, one Conv1D ([in, out]) for queries, keys and values.
 * Source: transformers 5.18, models/gpt2; Radford et al. 2019.
 */
import type { Value } from '../graph/value';
import type { Architecture, ModelConfig } from './architecture';
import { ConfigReader } from './config-reader';
import { uniformLayers } from './gated-decoder';
import type { Activation } from './layers';
import { activationNames, activations, layerNorm } from './layers';

interface Gpt2Config extends ModelConfig {
  /** F */
  readonly intermediateSize: number;
  readonly normEps: number;
  readonly activation: Activation;
  /** 1 / sqrt(D), or 1 without `scale_attn_weights`. */
  readonly attentionScale: number;
}

export const gpt2: Architecture<Gpt2Config> = {
  modelTypes: ['gpt2'],
  defaultTargets: ['c_attn'],
  basePrefix: 'transformer.',
  headNames: ['lm_head.weight'],

  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const hiddenSize = read.size('n_embd', 768);
    const heads = read.divisorOf(hiddenSize, 'n_head', 12);
    const layers = read.size('n_layer', 12);
    read.mustBe('scale_attn_by_inverse_layer_idx', false);
    read.mustBe('add_cross_attention', false);
    return {
      modelType: read.string('model_type'),
      layers,
      layerKinds: uniformLayers(layers, { slidingWindow: null, rope: null }),
      hiddenSize,
      intermediateSize: read.size('n_inner', 4 * hiddenSize),
      heads,
      kvHeads: heads,
      headDim: hiddenSize / heads,
      vocabularySize: read.size('vocab_size', 50_257),
      normEps: read.number('layer_norm_epsilon', 1e-5),
      activation: read.choice('activation_function', 'gelu_new', activationNames),
      attentionScale: read.boolean('scale_attn_weights', true) ? 1 / Math.sqrt(hiddenSize / heads) : 1,
      tiedEmbeddings: read.boolean('tie_word_embeddings', true),
      contextLength: read.size('n_positions', 1024),
      logitSoftcap: null,
    };
  },

  linears: ({ hiddenSize: C, intermediateSize: F }) => [
    { path: 'attn.c_attn', in: C, out: 3 * C, bias: true, transposed: true },
    { path: 'attn.c_proj', in: C, out: C, bias: true, transposed: true },
    { path: 'mlp.c_fc', in: C, out: F, bias: true, transposed: true },
    { path: 'mlp.c_proj', in: F, out: C, bias: true, transposed: true },
  ],

  blockTensors: ({ hiddenSize }) =>
    new Map(['ln_1.weight', 'ln_1.bias', 'ln_2.weight', 'ln_2.bias'].map((path) => [path, [hiddenSize]])),
  blockTensorName: (layer, path) => `transformer.h.${layer}.${path}`,

  embeddingTensors: ({ vocabularySize, contextLength, hiddenSize }) =>
    new Map([
      ['table', { name: 'transformer.wte.weight', shape: [vocabularySize, hiddenSize] }],
      ['positions', { name: 'transformer.wpe.weight', shape: [contextLength, hiddenSize] }],
    ]),

  finalNormTensors: ({ hiddenSize }) =>
    new Map(
      ['weight', 'bias'].map((name) => [`norm.${name}`, { name: `transformer.ln_f.${name}`, shape: [hiddenSize] }]),
    ),

  buildEmbedding: (g, config, embedded, positions, tensor) => {
    // Padding may lie beyond the context.
    const within = g.min(positions, g.constant(config.contextLength - 1, [], 'int32'));
    return g.add(embedded, g.gather(tensor('positions'), within));
  },

  buildBlock: (g, config, x, weights, row) => {
    const { heads: H, headDim: D, normEps } = config;
    const T = x.shape[0] as number;
    const norm = (v: Value, name: string): Value =>
      layerNorm(g, v, weights.tensor(`${name}.weight`), weights.tensor(`${name}.bias`), normEps);
    const fused = g.reshape(weights.linear('attn.c_attn', norm(x, 'ln_1')), [T, 3 * H, D]);
    const [q, k, v] = g.split(fused, [H, H, H], 1) as [Value, Value, Value];
    const attended = row.attend(q, k, v, { scale: config.attentionScale });
    const middle = g.add(x, weights.linear('attn.c_proj', attended)); // (T, C)
    const inner = activations[config.activation](g, weights.linear('mlp.c_fc', norm(middle, 'ln_2'))); // (T, F)
    return g.add(middle, weights.linear('mlp.c_proj', inner));
  },

  buildFinalNorm: (g, config, x, tensor) => layerNorm(g, x, tensor('norm.weight'), tensor('norm.bias'), config.normEps),
};
