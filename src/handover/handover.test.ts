/**
 * @file What is handed over, without its readers: those are in tools/interop/test_handover.py (llama.cpp, transformers,
 * PEFT). Here: what is refused, what stays of an export that fails, and the bytes of files that no reader checks.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../formats/byte-source';
import type { Directory } from '../formats/checkpoint';
import type { LoraAdapter } from '../formats/peft';
import { writePeftAdapter } from '../formats/peft';
import { readSafetensorsHeader, readTensorAsFloat32 } from '../formats/safetensors';
import { lintAdapter } from './contract';
import { writeGgufAdapter } from './gguf-adapter';
import { addUpdate, checkRange, toBytes } from './merge-weight';
import { writeMlxAdapter } from './mlx-adapter';
import { textFile, writeFilesTo, type FileSink } from './streamed-file';

const matrix = (rows: number, columns: number, first = 1) => ({
  shape: [rows, columns] as const,
  data: Float32Array.from({ length: rows * columns }, (_, i) => first + i),
});

const adapter = (module = 'model.layers.1.self_attn.q_proj', changes: Partial<LoraAdapter> = {}): LoraAdapter => ({
  r: 2,
  lora_alpha: 3,
  target_modules: ['q_proj'],
  layers_to_transform: null,
  fan_in_fan_out: false,
  base_model_name_or_path: null,
  modules: new Map([[module, { A: matrix(2, 4), B: matrix(8, 2, 100) }]]),
  ...changes,
});

const filesOf = (files: Record<string, Uint8Array>): Directory =>
  new Map(Object.entries(files).map(([path, bytes]) => [path, bytesSource(path, bytes)]));

describe('a GGUF adapter', () => {
  const llama = { modelType: 'llama', heads: 2, kvHeads: 1 };

  it('has the rows of B in the order of neighbours, and A as it is', () => {
    const bytes = writeGgufAdapter(adapter(), llama);
    const data = new Float32Array(bytes.slice(-(8 * 2 + 2 * 4) * 4).buffer);
    expect([...data.slice(0, 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // Two heads of four rows: 0 2 1 3, 4 6 5 7.
    expect([...data.slice(8)].filter((_, i) => i % 2 === 0)).toEqual([100, 104, 102, 106, 108, 112, 110, 114]);
  });

  it('holds alpha as FLOAT32 (type 6), beside which llama.cpp ends the process', () => {
    const text = new TextDecoder('latin1').decode(writeGgufAdapter(adapter(), llama));
    const at = text.indexOf('adapter.lora.alpha') + 'adapter.lora.alpha'.length;
    const view = new DataView(Uint8Array.from(text.slice(at, at + 8), (sign) => sign.charCodeAt(0)).buffer);
    expect([view.getUint32(0, true), view.getFloat32(4, true)]).toEqual([6, 3]);
  });

  it('refuses what llama.cpp has no name for, and what float16 cannot hold', () => {
    expect(() => writeGgufAdapter(adapter(), { ...llama, modelType: 'mamba' })).toThrow(/this model is mamba/);
    expect(() => writeGgufAdapter(adapter('model.layers.0.mlp.router'), llama)).toThrow(/no name for the module/);
    const large = adapter();
    large.modules.get('model.layers.1.self_attn.q_proj')?.A.data.fill(7e4);
    expect(() => writeGgufAdapter(large, llama, 'float16')).toThrow(/holds 70000, which float16 cannot hold/);
  });
});

describe('an adapter for mlx-lm', () => {
  it('has both matrices transposed, the whole scale, and zeros where a layer has no LoRA', async () => {
    const two = adapter('model.layers.0.self_attn.q_proj');
    const files = writeMlxAdapter(two, { modelType: 'llama', layers: 2 });
    const config: unknown = JSON.parse(new TextDecoder().decode(files['adapter_config.json']));
    expect(config).toMatchObject({
      fine_tune_type: 'lora',
      num_layers: 2,
      lora_parameters: { rank: 2, scale: 1.5, keys: ['self_attn.q_proj'] },
    });
    const source = bytesSource('adapters.safetensors', files['adapters.safetensors'] as Uint8Array);
    const { tensors } = await readSafetensorsHeader(source);
    const read = async (name: string) => {
      const info = tensors.get(name);
      return info && { shape: info.shape, data: [...(await readTensorAsFloat32(source, info))] };
    };
    expect(await read('model.layers.0.self_attn.q_proj.lora_a')).toEqual({
      shape: [4, 2],
      data: [1, 5, 2, 6, 3, 7, 4, 8],
    });
    expect((await read('model.layers.1.self_attn.q_proj.lora_b'))?.data.every((value) => value === 0)).toBe(true);
  });
});

describe('a merged weight', () => {
  const module = { A: matrix(1, 3), B: matrix(2, 1) };

  it('is W + s B A, whichever way it lies', () => {
    const rows = new Float32Array(6);
    addUpdate(rows, 0, 3, { module, scale: 0.5, transposed: false });
    expect([...rows]).toEqual([0.5, 1, 1.5, 1, 2, 3]);
    const turned = new Float32Array(6);
    addUpdate(turned, 0, 2, { module, scale: 0.5, transposed: true });
    expect([...turned]).toEqual([0.5, 1, 1, 2, 1.5, 3]);
    const second = new Float32Array(3);
    addUpdate(second, 1, 3, { module, scale: 0.5, transposed: false });
    expect([...second]).toEqual([1, 2, 3]);
  });

  it('is rounded to the nearest, ties to even, and refused where it becomes infinite', () => {
    const values = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8);
    expect([...new Uint16Array(toBytes(values, 'BF16').slice().buffer)]).toEqual([0x3f80, 0x3f82]);
    expect(() => checkRange(Float32Array.of(65519), 'F16', 'w')).not.toThrow();
    expect(() => checkRange(Float32Array.of(65520), 'F16', 'w')).toThrow(/w holds 65520, which F16 cannot hold/);
    expect(() => checkRange(Float32Array.of(NaN), 'F32', 'w')).toThrow(/NaN/);
  });
});

describe('writing', () => {
  function memorySink(): FileSink & { files: Map<string, Uint8Array> } {
    const files = new Map<string, Uint8Array>();
    return {
      files,
      open(path) {
        files.set(path, new Uint8Array());
        return Promise.resolve({
          write: (bytes) =>
            Promise.resolve(void files.set(path, Uint8Array.of(...(files.get(path) as Uint8Array), ...bytes))),
          close: () => Promise.resolve(),
        });
      },
      remove: (path) => Promise.resolve(void files.delete(path)),
    };
  }

  it('ends with the sums of all files', async () => {
    const sink = memorySink();
    await writeFilesTo(sink, [textFile('a', 'abc'), textFile('b', '')]);
    expect(new TextDecoder().decode(sink.files.get('SHA256SUMS'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n' +
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n',
    );
  });

  it('writes of two files with one path the later', async () => {
    const sink = memorySink();
    const sums = await writeFilesTo(sink, [textFile('a', 'the base’s'), textFile('b', ''), textFile('a', 'abc')]);
    expect(new TextDecoder().decode(sink.files.get('a'))).toBe('abc');
    expect([...sums.keys()]).toEqual(['a', 'b', 'SHA256SUMS']);
  });

  it('leaves nothing of an export that fails or is stopped', async () => {
    const sink = memorySink();
    const failing = {
      path: 'b',
      sizeBytes: 3,
      async *pieces() {
        yield Uint8Array.of(1);
        await Promise.reject(new Error('the disk is full'));
      },
    };
    await expect(writeFilesTo(sink, [textFile('a', 'abc'), failing])).rejects.toThrow('the disk is full');
    expect([...sink.files.keys()]).toEqual([]);
    const controller = new AbortController();
    const writing = writeFilesTo(sink, [textFile('a', 'abc'), textFile('b', 'abc')], {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(writing).rejects.toThrow();
    expect([...sink.files.keys()]).toEqual([]);
  });
});

describe('lint', () => {
  const lint = async (
    changes: Record<string, unknown>,
    server: Parameters<typeof lintAdapter>[1],
    loraAdapter = adapter(),
  ) => {
    const files = writePeftAdapter(loraAdapter, '');
    const config = JSON.parse(new TextDecoder().decode(files['adapter_config.json'])) as object;
    const changed = new TextEncoder().encode(JSON.stringify({ ...config, ...changes }));
    const findings = await lintAdapter(filesOf({ ...files, 'adapter_config.json': changed }), server, 16);
    return findings.filter(({ rule }) => rule !== 'base_hash').map(({ rule, forbids }) => `${rule} ${forbids}`);
  };

  it.each([
    [{}, 'vllm', []],
    [{ r: 64 }, 'sglang', ['max_lora_rank true']],
    [{ lora_alpha: 1.5 }, 'vllm', ['lora_alpha true']],
    [{ lora_alpha: undefined }, 'transformers', ['lora_alpha true']],
    [{ target_modules: 'all-linear' }, 'vllm', ['target_modules true']],
    [{ modules_to_save: ['lm_head'] }, 'vllm', ['modules_to_save true']],
    [{ use_dora: true }, 'sglang', ['use_dora true']],
    [{ use_rslora: true }, 'vllm', ['use_rslora true']],
    [{ rank_pattern: { q_proj: 2 } }, 'vllm', ['rank_pattern true']],
    [{ alpha_pattern: { q_proj: 2 } }, 'vllm', ['alpha_pattern true']],
    [{ bias: 'all' }, 'vllm', ['bias true']],
    [{ bias: 'all' }, 'transformers', []],
    [{ base_model_name_or_path: 'C:\\models\\ours' }, 'vllm', ['base_model_name_or_path false']],
    [{ base_model_name_or_path: 'org/name' }, 'vllm', []],
    [{}, 'llama.cpp', ['format true']],
    [{}, 'ollama', ['adapter true']],
  ] as const)('of %j for %s finds %j', async (changes, server, found) => {
    expect(await lint(changes, server)).toEqual(found);
  });

  it('finds tensors that no server adapts, families without LoRA, and numbers that are none', async () => {
    expect(await lint({}, 'vllm', adapter('lm_head'))).toEqual(['tables true']);
    expect(await lint({}, 'vllm', adapter('gpt_neox.layers.0.attention.dense'))).toEqual(['architecture true']);
    const broken = adapter();
    broken.modules.get('model.layers.1.self_attn.q_proj')?.A.data.fill(NaN);
    expect(await lint({}, 'transformers', broken)).toEqual(['values true']);
    const large = adapter();
    large.modules.get('model.layers.1.self_attn.q_proj')?.A.data.fill(7e4);
    expect(await lint({}, 'vllm', large)).toEqual(['float16 false']);
  });
});
