/**
 * @file A merge of a shard far larger than a piece, with the bytes that are alive counted at every piece: what the
 * garbage collector would not give back. The weights are zeros that are made where they are read.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeShape } from '../engine/stored-weights';
import { bytesSource, type ByteSource } from '../formats/byte-source';
import { openCheckpoint } from '../formats/checkpoint';
import type { LoraAdapter } from '../formats/peft';
import { headerBytes } from '../formats/safetensors';
import { aliveBytes } from '../training/alive-bytes';
import { mergeCheckpoint } from './merged-checkpoint';
import { writeFilesTo } from './streamed-file';

/** The piece as it was read, in float32, and as it is written, 4 MiB at most each, and room for half as much. */
const bound = 24 * 2 ** 20;
const buffers = ({ arrayBuffers }: NodeJS.MemoryUsage): number => arrayBuffers;

const [hidden, inner, vocabulary, layers] = [1024, 4096, 32_000, 1];
const layer = {
  'self_attn.q_proj': [hidden, hidden],
  'self_attn.k_proj': [hidden, hidden],
  'self_attn.v_proj': [hidden, hidden],
  'self_attn.o_proj': [hidden, hidden],
  'mlp.gate_proj': [inner, hidden],
  'mlp.up_proj': [inner, hidden],
  'mlp.down_proj': [hidden, inner],
  input_layernorm: [hidden],
  post_attention_layernorm: [hidden],
};

function weights(): ByteSource {
  const shapes = Object.entries({
    'model.embed_tokens': [vocabulary, hidden],
    'model.norm': [hidden],
    ...Object.fromEntries(
      Array.from({ length: layers }, (_, n) =>
        Object.entries(layer).map(([k, v]) => [`model.layers.${n}.${k}`, v]),
      ).flat(),
    ),
  } as Record<string, number[]>);
  const entries = shapes.map(([name, shape]) => {
    const byteLength = 2 * shape.reduce((product, size) => product * size, 1);
    return { name: `${name}.weight`, dtype: 'BF16' as const, shape, byteLength };
  });
  const header = headerBytes(entries, {});
  const sizeBytes = entries.reduce((sum, { byteLength }) => sum + byteLength, header.length);
  return {
    name: 'model.safetensors',
    sizeBytes,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      if (offset < header.length) bytes.set(header.subarray(offset, offset + length));
      return Promise.resolve(bytes);
    },
  };
}

it('never holds more than a few pieces of a shard', async () => {
  const json = (name: string) => bytesSource(name, readFileSync(`fixtures/tiny-llama/${name}`));
  const config = JSON.parse(readFileSync('fixtures/tiny-llama/config.json', 'utf8')) as object;
  const large = {
    ...{ ...config, hidden_size: hidden, intermediate_size: inner, vocab_size: vocabulary, head_dim: 64 },
    ...{ num_hidden_layers: layers, num_attention_heads: 16, num_key_value_heads: 16, tie_word_embeddings: true },
  };
  const directory = new Map<string, ByteSource>([
    ['config.json', bytesSource('config.json', new TextEncoder().encode(JSON.stringify(large)))],
    ['tokenizer.json', json('tokenizer.json')],
    ['model.safetensors', weights()],
  ]);
  const checkpoint = await openCheckpoint('large', directory);
  const shape = await describeShape(checkpoint);
  const module = {
    A: { shape: [1, hidden] as const, data: new Float32Array(hidden).fill(0.5) },
    B: { shape: [inner, 1] as const, data: new Float32Array(inner).fill(0.5) },
  };
  const adapter: LoraAdapter = {
    ...{ r: 1, lora_alpha: 1, target_modules: ['up_proj'], layers_to_transform: null, fan_in_fan_out: false },
    base_model_name_or_path: null,
    modules: new Map([['model.layers.0.mlp.up_proj', module]]),
  };
  const { files, counts } = await mergeCheckpoint(directory, { checkpoint, shape, adapter, dtype: 'F32' });
  const before = await aliveBytes(buffers, 0);
  let most = 0;
  let [written, pieces] = [0, 0];
  const target = {
    async write(bytes: Uint8Array) {
      // Collecting takes longer than merging: one piece in four is looked at.
      if (pieces++ % 4 === 0) most = Math.max(most, (await aliveBytes(buffers, before + bound)) - before);
      written += bytes.length;
    },
    close: () => Promise.resolve(),
  };
  await writeFilesTo({ open: () => Promise.resolve(target), remove: () => Promise.resolve() }, files);
  expect(written).toBeGreaterThan(180 * 2 ** 20);
  expect(counts).toEqual({ adapted: inner * hidden, unchanged: 0 });
  expect(most).toBeLessThan(bound);
}, 60_000);
