/**
 * @file Writes a checkpoint of a public model's exact shape with random weights in bfloat16, for tests of size:
 *     node tools/make-shape.mjs SmolLM2-135M DIRECTORY [SHARDS]
 * The tokenizer is the starter model's; it is smaller than the vocabulary, so the other tokens are never met.
 */
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** config.json as published, as far as the shape goes: the engine's own list. */
const shapes = JSON.parse(readFileSync(new URL('../src/engine/public-shapes.json', import.meta.url), 'utf8'));

/** Names and shapes of all tensors. */
function listTensors({
  model_type,
  num_hidden_layers,
  hidden_size: C,
  intermediate_size: F,
  num_attention_heads: H,
  num_key_value_heads: K,
  vocab_size: V,
}) {
  const D = C / H;
  const linears = {
    'self_attn.q_proj': [H * D, C],
    'self_attn.k_proj': [K * D, C],
    'self_attn.v_proj': [K * D, C],
    'self_attn.o_proj': [C, H * D],
    'mlp.gate_proj': [F, C],
    'mlp.up_proj': [F, C],
    'mlp.down_proj': [C, F],
  };
  const tensors = { 'model.embed_tokens.weight': [V, C], 'model.norm.weight': [C] };
  for (let layer = 0; layer < num_hidden_layers; layer++) {
    const prefix = `model.layers.${layer}.`;
    for (const norm of ['input_layernorm', 'post_attention_layernorm']) tensors[`${prefix}${norm}.weight`] = [C];
    for (const [path, shape] of Object.entries(linears)) {
      tensors[`${prefix}${path}.weight`] = shape;
      if (model_type === 'qwen2' && /[qkv]_proj$/.test(path)) tensors[`${prefix}${path}.bias`] = [shape[0]];
    }
  }
  return tensors;
}

/** mulberry32 (public domain). */
function makeUniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const [name, directory, shardsAsked = '1'] = process.argv.slice(2);
const config = shapes[name];
if (config === undefined || directory === undefined) {
  console.error(
    `There is no shape ${JSON.stringify(name ?? '')}, or no directory was given: node tools/make-shape.mjs ${Object.keys(shapes)[0]} DIRECTORY [SHARDS]. Known shapes: ${Object.keys(shapes).join(', ')}.`,
  );
  process.exit(2);
}

const uniform = makeUniform(1);
// One draw of normals with standard deviation 0.02, read from many offsets: a million suffice to look random.
const pool = new Uint16Array(2 ** 20);
const normals = Float32Array.from(
  pool,
  () => 0.02 * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
);
new Uint32Array(normals.buffer).forEach((bits, i) => (pool[i] = bits >>> 16));
const one = 0x3f80;

mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'config.json'), JSON.stringify({ ...config, torch_dtype: 'bfloat16' }, null, 2));
for (const file of ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'generation_config.json']) {
  copyFileSync(new URL(`../public/starter/model/${file}`, import.meta.url), join(directory, file));
}
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

function writeTensors(path, tensors) {
  const header = {};
  let end = 0;
  for (const [tensor, shape] of tensors) {
    const start = end;
    end += 2 * sizeOf(shape);
    header[tensor] = { dtype: 'BF16', shape, data_offsets: [start, end] };
  }
  const json = JSON.stringify(header);
  const padded = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = openSync(path, 'w');
  writeSync(file, length);
  writeSync(file, padded);
  for (const [tensor, shape] of tensors) {
    let left = sizeOf(shape);
    let offset = Math.floor(uniform() * pool.length);
    while (left > 0) {
      const part = tensor.includes('norm')
        ? new Uint16Array(left).fill(one)
        : pool.subarray(offset, Math.min(pool.length, offset + left));
      writeSync(file, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
      left -= part.length;
      offset = 0;
    }
  }
  closeSync(file);
}

const tensors = Object.entries(listTensors(config));
const parameters = tensors.reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
const shards = Number(shardsAsked);
if (shards === 1) writeTensors(join(directory, 'model.safetensors'), tensors);
else {
  const number = (n) => String(n).padStart(5, '0');
  const weight_map = {};
  let before = 0;
  for (const [tensor, shape] of tensors) {
    weight_map[tensor] =
      `model-${number(1 + Math.floor((shards * before) / parameters))}-of-${number(shards)}.safetensors`;
    before += sizeOf(shape);
  }
  for (const path of new Set(Object.values(weight_map)))
    writeTensors(
      join(directory, path),
      tensors.filter(([tensor]) => weight_map[tensor] === path),
    );
  writeFileSync(
    join(directory, 'model.safetensors.index.json'),
    JSON.stringify({ metadata: { total_size: 2 * parameters }, weight_map }, null, 2),
  );
}
const tokens = Object.keys(JSON.parse(readFileSync(join(directory, 'tokenizer.json'), 'utf8')).model.vocab).length;
console.error(
  `${directory}: ${(parameters / 1e6).toFixed(1)} million parameters, ${(parameters / 2 ** 19).toFixed(0)} MiB; tokenizer of ${tokens} tokens`,
);
