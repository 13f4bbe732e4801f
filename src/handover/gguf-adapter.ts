/**
 * @file A LoRA adapter as llama.cpp reads it: one GGUF file. Names and row orders are those of llama.cpp's own
 * converter of models (ggml-org/llama.cpp, convert_hf_to_gguf.py), whose weights the adapter is added to. A is never
 * touched; B's rows are the base weight's rows, so B is put into the order that the converter puts those into.
 */
import { UserError, invariant } from '../core/errors';
import { float32ArrayToFloat16 } from '../core/float';
import { message, type Message } from '../messages/message';
import type { LoraAdapter, LoraTensor } from '../formats/peft';
import type { ModelConfig } from '../models/architecture';
import { writeGguf, type GgufTensor } from './gguf-file';

/** How many heads the rows of a projection belong to. */
type Heads = Pick<ModelConfig, 'heads' | 'kvHeads'>;

/** For row `i` of a weight in llama.cpp the row of transformers' weight that it is; both of `rows`. */
type RowOrder = (i: number, rows: number, heads: Heads) => number;

interface GgufLinear {
  /** The name in a llama.cpp block, without `blk.N.` and `.weight`. */
  readonly name: string;
  /** Absent: rows are as transformers has them. */
  readonly order?: RowOrder;
}

interface GgufFamily {
  /** `general.architecture`. */
  readonly architecture: string;
  /** By path in transformers' block. */
  readonly linears: Readonly<Record<string, GgufLinear>>;
}

/**
 * Rotary halves to rotary pairs: a head's dimension i of half s becomes 2 i + s, since llama.cpp turns neighbours where
 * transformers turns halves.
 */
function pairHalves(i: number, rows: number, heads: number): number {
  const width = rows / heads;
  const within = i % width;
  return i - within + (within % 2) * (width / 2) + Math.floor(within / 2);
}

const pairQueries: RowOrder = (i, rows, { heads }) => pairHalves(i, rows, heads);
const pairKeys: RowOrder = (i, rows, { kvHeads }) => pairHalves(i, rows, kvHeads);

/** GPT-NeoX keeps q, k and v of a head together, llama.cpp all heads of q, then of k, then of v. */
const gatherQkv: RowOrder = (i, rows, { heads }) => {
  const width = rows / heads / 3;
  const part = Math.floor(i / (heads * width));
  const head = Math.floor(i / width) % heads;
  return (head * 3 + part) * width + (i % width);
};

const gated: GgufFamily['linears'] = {
  'self_attn.q_proj': { name: 'attn_q' },
  'self_attn.k_proj': { name: 'attn_k' },
  'self_attn.v_proj': { name: 'attn_v' },
  'self_attn.o_proj': { name: 'attn_output' },
  'mlp.gate_proj': { name: 'ffn_gate' },
  'mlp.up_proj': { name: 'ffn_up' },
  'mlp.down_proj': { name: 'ffn_down' },
};

const gatedInPairs: GgufFamily['linears'] = {
  ...gated,
  'self_attn.q_proj': { name: 'attn_q', order: pairQueries },
  'self_attn.k_proj': { name: 'attn_k', order: pairKeys },
};

/** By `model_type` of config.json. */
const families: Readonly<Record<string, GgufFamily>> = {
  llama: { architecture: 'llama', linears: gatedInPairs },
  mistral: { architecture: 'llama', linears: gatedInPairs },
  smollm3: { architecture: 'smollm3', linears: gatedInPairs },
  qwen2: { architecture: 'qwen2', linears: gated },
  qwen3: { architecture: 'qwen3', linears: gated },
  gemma2: { architecture: 'gemma2', linears: gated },
  gemma3_text: { architecture: 'gemma3', linears: gated },
  olmo2: { architecture: 'olmo2', linears: gated },
  phi3: {
    architecture: 'phi3',
    linears: {
      'self_attn.qkv_proj': { name: 'attn_qkv' },
      'self_attn.o_proj': { name: 'attn_output' },
      'mlp.gate_up_proj': { name: 'ffn_up' },
      'mlp.down_proj': { name: 'ffn_down' },
    },
  },
  gpt_neox: {
    architecture: 'gptneox',
    linears: {
      'attention.query_key_value': { name: 'attn_qkv', order: gatherQkv },
      'attention.dense': { name: 'attn_output' },
      'mlp.dense_h_to_4h': { name: 'ffn_up' },
      'mlp.dense_4h_to_h': { name: 'ffn_down' },
    },
  },
  gpt2: {
    architecture: 'gpt2',
    linears: {
      'attn.c_attn': { name: 'attn_qkv' },
      'attn.c_proj': { name: 'attn_output' },
      'mlp.c_fc': { name: 'ffn_up' },
      'mlp.c_proj': { name: 'ffn_down' },
    },
  },
};

/** Model types that an adapter can be written for. */
export const ggufModelTypes: readonly string[] = Object.keys(families);

export type GgufDtype = 'float32' | 'float16';

function reorderRows({ shape: [rows, columns], data }: LoraTensor, sourceOf: (row: number) => number): Float32Array {
  const ordered = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const source = sourceOf(row) * columns;
    ordered.set(data.subarray(source, source + columns), row * columns);
  }
  return ordered;
}

/** The matrix in the file's dtype. */
function toDtype(data: Float32Array, dtype: GgufDtype, tensor: string): Float32Array | Uint16Array {
  if (dtype === 'float32') return data;
  const beyond = data.find((value) => Math.abs(value) >= 65520);
  if (beyond !== undefined) throw new UserError('ggufBeyondFloat16', { tensor, value: String(beyond) });
  return float32ArrayToFloat16(data);
}

function tensorsOf(
  adapter: LoraAdapter,
  family: GgufFamily,
  config: Heads & Pick<ModelConfig, 'modelType'>,
  dtype: GgufDtype,
): GgufTensor[] {
  return [...adapter.modules].flatMap(([module, { A, B }]) => {
    const [, layer, path = ''] = /\.(?:layers|h)\.(\d+)\.(.+)$/.exec(module) ?? [];
    const linear = family.linears[path];
    if (layer === undefined || linear === undefined)
      throw new UserError('moduleWithoutGgufName', { module, modelType: config.modelType });
    const { name, order } = linear;
    const weight = `blk.${layer}.${name}.weight`;
    const rows = order ? reorderRows(B, (row) => order(row, B.shape[0], config)) : B.data;
    return [
      { name: `${weight}.lora_a`, shape: A.shape, data: toDtype(A.data, dtype, module) },
      { name: `${weight}.lora_b`, shape: B.shape, data: toDtype(rows, dtype, module) },
    ];
  });
}

/**
 * What llama.cpp would compute otherwise than transformers, whatever adapter it is given. It fixes SmolLM3's layers
 * without rotary positions to every fourth and does not read `no_rope_layers`.
 */
export function ggufWarnings({ modelType, layerKinds }: Pick<ModelConfig, 'modelType' | 'layerKinds'>): Message[] {
  if (modelType !== 'smollm3') return [];
  const odd = layerKinds.findIndex(({ rope }, layer) => (rope === null) !== ((layer + 1) % 4 === 0));
  return odd < 0 ? [] : [message('ggufNoRopePattern', { layer: odd })];
}

/**
 * Writes an adapter as a GGUF file for llama.cpp, `llama-server --lora FILE`. llama.cpp scales by alpha / rows of A.
 * The file names no path and no base.
 * @throws UserError for a model type or a module that has no name in llama.cpp, and for a value beyond float16's range
 */
export function writeGgufAdapter(
  adapter: LoraAdapter,
  config: Heads & Pick<ModelConfig, 'modelType'>,
  dtype: GgufDtype = 'float32',
): Uint8Array {
  const family = families[config.modelType];
  if (!family) {
    throw new UserError('modelTypeWithoutGguf', {
      modelType: config.modelType,
      modelTypes: ggufModelTypes.join(', '),
    });
  }
  for (const [module, { A }] of adapter.modules)
    invariant(A.shape[0] === adapter.r, `LoRA of ${module} does not have rank ${adapter.r}`);
  return writeGguf(
    {
      'general.type': { string: 'adapter' },
      'general.architecture': { string: family.architecture },
      'adapter.type': { string: 'lora' },
      // As FLOAT32: llama.cpp ends the process at a whole number here, and without it does not scale at all.
      'adapter.lora.alpha': { float32: adapter.lora_alpha },
    },
    tensorsOf(adapter, family, config, dtype),
  );
}
