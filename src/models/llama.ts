/**
 * @file The Llama family (llama, mistral): pre-norm blocks of grouped-query attention with rotary positions and a
 * SwiGLU feed-forward. Source: transformers 5.18, models/llama and models/mistral; Touvron et al. 2023, Jiang et al. 2023.
 */
import type { Shape } from '../core/shape';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { Architecture, BlockWeights, LinearSpec, ModelConfig, RowContext } from './architecture';
import { ConfigReader } from './config-reader';
import { rmsNorm, rotate, silu } from './layers';

function parseConfig(config: Readonly<Record<string, unknown>>): ModelConfig {
  const read = new ConfigReader(config);
  const modelType = read.string('model_type');
  const isLlama = modelType === 'llama';
  read.mustBe('hidden_act', 'silu');
  const hiddenSize = read.size('hidden_size');
  const heads = read.size('num_attention_heads');
  return {
    modelType,
    layers: read.size('num_hidden_layers'),
    hiddenSize,
    intermediateSize: read.size('intermediate_size'),
    heads,
    kvHeads: read.divisorOf(heads, 'num_key_value_heads', isLlama ? heads : 8),
    headDim: read.evenSize('head_dim', hiddenSize / heads),
    vocabularySize: read.size('vocab_size'),
    rmsNormEps: read.number('rms_norm_eps', 1e-6),
    ropeTheta: read.ropeTheta(10_000),
    tiedEmbeddings: read.boolean('tie_word_embeddings', false),
    attentionBias: isLlama && read.boolean('attention_bias', false),
    mlpBias: isLlama && read.boolean('mlp_bias', false),
    contextLength: read.size('max_position_embeddings', isLlama ? 2048 : 131_072),
    slidingWindow: isLlama ? null : read.optionalSize('sliding_window', 4096),
  };
}

function linears({ hiddenSize: C, intermediateSize: F, heads: H, kvHeads: K, headDim: D, ...config }: ModelConfig): LinearSpec[] {
  return [
    { path: 'self_attn.q_proj', in: C, out: H * D, bias: config.attentionBias },
    { path: 'self_attn.k_proj', in: C, out: K * D, bias: config.attentionBias },
    { path: 'self_attn.v_proj', in: C, out: K * D, bias: config.attentionBias },
    { path: 'self_attn.o_proj', in: H * D, out: C, bias: config.attentionBias },
    { path: 'mlp.gate_proj', in: C, out: F, bias: config.mlpBias },
    { path: 'mlp.up_proj', in: C, out: F, bias: config.mlpBias },
    { path: 'mlp.down_proj', in: F, out: C, bias: config.mlpBias },
  ];
}

function blockTensors(config: ModelConfig): ReadonlyMap<string, Shape> {
  const tensors = new Map<string, Shape>([
    ['input_layernorm.weight', [config.hiddenSize]],
    ['post_attention_layernorm.weight', [config.hiddenSize]],
  ]);
  for (const linear of linears(config)) {
    tensors.set(`${linear.path}.weight`, [linear.out, linear.in]);
    if (linear.bias) tensors.set(`${linear.path}.bias`, [linear.out]);
  }
  return tensors;
}

function buildBlock(g: Builder, config: ModelConfig, x: Value, weights: BlockWeights, row: RowContext): Value {
  const { heads: H, kvHeads: K, headDim: D, rmsNormEps: eps } = config;
  const T = x.shape[0] as number;
  const normed = rmsNorm(g, x, weights.tensor('input_layernorm.weight'), eps); // (T, C)
  const q = g.reshape(weights.linear('self_attn.q_proj', normed), [T, H, D]);
  const k = g.reshape(weights.linear('self_attn.k_proj', normed), [T, K, D]);
  const v = g.reshape(weights.linear('self_attn.v_proj', normed), [T, K, D]);
  const attended = row.attend(rotate(g, q, row.cos, row.sin), rotate(g, k, row.cos, row.sin), v); // (T, H D)
  const middle = g.add(x, weights.linear('self_attn.o_proj', attended));
  const gated = rmsNorm(g, middle, weights.tensor('post_attention_layernorm.weight'), eps);
  const gate = silu(g, weights.linear('mlp.gate_proj', gated)); // (T, F)
  return g.add(middle, weights.linear('mlp.down_proj', g.mul(gate, weights.linear('mlp.up_proj', gated))));
}

export const llama: Architecture = {
  modelTypes: ['llama', 'mistral'],
  parseConfig,
  linears,
  blockTensors,
  blockTensorName: (layer, path) => `model.layers.${layer}.${path}`,
  embeddingName: 'model.embed_tokens.weight',
  finalNormName: 'model.norm.weight',
  headName: 'lm_head.weight',
  defaultTargets: ['q_proj', 'v_proj'],
  buildBlock,
  buildFinalNorm: (g, config, x, weight) => rmsNorm(g, x, weight, config.rmsNormEps),
};
