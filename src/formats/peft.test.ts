/**
 * @file LoRA adapters: one that PEFT saved (fixtures/adapter.json), the same bytes back, and a refusal for every option
 * that plain LoRA does not have.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { float32ArrayToFloat16 } from '../core/float';
import { bytesSource } from './byte-source';
import type { Directory } from './checkpoint';
import fixture from './fixtures/adapter.json';
import { readPeftAdapter, writePeftAdapter } from './peft';
import type { LoraAdapter } from './peft';
import { writeSafetensors } from './safetensors';
import type { TensorToWrite } from './safetensors';

const fromBase64 = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const toText = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const toDirectory = (files: Record<string, Uint8Array>): Directory =>
  new Map(Object.entries(files).map(([path, bytes]) => [path, bytesSource(path, bytes)]));

const peftFiles = Object.fromEntries(Object.entries(fixture.files).map(([name, text]) => [name, fromBase64(text)]));
const peftConfig = JSON.parse(toText(peftFiles['adapter_config.json'])) as Record<string, unknown>;

const module = 'model.layers.0.self_attn.q_proj';
const tensor = (name: string, shape: [number, number], value = 1): TensorToWrite => ({
  name,
  shape,
  data: new Float32Array(shape[0] * shape[1]).fill(value),
});
const pair = (path = module, r = 2): TensorToWrite[] => [
  tensor(`base_model.model.${path}.lora_A.weight`, [r, 3]),
  tensor(`base_model.model.${path}.lora_B.weight`, [4, r]),
];

/** An adapter directory with PEFT's own config, changed. */
function adapter(changes: Record<string, unknown>, tensors: TensorToWrite[] = pair()): Directory {
  const config = { ...peftConfig, r: 2, target_modules: ['q_proj'], ...changes };
  return toDirectory({
    'adapter_config.json': new TextEncoder().encode(JSON.stringify(config)),
    'adapter_model.safetensors': writeSafetensors(tensors, { format: 'pt' }),
  });
}

describe('an adapter that PEFT saved', () => {
  it('is read', async () => {
    const read = await readPeftAdapter(toDirectory(peftFiles));
    expect([read.r, read.lora_alpha, read.base_model_name_or_path]).toEqual([2, 6, null]);
    expect([...read.target_modules].sort()).toEqual(['down_proj', 'q_proj']);
    expect([...read.modules.keys()].sort()).toEqual(
      [0, 1].flatMap((layer) => [`model.layers.${layer}.mlp.down_proj`, `model.layers.${layer}.self_attn.q_proj`]),
    );
    expect(read.modules.get('model.layers.1.mlp.down_proj')?.A.shape).toEqual([2, 12]);
    expect(read.modules.get('model.layers.1.mlp.down_proj')?.B.shape).toEqual([8, 2]);
    for (const [path, { A, B }] of read.modules) {
      const sums = fixture.sums as Record<string, number>;
      for (const [half, { data }] of [
        ['A', A],
        ['B', B],
      ] as const) {
        expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(sums[`${path}.lora_${half}.weight`] ?? NaN, 10);
      }
    }
  });

  it('is written back with the same tensor bytes', async () => {
    const files = writePeftAdapter(await readPeftAdapter(toDirectory(peftFiles)), '# An adapter\n');
    expect(Object.keys(files).sort()).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);
    expect(files['adapter_model.safetensors']).toEqual(peftFiles['adapter_model.safetensors']);
    expect(toText(files['README.md'])).toBe('# An adapter\n');
  });
});

const goldens = ['tiny-llama', 'tiny-mistral', 'tinystories-260k']
  .flatMap((name) => [`fixtures/golden/${name}/init-adapter`, `fixtures/golden/${name}/reward/init-adapter`])
  .filter((path) => existsSync(path));

describe.skipIf(goldens.length === 0)('adapters of fixtures/golden (skipped where absent)', () => {
  it.each(goldens)('%s is read and written back', async (path) => {
    const files = Object.fromEntries(
      ['adapter_config.json', 'adapter_model.safetensors'].map((name) => [
        name,
        new Uint8Array(readFileSync(`${path}/${name}`)),
      ]),
    );
    const read = await readPeftAdapter(toDirectory(files));
    expect(read.modules.size).toBeGreaterThan(5);
    const written = writePeftAdapter(read, '')['adapter_model.safetensors'] ?? new Uint8Array();
    expect(Buffer.compare(written, files['adapter_model.safetensors'] ?? new Uint8Array())).toBe(0);
  });
});

describe('writePeftAdapter', () => {
  it('writes layers_to_transform where not every layer is adapted', () => {
    const written = JSON.parse(
      toText(writePeftAdapter({ ...own, layers_to_transform: [1] }, '')['adapter_config.json']),
    ) as Record<string, unknown>;
    expect(written['layers_to_transform']).toEqual([1]);
  });

  const matrix = (rows: number, columns: number) => ({
    shape: [rows, columns] as const,
    data: Float32Array.from({ length: rows * columns }, (_, i) => i / 7),
  });
  const own: LoraAdapter = {
    r: 2,
    lora_alpha: 16.5,
    target_modules: ['v_proj', 'q_proj'],
    fan_in_fan_out: false,
    base_model_name_or_path: 'org/base-1.0',
    layers_to_transform: null,
    modules: new Map([['model.layers.0.self_attn.v_proj', { A: matrix(2, 3), B: matrix(5, 2) }]]),
  };
  const configOf = (adapter: LoraAdapter) =>
    JSON.parse(toText(writePeftAdapter(adapter, '')['adapter_config.json'])) as Record<string, unknown>;

  it("and readPeftAdapter are each other's inverse", async () => {
    const read = await readPeftAdapter(toDirectory(writePeftAdapter(own, '')));
    expect(read).toEqual({ ...own, target_modules: ['q_proj', 'v_proj'] });
  });

  it('writes the score head of a reward model as PEFT saves one, and reads it back', async () => {
    const scorer = { ...own, score: Float32Array.of(0.5, -1, 2) };
    expect(configOf(scorer)).toMatchObject({ task_type: 'SEQ_CLS', modules_to_save: ['score'] });
    const read = await readPeftAdapter(toDirectory(writePeftAdapter(scorer, '')));
    expect(read).toEqual({ ...scorer, target_modules: ['q_proj', 'v_proj'] });
  });

  it('writes the keys of PEFT 0.4, with targets sorted', () => {
    expect(configOf(own)).toEqual({
      base_model_name_or_path: 'org/base-1.0',
      bias: 'none',
      fan_in_fan_out: false,
      inference_mode: true,
      init_lora_weights: true,
      lora_alpha: 16.5,
      lora_dropout: 0,
      modules_to_save: null,
      peft_type: 'LORA',
      r: 2,
      target_modules: ['q_proj', 'v_proj'],
      task_type: 'CAUSAL_LM',
    });
  });

  it.each([
    '/home/kim/models/base',
    'C:\\models\\base',
    './base',
    '../org/base',
    'base',
    'a/b/c',
    '~/base',
    'org/..',
    '',
  ])('does not tell the local path %j', (path) => {
    expect(configOf({ ...own, base_model_name_or_path: path })['base_model_name_or_path']).toBeNull();
  });

  it('refuses a module of another rank', () => {
    expect(() => writePeftAdapter({ ...own, r: 3 }, '')).toThrow(/does not have rank 3/);
  });
});

describe('readPeftAdapter takes', () => {
  it('rsLoRA, folded into lora_alpha', async () => {
    const tensors = pair(module, 4);
    expect((await readPeftAdapter(adapter({ r: 4, lora_alpha: 6, use_rslora: true }, tensors))).lora_alpha).toBe(12);
    expect((await readPeftAdapter(adapter({ r: 4, lora_alpha: 6 }, tensors))).lora_alpha).toBe(6);
  });

  it('the four keys that matter alone', async () => {
    const files = adapter({});
    const config = new TextEncoder().encode(
      JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 3, target_modules: ['q_proj'] }),
    );
    const read = await readPeftAdapter(
      new Map([...files, ['adapter_config.json', bytesSource('adapter_config.json', config)]]),
    );
    expect([read.r, read.lora_alpha, read.modules.size]).toEqual([2, 3, 1]);
  });

  it('targets as full paths or as a regular expression', async () => {
    expect((await readPeftAdapter(adapter({ target_modules: [module] }))).target_modules).toEqual([module]);
    expect((await readPeftAdapter(adapter({ target_modules: '.*q_proj' }))).target_modules).toEqual([module]);
  });

  it('float16 tensors and a leading folder', async () => {
    const half = new Uint8Array(float32ArrayToFloat16(Float32Array.of(1, 2, 3, 4, 5, 6)).buffer);
    const [nameA, nameB] = pair().map(({ name }) => name);
    const header = JSON.stringify({
      [nameA ?? '']: { dtype: 'F16', shape: [2, 3], data_offsets: [0, 12] },
      [nameB ?? '']: { dtype: 'F16', shape: [3, 2], data_offsets: [12, 24] },
    });
    const bytes = new Uint8Array(8 + header.length + 24);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.set(half, 8 + header.length);
    bytes.set(half, 8 + header.length + 12);
    const files = new Map([
      ...adapter({}),
      ['adapter_model.safetensors', bytesSource('adapter_model.safetensors', bytes)],
    ]);
    const nested = new Map([...files].map(([path, source]) => [`my-adapter/${path}`, source]));
    const read = (await readPeftAdapter(nested)).modules.get(module);
    expect([read?.A.shape, [...(read?.B.data ?? [])]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it('layers_to_transform, as one index or a list, and none where it is empty', async () => {
    const layersOf = async (layers_to_transform: unknown) =>
      (await readPeftAdapter(adapter({ layers_to_transform }))).layers_to_transform;
    expect(await Promise.all([0, [2, 0, 2], [], null].map(layersOf))).toEqual([[0], [0, 2], null, null]);
    for (const bad of ['0', [-1], [0.5], { 0: 1 }])
      await expect(layersOf(bad)).rejects.toThrow(/`layers_to_transform` .*; it must be a layer's index or a list/);
  });

  it('copies of embedding and head beside LoRA, by their hash', async () => {
    const copies = [
      tensor('base_model.model.lm_head.weight', [2, 3], 0.5),
      tensor('base_model.model.model.embed_tokens.weight', [2, 3]),
    ];
    const read = await readPeftAdapter(
      adapter({ modules_to_save: ['lm_head', 'embed_tokens'] }, [...pair(), ...copies]),
    );
    expect(read.copies?.map(({ name }) => name)).toEqual(['lm_head.weight', 'model.embed_tokens.weight']);
    expect(read.copies?.[1]?.sha256).toBe(
      createHash('sha256')
        .update(new Uint8Array(copies[1]?.data.buffer as ArrayBuffer))
        .digest('hex'),
    );
    expect((await readPeftAdapter(adapter({}))).copies).toBeUndefined();
  });

  it.each([true, false, 'gaussian', 'eva', 'orthogonal'])(
    'init_lora_weights %s, which leaves the base as it is',
    async (init) => {
      expect((await readPeftAdapter(adapter({ init_lora_weights: init }))).modules.size).toBe(1);
    },
  );
});

describe('readPeftAdapter refuses by name', () => {
  it.each<[string, unknown]>([
    ['use_dora', true],
    ['bias', 'lora_only'],
    ['bias', 'all'],
    ['modules_to_save', ['lm_head', 'norm']],
    ['rank_pattern', { '(?<=q)_proj': 4 }],
    ['alpha_pattern', { 'q_proj(': 4 }],
    [
      'layer_replication',
      [
        [0, 4],
        [2, 5],
      ],
    ],
    ['trainable_token_indices', [1]],
    ['lora_bias', true],
    ['target_parameters', ['experts']],
    ['alora_invocation_tokens', [1]],
    ['use_qalora', true],
    ['init_lora_weights', 'pissa'],
    ['init_lora_weights', 'pissa_niter_4'],
    ['init_lora_weights', 'olora'],
    ['init_lora_weights', 'loftq'],
    ['task_type', 'SEQ_2_SEQ_LM'],
    ['modules_to_save', ['score']],
    ['arrow_config', { top_k: 1 }],
    ['use_bdlora', true],
  ])('%s %j', async (key, value) => {
    const sentence = new RegExp(
      `^adapter_config\\.json sets \`${key}\` to .*, which Airlock does not support\\. Train the adapter as plain LoRA`,
    );
    await expect(readPeftAdapter(adapter({ [key]: value }))).rejects.toThrow(sentence);
    await expect(readPeftAdapter(adapter({ [key]: value }))).rejects.toThrow(UserError);
  });

  const [A, B] = pair() as [TensorToWrite, TensorToWrite];
  it.each<[string, Record<string, unknown>, TensorToWrite[], RegExp]>([
    ['another peft_type', { peft_type: 'IA3' }, [A, B], /has the peft_type "IA3"/],
    ['no peft_type', { peft_type: undefined }, [A, B], /has the peft_type null/],
    ['a rank that is no number', { r: '2' }, [A, B], /rank `r` "2"; it must be a whole number/],
    ['a rank of 0', { r: 0 }, [A, B], /rank `r` 0/],
    ['no lora_alpha', { lora_alpha: undefined }, [A, B], /`lora_alpha` null; it must be a number/],
    ['no targets', { target_modules: null }, [A, B], /has no list of `target_modules`/],
    [
      'a rank that the tensors do not have',
      { r: 3 },
      [A, B],
      /says r = 3, but the tensor ".*lora_A\.weight" of adapter_model\.safetensors has rank 2 \(shape \[2, 3\]\)/,
    ],
    [
      'a rank that lora_B does not have',
      {},
      [A, { ...B, shape: [2, 4] }],
      /lora_B\.weight" of adapter_model\.safetensors has rank 4/,
    ],
    ['A without B', {}, [A], /has no lora_B for model\.layers\.0\.self_attn\.q_proj, only its other half/],
    ['B without A', {}, [B], /has no lora_A for/],
    ['no tensors', {}, [], /holds no LoRA tensor/],
    [
      'a reward model without its head',
      { task_type: 'SEQ_CLS', modules_to_save: ['score'] },
      [A, B],
      /adapter_model\.safetensors has no base_model\.model\.score\.weight, its score head/,
    ],
    [
      'a head of several outputs',
      { task_type: 'SEQ_CLS', modules_to_save: ['classifier', 'score'] },
      [A, B, tensor('base_model.model.score.weight', [2, 3])],
      /is \[2, 3\]; the score head of a reward model has one row/,
    ],
    [
      'a head with a NaN',
      { task_type: 'SEQ_CLS', modules_to_save: ['score'] },
      [A, B, { name: 'base_model.model.score.weight', shape: [1, 2], data: Float32Array.of(1, NaN) }],
      /Element \[0, 1\] of the tensor ".*score\.weight" .* is NaN/,
    ],
    [
      'a head beside an adapter that answers',
      {},
      [A, B, tensor('base_model.model.score.weight', [1, 3])],
      /score\.weight", which is not part of plain LoRA/,
    ],
    [
      'DoRA tensors',
      {},
      [A, B, tensor(`base_model.model.${module}.lora_magnitude_vector`, [4, 1])],
      /lora_magnitude_vector", which is not part of plain LoRA/,
    ],
    [
      'tensors of a full model',
      {},
      [tensor('model.embed_tokens.weight', [2, 2])],
      /"model\.embed_tokens\.weight", which is not part of plain LoRA/,
    ],
    [
      'a matrix of three dimensions',
      {},
      [{ ...A, shape: [2, 3, 1] }, B],
      /is \[2, 3, 1\]; a LoRA matrix has two sizes/,
    ],
    [
      'modules outside the targets',
      { target_modules: ['k_proj'] },
      [A, B],
      /adapts model\.layers\.0\.self_attn\.q_proj, which `target_modules` .* does not name \(k_proj\)/,
    ],
    [
      'a NaN',
      {},
      [{ ...A, data: Float32Array.of(1, 2, NaN, 4, 5, 6) }, B],
      /Element \[0, 2\] of the tensor ".*lora_A\.weight" .* is NaN; every weight must be a finite number/,
    ],
    ['an infinity', {}, [A, { ...B, data: new Float32Array(8).fill(-Infinity) }], /Element \[0, 0\] .* is -Infinity/],
  ])('%s', async (_, changes, tensors, message) => {
    await expect(readPeftAdapter(adapter(changes, tensors))).rejects.toThrow(message);
    await expect(readPeftAdapter(adapter(changes, tensors))).rejects.toThrow(UserError);
  });

  it('an MLX adapter', async () => {
    const config = { fine_tune_type: 'lora', num_layers: 16, lora_parameters: { rank: 8, scale: 20, dropout: 0 } };
    const files = toDirectory({
      'adapter_config.json': new TextEncoder().encode(JSON.stringify(config)),
      'adapters.safetensors': writeSafetensors([tensor('model.layers.0.self_attn.q_proj.lora_a', [3, 2])], {}),
    });
    await expect(readPeftAdapter(files)).rejects.toThrow(
      /^This is an MLX adapter \(adapters\.safetensors\); Airlock reads PEFT's .*mlx_lm\.fuse --dequantize/,
    );
  });

  it('missing and wrong files', async () => {
    const files = [...adapter({})];
    const without = (name: string) => new Map(files.filter(([path]) => path !== name));
    await expect(readPeftAdapter(without('adapter_config.json'))).rejects.toThrow(
      /^The adapter has no adapter_config\.json;/,
    );
    await expect(readPeftAdapter(without('adapter_model.safetensors'))).rejects.toThrow(
      /^The adapter has no adapter_model\.safetensors;/,
    );
    const pickled = new Map([
      ...without('adapter_model.safetensors'),
      ['adapter_model.bin', bytesSource('adapter_model.bin', new Uint8Array(1))] as const,
    ]);
    await expect(readPeftAdapter(pickled)).rejects.toThrow(/in adapter_model\.bin, a pickle that may run code/);
    const broken = new Map([
      ...files,
      ['adapter_model.safetensors', bytesSource('adapter_model.safetensors', new Uint8Array(3))] as const,
    ]);
    await expect(readPeftAdapter(broken)).rejects.toThrow(
      /^adapter_model\.safetensors is not a valid safetensors file/,
    );
  });
});
