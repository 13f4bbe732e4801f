/**
 * @file The least and the most that config.json may say of each number that is read, and why. A file is hostile: one
 * number of it can ask for lists, tables or loops without end, or for arithmetic beyond float32, which gives no number.
 * ConfigReader reads no number that has no limit here.
 */

export interface Limit {
  readonly least: number;
  readonly most: number;
}

const upTo = (most: number): Limit => ({ least: 1, most });

/** Layers: the deepest published models have 126; each layer is listed with all its tensors before a weight is read. */
export const maxLayers = 1024;
/** Width of the hidden states: the widest published models have 20,480; a row of weights is one dispatch of a GPU. */
export const maxWidth = 2 ** 17;
/** Inner width of the feed-forward, of which the widest published models have 57,344. */
export const maxInnerWidth = 2 ** 19;
/** Heads of one layer: the most published is 128. */
export const maxHeads = 2 ** 12;
/** Width of a head: 512 is the widest published; a frequency is computed for every second dimension. */
export const maxHeadDim = 2 ** 12;
/** Rows of the embedding, as many as a tokenizer may have ids (text/tokenizer-json.ts); 262,208 is published. */
export const maxVocabulary = 10_000_000;
/** Tokens of a context or a window: 10 million are published; places are int32 on the device. */
export const maxContext = 2 ** 28;
/** What float32 holds with room for a product: scales, caps and factors beyond it overflow or vanish. */
const scale: Limit = { least: 1e-6, most: 1e6 };
/** A rope's base: 10,000 to 10 million are published; at 1 all frequencies are equal and YaRN divides by its log. */
const ropeBase: Limit = { least: 1.001, most: 1e15 };

const context = upTo(maxContext);
const innerWidth = upTo(maxInnerWidth);
const layers = upTo(maxLayers);
/** An epsilon of 0 divides a row of zeros by 0; one above 1 would be more than what is normed. */
const normEps: Limit = { least: 1e-30, most: 1 };

/** The limits by config.json's own names. */
export const configLimits = {
  num_hidden_layers: layers,
  n_layer: layers,
  max_window_layers: { least: 0, most: maxContext },
  sliding_window_pattern: context,
  no_rope_layer_interval: context,
  hidden_size: upTo(maxWidth),
  n_embd: upTo(maxWidth),
  intermediate_size: innerWidth,
  n_inner: innerWidth,
  num_attention_heads: upTo(maxHeads),
  num_key_value_heads: upTo(maxHeads),
  n_head: upTo(maxHeads),
  head_dim: upTo(maxHeadDim),
  vocab_size: upTo(maxVocabulary),
  max_position_embeddings: context,
  original_max_position_embeddings: context,
  n_positions: context,
  sliding_window: context,
  rms_norm_eps: normEps,
  layer_norm_eps: normEps,
  layer_norm_epsilon: normEps,
  rope_theta: ropeBase,
  rope_local_base_freq: ropeBase,
  rotary_emb_base: ropeBase,
  rotary_pct: { least: 1e-6, most: 1 },
  partial_rotary_factor: { least: 1e-6, most: 1 },
  factor: scale,
  low_freq_factor: scale,
  high_freq_factor: scale,
  attention_factor: scale,
  /** 0 stands for the default, as in transformers. */
  beta_fast: { least: 0, most: 1e6 },
  beta_slow: { least: 0, most: 1e6 },
  mscale: { least: 0, most: 1e6 },
  mscale_all_dim: { least: 0, most: 1e6 },
  attn_logit_softcapping: scale,
  final_logit_softcapping: scale,
  query_pre_attn_scalar: scale,
} as const satisfies Readonly<Record<string, Limit>>;

/** A number of config.json that has limits. */
export type LimitedKey = keyof typeof configLimits;

/** The least and the most of LongRoPE's divisors of a frequency; published ones are 1 to 65. */
export const ropeDivisor: Limit = scale;
