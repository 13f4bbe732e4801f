/** @file A model cut by vocabulary for a small binding limit is the same model: log-probs, LoRA gradients, answers. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { wrapAdapter } from '../engine/device-adapter';
import { loadModel } from '../engine/loaded-model';
import type { LoadedModel } from '../engine/loaded-model';
import { shapeOf } from '../engine/random-model';
import { bytesSource } from '../formats/byte-source';
import { openCheckpoint } from '../formats/checkpoint';
import { DecodeEngine } from '../generation/decode-engine';
import { generateTokens } from '../generation/decoder';
import { layoutLora, linearNames } from '../models/lora';
import { sliceVocabulary } from '../models/vocabulary';
import type { Executor } from '../runtime/executor';
import { Float64Executor } from '../runtime/float64-executor';
import { openWasmExecutor } from '../runtime/ort';
import { planMemory } from './memory-plan';
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

async function scores(executor: Executor, name: string) {
  const files = new Map(
    readdirSync(`fixtures/${name}`).map((file) => [file, bytesSource(file, readFileSync(`fixtures/${name}/${file}`))]),
  );
  const model: LoadedModel = await loadModel(await openCheckpoint(name, files), executor);
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
  const runner = new RowRunner(model);
  const plain = await runner.forward(row, adapter);
  const tape = await runner.forwardSaving(row, adapter, { takesSquares: true });
  const { logps, logSquares } = tape;
  const seeds = Float64Array.from(logps, (_, i) => (i % 3) - 0.7);
  const gradients = await runner.backward(tape, seeds, runner.zeroGradients(adapter));
  const gradient: number[] = [];
  for (const tensor of gradients) gradient.push(...(await executor.read(tensor)));
  tape.dispose();
  const decoding = new DecodeEngine(model);
  const tokens: { id: number; logp: number }[] = [];
  for await (const { id, logp } of generateTokens(decoding, adapter, promptIds, {
    maxNewTokens: 4,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: 1,
    stopIds: [],
  }))
    tokens.push({ id, logp });
  const { fingerprint } = model;
  await decoding.dispose();
  await runner.dispose();
  model.dispose();
  await executor.close();
  return { slices, plain, logps, logSquares: logSquares ?? [], gradient, tokens, fingerprint };
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))));

/** 100 rows of a table 64 wide: 384 tokens make four slices. */
const tableBytes = 100 * 4 * 64;

function cutInterpreter(): Executor {
  const executor = new Float64Executor();
  executor.tableBytes = tableBytes;
  return executor;
}

describe('a model in vocabulary slices', () => {
  for (const name of ['tiny-llama', 'tiny-gemma2', 'tiny-gpt2']) {
    it(`${name} is the same as in one piece`, async () => {
      const whole = await scores(new Float64Executor(), name);
      const cut = await scores(cutInterpreter(), name);
      const wasm = await scores(await openWasmExecutor({ threads: 1, assets: null, tableBytes }), name);
      expect(whole.slices).toHaveLength(1);
      expect(cut.slices?.length).toBeGreaterThan(1);
      for (const [other, nats, slope] of [
        [cut, 1e-10, 1e-10],
        [wasm, 1e-5, 1e-6],
      ] as const) {
        expect(other.fingerprint).toBe(whole.fingerprint);
        expect(worst(other.logps, whole.logps)).toBeLessThan(nats);
        expect(worst(other.plain, whole.plain)).toBeLessThan(nats);
        expect(whole.logSquares).toHaveLength(whole.logps.length);
        expect(worst(other.logSquares, whole.logSquares)).toBeLessThan(2 * nats);
        const size = Math.max(...whole.gradient.map(Math.abs));
        expect(worst(other.gradient, whole.gradient) / Math.max(1, size)).toBeLessThan(slope);
        expect(other.tokens.map(({ id }) => id)).toEqual(whole.tokens.map(({ id }) => id));
        expect(
          worst(
            other.tokens.map(({ logp }) => logp),
            whole.tokens.map(({ logp }) => logp),
          ),
        ).toBeLessThan(nats);
      }
    });
  }

  it('is cut into the fewest slices of nearly one size, and only where it must be', () => {
    const config = (vocabularySize: number, hiddenSize: number) =>
      ({ vocabularySize, hiddenSize }) as Parameters<typeof sliceVocabulary>[0];
    expect(sliceVocabulary(config(151_936, 896), null)).toEqual([151_936]);
    expect(sliceVocabulary(config(151_936, 896), 2 ** 30)).toEqual([151_936]);
    expect(sliceVocabulary(config(151_936, 896), 2 ** 27)).toEqual([30_387, 30_387, 30_387, 30_387, 30_388]);
    expect(() => sliceVocabulary(config(10, 1000), 100)).toThrow(/One row of the embedding has 4000 bytes/);
  });

  it('is planned as it will be loaded', async () => {
    const settings = {
      method: 'dpo',
      max_length: 128,
      per_device_train_batch_size: 1,
      gradient_checkpointing: null,
      lora_r: 8,
      lora_target_modules: 'all-linear',
    } as const;
    const plan = await planMemory(shapeOf('SmolLM2-135M'), settings, {
      device: 'webgpu',
      memoryBytes: null,
      bindingBytes: 2 ** 26,
      takesFloat16: false,
    });
    expect(plan.estimate.largest_tensor).toBeLessThanOrEqual(2 ** 26);
    expect(plan.shortages).toEqual([]);
  });
});
