/**
 * @file Weights held in float16 or in blocks against the same numbers written out in float32: one model, so log-probs,
 * LoRA gradients and answers must agree. The gradient goes through the dequantised product.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Precision } from '../core/dtype';
import { float16ArrayToFloat32 } from '../core/float';
import { dequantizeBlocks } from '../core/quantize';
import { Random } from '../core/random';
import { sizeOf } from '../core/shape';
import { wrapAdapter } from '../engine/device-adapter';
import { checkPrecision, loadModel } from '../engine/loaded-model';
import { describeShape } from '../engine/stored-weights';
import { countWeightBytes, listWeightsOnce, type Weight } from '../engine/weight-list';
import { bytesSource } from '../formats/byte-source';
import type { ModelCheckpoint } from '../formats/checkpoint';
import { openCheckpoint } from '../formats/checkpoint';
import { readTensorAsFloat32, writeSafetensors } from '../formats/safetensors';
import { DecodeEngine } from '../generation/decode-engine';
import { generateTokens } from '../generation/decoder';
import { layoutLora, linearNames } from '../models/lora';
import { storeMatrix } from '../models/weights';
import type { Executor } from '../runtime/executor';
import { Float64Executor } from '../runtime/float64-executor';
import { openWasmExecutor } from '../runtime/ort';
import { packRow } from './packing';
import { RowRunner } from './row-runner';

const promptIds = [5, 300, 7, 120, 383, 0];
const row = packRow([
  {
    promptIds,
    completions: [
      [1, 129, 250, 383, 3],
      [200, 0, 128],
    ],
  },
]);

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A Llama of 64 x 128: every linear has whole blocks. */
async function randomLlama(): Promise<ModelCheckpoint> {
  const config = {
    model_type: 'llama',
    num_hidden_layers: 2,
    hidden_size: 64,
    intermediate_size: 128,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 384,
    max_position_embeddings: 256,
    tie_word_embeddings: false,
  };
  const shape = await describeShape({ config } as unknown as ModelCheckpoint);
  const random = new Random(5);
  const weights = [...listWeightsOnce(shape).values()].map(({ name, shape: dims }) => ({
    name,
    shape: dims,
    data: Float32Array.from({ length: sizeOf(dims) }, () =>
      dims.length === 1 ? 1 + 0.1 * random.normal() : 0.15 * random.normal(),
    ),
  }));
  return openCheckpoint('random', asFiles(config, writeSafetensors(weights, {})));
}

const asFiles = (config: unknown, weights: Uint8Array) =>
  new Map([
    ['config.json', bytesSource('config.json', encode(config))],
    ['tokenizer.json', bytesSource('tokenizer.json', readFileSync('fixtures/tiny-llama/tokenizer.json'))],
    ['tokenizer_config.json', bytesSource('tokenizer_config.json', encode({}))],
    ['model.safetensors', bytesSource('model.safetensors', weights)],
  ]);

async function openFixture(name: string): Promise<ModelCheckpoint> {
  return openCheckpoint(
    name,
    new Map(
      readdirSync(`fixtures/${name}`).map((file) => [
        file,
        bytesSource(file, readFileSync(`fixtures/${name}/${file}`)),
      ]),
    ),
  );
}

/** What the device holds of a weight, in float32. */
function heldValues({ name, shape, storage, transposed }: Weight, data: Float32Array): Float32Array {
  const [first, scales] = storeMatrix(name, data, shape, storage, transposed);
  if (storage === 'float32') return data;
  if (storage === 'float16') return float16ArrayToFloat32(first?.data as Uint16Array);
  const held = dequantizeBlocks(
    { levels: first?.data as Uint8Array, scales: scales?.data as Float32Array },
    storage === 'int4' ? 4 : 8,
    32,
  );
  if (!transposed) return held;
  const [rows, columns] = shape as [number, number];
  return held.map((_, i) => held[(i % columns) * rows + Math.floor(i / columns)] as number);
}

/** The checkpoint whose float32 weights are what `precision` holds of this one's. */
async function roundCheckpoint(checkpoint: ModelCheckpoint, precision: Precision): Promise<ModelCheckpoint> {
  const shape = { ...(await describeShape(checkpoint)), precision };
  const tensors = [];
  for (const weight of listWeightsOnce(shape).values()) {
    const location =
      checkpoint.weights.get(weight.name) ??
      checkpoint.weights.get(weight.name.replace(shape.architecture.basePrefix, ''));
    if (!location) throw new Error(weight.name);
    tensors.push({
      name: weight.name,
      shape: weight.shape,
      data: heldValues(weight, await readTensorAsFloat32(location.source, location.info)),
    });
  }
  return openCheckpoint('rounded', asFiles(checkpoint.config, writeSafetensors(tensors, {})));
}

async function score(checkpoint: ModelCheckpoint, precision: Precision, executor: Executor) {
  const model = await loadModel(checkpoint, executor, { precision });
  const heldBytes = executor.memory().deviceBytes;
  const { architecture, config, slices } = model.shape;
  const layout = layoutLora(architecture, config, {
    r: 2,
    lora_alpha: 4,
    target_modules: linearNames(architecture, config),
  });
  const random = new Random(3);
  const adapter = wrapAdapter(
    layout,
    model.blocks.map(() =>
      executor.upload(
        Float32Array.from({ length: layout.size }, () => 0.1 * random.normal()),
        [layout.size],
      ),
    ),
  );
  const results = {
    heldBytes,
    slices,
    weightBytes: countWeightBytes(model.shape),
    logps: [] as number[],
    gradients: [] as number[][],
    tokens: [] as number[],
  };
  for (const policy of ['products', 'none'] as const) {
    const runner = new RowRunner(model, policy);
    results.logps.push(...(await runner.forward(row, adapter)));
    const tape = await runner.forwardSaving(row, adapter);
    results.logps.push(...tape.logps);
    const gradients = await runner.backward(
      tape,
      Float64Array.from(tape.logps, (_, i) => (i % 3) - 0.7),
      runner.zeroGradients(adapter),
    );
    for (const tensor of gradients) results.gradients.push([...(await executor.read(tensor))]);
    tape.dispose();
    await runner.dispose();
  }
  const decoding = new DecodeEngine(model);
  for await (const { id } of generateTokens(decoding, adapter, promptIds, {
    maxNewTokens: 12,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: 1,
    stopIds: [],
  }))
    results.tokens.push(id);
  await decoding.dispose();
  await executor.close();
  return results;
}

const relativeL2 = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(
    a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) /
      b.reduce((sum, value) => sum + value ** 2, 0),
  );

const openWasm = (tableBytes?: number) =>
  openWasmExecutor({ threads: 1, assets: null, ...(tableBytes && { tableBytes }) });

describe('a model whose weights are held in fewer bits', () => {
  const models = {
    'random llama': randomLlama,
    'tiny-qwen2': () => openFixture('tiny-qwen2'),
    'tiny-gpt2': () => openFixture('tiny-gpt2'),
  };
  for (const [name, open] of Object.entries(models)) {
    for (const precision of ['float16', 'int4'] as const) {
      it(`${name} in ${precision} is the model of the rounded weights: log-probs, gradients, answers`, async () => {
        const checkpoint = await open();
        const rounded = await roundCheckpoint(checkpoint, precision);
        const expected = await score(rounded, 'float32', await openWasm());
        const original = await score(checkpoint, 'float32', await openWasm());
        const whole = await score(checkpoint, precision, await openWasm());
        const cut = await score(checkpoint, precision, await openWasm(100 * 4 * 64));
        expect(cut.slices?.length).toBeGreaterThan(1);
        for (const actual of [whole, cut]) {
          actual.logps.forEach((logp, i) => expect(Math.abs(logp - (expected.logps[i] as number))).toBeLessThan(1e-4));
          actual.gradients.forEach((gradient, i) =>
            expect(relativeL2(gradient, expected.gradients[i] as number[])).toBeLessThan(1e-4),
          );
          expect(actual.tokens).toEqual(expected.tokens);
          expect(actual.heldBytes).toBe(actual.weightBytes);
        }
        expect(whole.weightBytes).toBeLessThan(0.7 * original.weightBytes);
        // It is another model than the one in float32, and not a far one.
        const change = Math.max(...original.logps.map((logp, i) => Math.abs(logp - (whole.logps[i] as number))));
        expect(change).toBeGreaterThan(precision === 'int4' ? 1e-3 : 0);
        expect(relativeL2(whole.logps, original.logps)).toBeLessThan(precision === 'int4' ? 0.3 : 1e-3);
      });
    }
  }

  it('is refused in float16 by a device without it, and by weights beyond it, in a sentence', () => {
    const device = Object.assign(new Float64Executor(), { takesFloat16: false });
    expect(() => checkPrecision(device, 'float16')).toThrow(/`shader-f16` feature is missing.*choose float32 or int4/);
    expect(() => checkPrecision(device, 'int4')).not.toThrow();
    expect(() => storeMatrix('w', Float32Array.of(1, -70000), [1, 2], 'float16')).toThrow(
      /'w' \[1, 2\] holds -70000, beyond the 65504/,
    );
  });
});
