import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceAdapter } from '../engine/device-adapter';
import { uploadAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { loadModel } from '../engine/loaded-model';
import { bytesSource } from '../formats/byte-source';
import { openCheckpoint } from '../formats/checkpoint';
import { readPeftAdapter } from '../formats/peft';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import type { GeneratedToken } from './decoder';
import { DecodeEngine, generateTokens } from './decoder';

interface GoldenRow {
  variant: 'base' | 'init-adapter';
  prompt_ids: number[];
  ids: number[];
  logps: number[];
}

const directory = (path: string) =>
  new Map(
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, bytesSource(name, readFileSync(join(path, name)))]),
  );

const greedy = { temperature: 0, topK: 0, topP: 1, seed: 1 };

for (const [name, path] of [
  ['tiny-llama', 'fixtures/tiny-llama'],
  ['tiny-mistral', 'fixtures/tiny-mistral'],
  ['tinystories-260k', '../shared/models/tinystories-260k'],
  ...[
    'llama3',
    'qwen2',
    'qwen3',
    'gemma2',
    'gemma3',
    'gemma3-old',
    'phi3',
    'gpt2',
    'gpt-neox',
    'gpt-neox-serial',
    'smollm3',
    'olmo2',
  ].map((name) => [`tiny-${name}`, `fixtures/tiny-${name}`] as const),
] as const) {
  const present = existsSync(path);
  describe.skipIf(!present)(`decoding with ${name}${present ? '' : ` (skipped: ${path} is absent)`}`, () => {
    let executor: Executor;
    let model: LoadedModel;
    beforeAll(async () => {
      executor = await openWasmExecutor({ threads: 1, assets: null });
      model = await loadModel(await openCheckpoint(name, directory(path)), executor);
    });
    afterAll(() => executor.close());

    it('continues greedily as transformers does, with its log-probs, and frees the cache', async () => {
      const golden = JSON.parse(readFileSync(`fixtures/golden/${name}/generate.json`, 'utf8')) as {
        eos_token_id: number;
        max_new_tokens: number;
        rows: GoldenRow[];
      };
      const adapter = uploadAdapter(model, await readPeftAdapter(directory(`fixtures/golden/${name}/init-adapter`)));
      const engine = new DecodeEngine(model);
      const before = executor.memory().deviceBytes;
      for (const row of golden.rows) {
        const options = { ...greedy, maxNewTokens: golden.max_new_tokens, stopIds: [golden.eos_token_id] };
        const tokens = [];
        for await (const token of generateTokens(
          engine,
          row.variant === 'base' ? null : adapter,
          row.prompt_ids,
          options,
        ))
          tokens.push(token);
        expect(tokens.map(({ id }) => id)).toEqual(row.ids);
        tokens.forEach(({ logp }, i) => expect(Math.abs(logp - (row.logps[i] as number))).toBeLessThan(1e-3));
      }
      expect(executor.memory().deviceBytes).toBe(before);
      await engine.dispose();
      adapter.dispose();
    });

    it('gives the base answers in the company of an adapter to the bit, with the programs of the adapter', async () => {
      const adapter = uploadAdapter(model, await readPeftAdapter(directory(`fixtures/golden/${name}/init-adapter`)));
      const prompt = [5, 12, 19];
      const collect = async (engine: DecodeEngine, variant: DeviceAdapter | null): Promise<GeneratedToken[]> => {
        const tokens = [];
        for await (const token of generateTokens(engine, variant, prompt, { ...greedy, maxNewTokens: 4, stopIds: [] }))
          tokens.push(token);
        return tokens;
      };
      const [alone, shared] = [new DecodeEngine(model), new DecodeEngine(model)];
      const base = await collect(alone, null);
      const [ridden = null, ...others] = shared.together([null, adapter]);
      expect(others).toEqual([adapter]);
      await collect(shared, adapter);
      const compiled = shared.compilations;
      expect(await collect(shared, ridden)).toEqual(base);
      expect(shared.compilations).toBe(compiled);
      await Promise.all([alone.dispose(), shared.dispose()]);
      adapter.dispose();
    });

    it('gives the same answer for a prompt longer than a chunk as token by token', async () => {
      const engine = new DecodeEngine(model);
      const prompt = Array.from({ length: 75 }, (_, i) => 5 + ((i * 7) % 200));
      const collect = async (): Promise<number[]> => {
        const ids = [];
        for await (const { id } of generateTokens(engine, null, prompt, { ...greedy, maxNewTokens: 5, stopIds: [] }))
          ids.push(id);
        return ids;
      };
      const whole = await collect();
      // One token more of the prompt moves every chunk border by one.
      const shifted = [];
      for await (const { id } of generateTokens(engine, null, [...prompt, whole[0] as number], {
        ...greedy,
        maxNewTokens: 4,
        stopIds: [],
      }))
        shifted.push(id);
      expect([whole[0], ...shifted]).toEqual(whole);
      await engine.dispose();
    });
  });
}
