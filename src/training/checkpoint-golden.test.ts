/**
 * @file Checkpoints whose config and tensors do not match in the usual way, and ropes that the tiny models lack,
 * against transformers: fixtures/golden/checkpoints.json, made by tools/make_checkpoint_golden.py.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { float32ArrayToBfloat16, float32ArrayToFloat16 } from '../core/float';
import type { PreferencePair } from '../data/preference-pair';
import { uploadAdapter } from '../engine/device-adapter';
import { loadModel } from '../engine/loaded-model';
import { describeShape } from '../engine/stored-weights';
import { countParameters } from '../engine/weight-list';
import { openModel } from '../engine/open-model';
import { bytesSource, type ByteSource } from '../formats/byte-source';
import type { ModelCheckpoint, WeightLocation } from '../formats/checkpoint';
import { openCheckpoint } from '../formats/checkpoint';
import type { LoraAdapter } from '../formats/peft';
import { readPeftAdapter, writePeftAdapter } from '../formats/peft';
import type { TensorToWrite } from '../formats/safetensors';
import { readSafetensorsHeader, readTensorAsFloat32, writeSafetensors } from '../formats/safetensors';
import { sentenceOf } from '../messages/message';
import { fromPeft, toPeft } from '../models/lora';
import { parseRunConfig } from '../run/config';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import type { TokenRow } from './golden-case';
import { completions, directory, encode, json, jsonLines, repeatRun, sum } from './golden-case';
import { pairLogps } from './pair-logps';
import { RowRunner } from './row-runner';
import { scoreTokens } from './token-logps';
import { computeLogps, train } from './trainer';

type Head = 'only' | 'lost' | 'copy' | 'other' | null;
interface Case {
  name: string;
  model: string;
  config: Record<string, unknown>;
  head: Head;
  logps: [chosen: number, rejected: number][];
}

interface AdapterCase {
  name: string;
  model: string;
  config: Record<string, unknown>;
  modules: string[];
  ranks: number[];
  logps: [chosen: number, rejected: number][];
}

const golden = json('fixtures/golden/checkpoints.json') as {
  checkpoints: Case[];
  adapters: AdapterCase[];
  copies: Record<string, { modules_to_save: string[] | null; names: string[] }>;
  chat: { template: string; rows: [promptTokens: number, chosen: number, rejected: number][] };
};
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Does to the output projection what the golden script did. */
function changeHead<T extends { name: string; data: Float32Array; shape: readonly number[] }>(
  tensors: T[],
  head: Head,
): T[] {
  const table = tensors.find(({ name }) => /(embed_tokens|embed_in|wte)\.weight$/.test(name));
  if (head === null || !table) return tensors;
  const width = table.shape[1] as number;
  const rows = Array.from({ length: table.shape[0] as number }, (_, i) =>
    table.data.subarray(i * width, (i + 1) * width),
  );
  const data = head === 'other' ? Float32Array.from(rows.reverse().flatMap((row) => [...row])) : table.data;
  const kept = tensors.filter(
    (tensor) =>
      !(tensor === table && (head === 'only' || head === 'lost')) &&
      (head === 'lost' || tensor.name !== 'lm_head.weight'),
  );
  return head === 'lost' ? kept : [...kept, { ...table, name: 'lm_head.weight', data }];
}

/** Opens a tiny model with a case's changes. */
async function openChanged({ name, model, config, head }: Pick<Case, 'name' | 'model' | 'config' | 'head'>) {
  const files = new Map(directory(join('fixtures', model)));
  const whole = { ...(json(join('fixtures', model, 'config.json')) as Record<string, unknown>), ...config };
  files.set('config.json', bytesSource('config.json', bytesOf(whole)));
  const source = files.get('model.safetensors');
  if (!source) throw new Error(model);
  const tensors = [];
  for (const info of (await readSafetensorsHeader(source)).tensors.values())
    tensors.push({ name: info.name, shape: info.shape, data: await readTensorAsFloat32(source, info) });
  const weights = writeSafetensors(changeHead(tensors, head), { format: 'pt' });
  files.set('model.safetensors', bytesSource('model.safetensors', weights));
  return openCheckpoint(name, files);
}

const pairsOf = (model: string, count: number) => {
  const own = join('fixtures/golden', model, 'tokens.json');
  const tokens = json(existsSync(own) ? own : 'fixtures/golden/tiny-llama/tokens.json') as { pairs: TokenRow[] };
  return encode(tokens.pairs.slice(0, count));
};

let executor: Executor;
beforeAll(async () => {
  executor = await openWasmExecutor({ threads: 1, assets: null });
});
afterAll(() => executor.close());

async function logpsOf(checkpoint: ModelCheckpoint, model: string, count: number, adapter?: LoraAdapter) {
  const loaded = await loadModel(checkpoint, executor);
  const runner = new RowRunner(loaded);
  const device = adapter ? uploadAdapter(loaded, adapter) : null;
  const logps = await computeLogps(runner, pairsOf(model, count).map(completions), device);
  await runner.dispose();
  loaded.dispose();
  return { loaded, logps: logps.map(({ chosen, rejected }) => [sum(chosen), sum(rejected)]) };
}

describe('log-probs equal those of transformers within 1e-3 nats', () => {
  it.each(golden.checkpoints)('$model: $name', async ({ logps: expected, ...changed }) => {
    const { logps } = await logpsOf(await openChanged(changed), changed.model, expected.length);
    expected.flat().forEach((value, i) => expect(Math.abs((logps.flat()[i] as number) - value)).toBeLessThan(1e-3));
  });
});

describe('whether the output projection is the embedding', () => {
  const tied = { name: 'tiny', model: 'tiny-llama', config: { tie_word_embeddings: true } };

  it('is decided by the files; a warning says where config.json is wrong', async () => {
    const { loaded } = await logpsOf(await openChanged({ ...tied, head: null }), 'tiny-llama', 1);
    expect(loaded.shape.config.tiedEmbeddings).toBe(false);
    expect(loaded.warnings.map((warning) => sentenceOf(warning))).toEqual([
      expect.stringMatching(/ties the output projection .* hold another one, lm_head\.weight; it is used/),
    ]);
  });

  it.each<Head>(['copy', 'only', 'lost'])('a head that is the table (%s) is held once', async (head) => {
    const { loaded } = await logpsOf(await openChanged({ ...tied, head }), 'tiny-llama', 1);
    expect([loaded.shape.config.tiedEmbeddings, loaded.warnings]).toEqual([true, []]);
    const untied = await describeShape(await openChanged({ ...tied, head: null }));
    expect(countParameters(untied) - loaded.parameters).toBe(384 * 48);
  });

  it('weights that lack both, or a head that is not tied, are refused', async () => {
    const lost = await openChanged({ ...tied, head: 'lost', config: { tie_word_embeddings: false } });
    await expect(loadModel(lost, executor)).rejects.toThrow(/lack 'model\.embed_tokens\.weight', which config\.json/);
  });
});

const base = { name: 'tiny', model: 'tiny-llama', config: {}, head: null };
const goldenAdapter = 'fixtures/golden/tiny-llama/init-adapter/adapter_model.safetensors';

/** The first rows of A, the first columns of B. */
function cut({ name, shape, data }: TensorToWrite, rank: number): TensorToWrite {
  const [rows = 0, columns = 0] = shape;
  if (name.includes('.lora_A.')) return { name, shape: [rank, columns], data: data.slice(0, rank * columns) };
  return { name, shape: [rows, rank], data: data.filter((_, i) => i % columns < rank) };
}

/** An adapter's directory with the golden adapter's matrices of some modules, and other tensors beside them. */
async function adapterFiles(
  config: object,
  modules: readonly string[],
  beside: readonly TensorToWrite[] = [],
  ranks: readonly number[] = [],
) {
  const source = bytesSource('adapter_model.safetensors', readFileSync(goldenAdapter));
  const { tensors } = await readSafetensorsHeader(source);
  const names = modules.flatMap((module) => ['A', 'B'].map((half) => `base_model.model.${module}.lora_${half}.weight`));
  const taken = [];
  for (const name of names) {
    const info = tensors.get(name);
    if (!info) throw new Error(name);
    const whole = { name, shape: info.shape, data: await readTensorAsFloat32(source, info) };
    taken.push(cut(whole, ranks[modules.findIndex((module) => name.includes(`.${module}.`))] ?? 4));
  }
  return new Map([
    [
      'adapter_config.json',
      bytesSource('adapter_config.json', bytesOf({ peft_type: 'LORA', r: 4, lora_alpha: 8, ...config })),
    ],
    [
      'adapter_model.safetensors',
      bytesSource('adapter_model.safetensors', writeSafetensors([...taken, ...beside], {})),
    ],
  ]);
}

describe('an adapter on some of the layers, or of several ranks and scales', () => {
  it.each(golden.adapters)(
    'gives the log-probs of PEFT: $name',
    async ({ config, modules, ranks, logps: expected }) => {
      const adapter = await readPeftAdapter(await adapterFiles(config, modules, [], ranks));
      const { logps } = await logpsOf(await openChanged(base), 'tiny-llama', expected.length, adapter);
      expected.flat().forEach((value, i) => expect(Math.abs((logps.flat()[i] as number) - value)).toBeLessThan(1e-3));
    },
  );

  it.each(golden.adapters)(
    'is written as it was read, and names no other module: $name',
    async ({ config, modules, ranks }) => {
      const { shape } = await loadModel(await openChanged(base), executor);
      const { layout, blocks } = fromPeft(
        shape.architecture,
        shape.config,
        await readPeftAdapter(await adapterFiles(config, modules, [], ranks)),
      );
      const written = toPeft(shape.architecture, layout, blocks, null);
      const again = await readPeftAdapter(
        new Map(Object.entries(writePeftAdapter(written, '')).map(([name, bytes]) => [name, bytesSource(name, bytes)])),
      );
      expect([...again.modules.keys()].sort()).toEqual(modules);
      // What PEFT would adapt by this config.
      const all = [0, 1].flatMap((layer) =>
        shape.architecture.linears(shape.config).map(({ path }) => ({ layer, name: `model.layers.${layer}.${path}` })),
      );
      const adapted = all.filter(
        ({ layer, name }) =>
          again.target_modules.some((target) => name === target || name.endsWith(`.${target}`)) &&
          (again.layers_to_transform?.includes(layer) ?? true),
      );
      expect(adapted.map(({ name }) => name).sort()).toEqual(modules);
    },
  );

  it('is refused where its config names a module that its file lacks', async () => {
    const files = await adapterFiles({ target_modules: ['q_proj'] }, ['model.layers.1.self_attn.q_proj']);
    const adapter = await readPeftAdapter(files);
    await expect(logpsOf(await openChanged(base), 'tiny-llama', 1, adapter)).rejects.toThrow(
      "no tensors for 'model.layers.0.self_attn.q_proj', which its config names",
    );
  });

  it('is trained as by TRL, and moves in its own layer alone', async () => {
    const folder = 'fixtures/golden/tiny-llama';
    const adapter = await readPeftAdapter(directory(join(folder, 'dpo-layers/init-adapter')));
    const model = await loadModel(await openChanged(base), executor);
    const errors = await repeatRun(model, { golden: folder, run: 'dpo-layers' }, adapter, pairsOf('tiny-llama', 10));
    expect(errors.steps).toBe(0);
    expect(errors.loss).toBeLessThan(1e-4);
    expect(errors.gradNorm).toBeLessThan(1e-4);
    expect(errors.move).toBeLessThan(1e-3);
    model.dispose();
  });

  it('is not continued where modules have scales of their own, which PEFT steps otherwise', async () => {
    const modules = [0, 1].map((layer) => `model.layers.${layer}.self_attn.q_proj`);
    const first = 'layers.0.self_attn.q_proj';
    const read = async (config: object, ranks: readonly number[] = []) =>
      readPeftAdapter(await adapterFiles({ target_modules: ['q_proj'], ...config }, modules, [], ranks));
    const model = await loadModel(await openChanged(base), executor);
    const settings = { lora_target_modules: ['q_proj'], max_steps: 1, per_device_train_batch_size: 2 };
    const go = async (config: object) =>
      train(model, {
        config: parseRunConfig(settings),
        pairs: pairsOf('tiny-llama', 2),
        initAdapter: await read(config),
      });
    await expect(go({ alpha_pattern: { [first]: 1 } })).rejects.toThrow(
      /gives some modules a scale of their own .* Train a fresh adapter/,
    );
    await expect(go({})).resolves.toBeDefined();
    const lower = { rank_pattern: { [first]: 2 } };
    expect((await read(lower, [2, 4])).isRescaled).toBe(true);
    expect((await read({ ...lower, alpha_pattern: { [first]: 4 } }, [2, 4])).isRescaled).toBe(false);
    model.dispose();
  });

  it('is what a run with layers_to_transform makes', async () => {
    const model = await loadModel(await openChanged(base), executor);
    const settings = {
      layers_to_transform: 1,
      layers_pattern: 'layers',
      lora_target_modules: ['q_proj'],
      max_steps: 2,
    };
    const run = (changes: object) =>
      train(model, {
        config: parseRunConfig({ lora_r: 4, per_device_train_batch_size: 2, ...settings, ...changes }),
        pairs: pairsOf('tiny-llama', 4),
      });
    const { adapter } = await run({ learning_rate: 1e-2 });
    expect([...adapter.modules.keys()]).toEqual(['model.layers.1.self_attn.q_proj']);
    expect([adapter.target_modules, adapter.layers_to_transform]).toEqual([['q_proj'], [1]]);
    expect(adapter.modules.get('model.layers.1.self_attn.q_proj')?.B.data.some((value) => value !== 0)).toBe(true);
    await expect(run({ layers_to_transform: [0, 2] })).rejects.toThrow(/names layer 2; this model's layers are 0 to 1/);
    await expect(run({ layers_pattern: 'h' })).rejects.toThrow(/`layers_pattern` is h; .* in the list layers/);
    model.dispose();
  });
});

describe('weights that PEFT saves beside LoRA', () => {
  const module = 'model.layers.0.self_attn.q_proj';
  const changed = (tensors: readonly TensorToWrite[]): TensorToWrite[] =>
    tensors.map((tensor) => ({ ...tensor, data: tensor.data.map((value, i) => (i === 5 ? value + 1e-3 : value)) }));

  it.each(Object.entries(golden.copies))('%s: unchanged they are passed over, changed refused', async (_, saved) => {
    const checkpoint = await openChanged(base);
    const copies = await Promise.all(
      saved.names.map(async (name) => {
        const { source, info } = checkpoint.weights.get(name.replace('base_model.model.', '')) as WeightLocation;
        return { name, shape: info.shape, data: await readTensorAsFloat32(source, info) };
      }),
    );
    const config = { target_modules: ['layers.0.self_attn.q_proj'], modules_to_save: saved.modules_to_save };
    const score = async (beside: readonly TensorToWrite[]) =>
      logpsOf(checkpoint, 'tiny-llama', 1, await readPeftAdapter(await adapterFiles(config, [module], beside)));
    expect(copies).toHaveLength(2);
    expect((await score(copies)).logps).toEqual((await score([])).logps);
    await expect(score(changed(copies))).rejects.toThrow(
      /The adapter's file holds .*\.weight beside LoRA, and not with the values of tiny: it was trained too/,
    );
  });
});

it('a template that leaves its loop keeps what the round has printed, as by transformers', async () => {
  const files = directory('fixtures/tiny-llama');
  const { template, rows } = golden.chat;
  const opened = await openModel('tiny', files, executor, { chatTemplate: { source: template, file: 'template' } });
  const pairs = jsonLines<PreferencePair>('fixtures/chat-pairs.jsonl').slice(0, rows.length);
  const scored = await pairLogps(opened, pairs, null, 1024);
  rows.forEach(([promptTokens, chosen, rejected], i) => {
    const row = scored[i];
    expect(row?.prompt_tokens).toBe(promptTokens);
    expect(Math.abs((row?.chosen_logps ?? NaN) - chosen)).toBeLessThan(1e-3);
    expect(Math.abs((row?.rejected_logps ?? NaN) - rejected)).toBeLessThan(1e-3);
  });
});

/** A safetensors file of one dtype, as a checkpoint may have it. */
function writeAs(tensors: readonly TensorToWrite[], dtype: 'F32' | 'F16' | 'BF16'): Uint8Array {
  const narrow = { F32: (data: Float32Array) => data, F16: float32ArrayToFloat16, BF16: float32ArrayToBfloat16 }[dtype];
  const parts = tensors.map(({ data }) => {
    const { buffer, byteOffset, byteLength } = narrow(data);
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  let end = 0;
  const entries = tensors.map(({ name, shape }, i) => {
    const length = parts[i]?.byteLength ?? 0;
    return [name, { dtype, shape, data_offsets: [end, (end += length)] }] as const;
  });
  const header = bytesOf(Object.fromEntries(entries));
  const prefix = new Uint8Array(new BigUint64Array([BigInt(header.byteLength)]).buffer);
  return Uint8Array.from([prefix, header, ...parts].flatMap((part) => [...part]));
}

/** tiny-llama with one tensor spoilt, as a checkpoint stores it. */
async function spoilt(spoil: (data: Float32Array) => void, dtype: 'F32' | 'F16' | 'BF16' = 'F32') {
  const files = new Map(directory('fixtures/tiny-llama'));
  const source = files.get('model.safetensors') as ByteSource;
  const tensors = [];
  for (const info of (await readSafetensorsHeader(source)).tensors.values())
    tensors.push({ name: info.name, shape: info.shape, data: await readTensorAsFloat32(source, info) });
  const target = tensors.find(({ name }) => name === 'model.layers.1.mlp.up_proj.weight');
  if (target === undefined) throw new Error('tiny-llama has no such weight');
  spoil(target.data);
  files.set('model.safetensors', bytesSource('model.safetensors', writeAs(tensors, dtype)));
  return files;
}

describe('a weight that is no number', () => {
  it.each([
    ['F32', NaN],
    ['F32', Infinity],
    ['F16', NaN],
    ['F16', -Infinity],
    ['BF16', NaN],
    ['BF16', Infinity],
  ] as const)('is refused by name and place, of %s and %d', async (dtype, value) => {
    const files = await spoilt((data) => data.set([value], 50), dtype);
    await expect(openModel('spoilt', files, executor)).rejects.toThrow(
      `Element [1, 2] of the weight 'model.layers.1.mlp.up_proj.weight' in model.safetensors is ${value}.`,
    );
  });
});

describe('weights too large for float32 arithmetic', () => {
  const openHuge = async () => openModel('huge', await spoilt((data) => data.fill(1e38)), executor);
  const blamed = /scores its text with (NaN|-?Infinity), before any training: a weight of the checkpoint/;
  const pairs = [{ prompt: 'The fern', chosen: ' grows.', rejected: ' sleeps.' }];

  it('give no log-prob, of a pair or of a token', async () => {
    const opened = await openHuge();
    await expect(pairLogps(opened, pairs, null, 64)).rejects.toThrow(
      /^Pair 1 has no log-probabilities: The model scores/,
    );
    const request = { prompt: 'The fern', answers: [[5, 6]], policy: null, reference: null };
    await expect(scoreTokens(opened, request)).rejects.toThrow(blamed);
  });

  it.each(['dpo', 'sft'] as const)('are what a run of %s ends with, not the device', async (method) => {
    const { model } = await openHuge();
    const run = train(model, { config: parseRunConfig({ method, max_steps: 2 }), pairs: pairsOf('tiny-llama', 2) });
    await expect(run).rejects.toThrow(blamed);
  });
});
