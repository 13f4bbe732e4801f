import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import type { DeviceAdapter } from '../engine/device-adapter';
import { uploadAdapter, wrapAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { loadModel } from '../engine/loaded-model';
import { bytesSource } from '../formats/byte-source';
import { openCheckpoint } from '../formats/checkpoint';
import { readPeftAdapter } from '../formats/peft';
import { layoutLora, linearNames } from '../models/lora';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { DecodeEngine } from './decode-engine';
import type { BatchedToken, DecodingRequest, GeneratedToken } from './decoder';
import { generateBatch, generateTokens } from './decoder';
import { largestDifference, runDecodingCase } from './decoding-case';

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

    it('gives many sequences together what each gives alone, to the bit, whatever comes and goes', async () => {
      const peft = await readPeftAdapter(directory(`fixtures/golden/${name}/init-adapter`));
      const adapter = uploadAdapter(model, peft);
      // Another rank beside it, of random matrices.
      const { architecture, config } = model.shape;
      const target_modules = linearNames(architecture, config).slice(0, 2);
      const layout = layoutLora(architecture, config, { r: 3, lora_alpha: 5, target_modules });
      const random = new Random(5);
      const other = wrapAdapter(
        layout,
        model.blocks.map(() => {
          const flat = Float32Array.from({ length: layout.size }, () => 0.1 * random.normal());
          return executor.upload(flat, [layout.size]);
        }),
      );
      const variants = [null, adapter, other];
      const requests = Array.from({ length: 9 }, (_, i) => ({
        adapter: variants[i % 3] ?? null,
        promptIds: Array.from(
          { length: [3, 40, 1, 17, 70, 5, 31, 33, 2][i] as number },
          (_, at) => 5 + ((at * 7 + i) % 200),
        ),
        maxNewTokens: [6, 3, 40, 1, 8, 12, 5, 9, 0][i] as number,
        temperature: i % 2,
        topK: 0,
        topP: 1,
        seed: i,
        stopIds: [],
      }));
      const collect = async (some: readonly number[], atOnce?: number, fitsHeap = true): Promise<BatchedToken[][]> => {
        const tokens = some.map((): BatchedToken[] => []);
        const engine = new DecodeEngine(model, fitsHeap);
        for await (const token of generateBatch(
          engine,
          some.map((i) => requests[i] as DecodingRequest),
          { atOnce },
        ))
          tokens[token.request]?.push({ ...token, request: some[token.request] as number, seconds: 0 });
        await engine.dispose();
        return tokens;
      };
      const before = executor.memory().deviceBytes;
      const alone = [];
      for (const i of requests.keys()) alone.push(...(await collect([i])));
      expect(alone.map((tokens) => tokens.length)).toEqual(requests.map(({ maxNewTokens }) => maxNewTokens));
      expect(await collect([...requests.keys()])).toEqual(alone);
      // One that has ended gives its place to the next.
      expect(await collect([...requests.keys()], 3)).toEqual(alone);
      expect(await collect([7, 2, 4], 2)).toEqual([alone[7], alone[2], alone[4]]);
      // Weights that are fed may give other bits than those compiled in, and the same whatever the company.
      expect(await collect([7, 2, 4], 2, false)).toEqual(
        (await Promise.all([7, 2, 4].map((i) => collect([i], 1, false)))).flat(),
      );
      expect(executor.memory().deviceBytes).toBe(before);
      adapter.dispose();
      other.dispose();
    });

    it('takes the programs that are there, and lets those of another layout go when nobody uses them', async () => {
      const peft = await readPeftAdapter(directory(`fixtures/golden/${name}/init-adapter`));
      const adapter = uploadAdapter(model, peft);
      const engine = new DecodeEngine(model);
      const begin = (variant: DeviceAdapter | null) =>
        generateTokens(engine, variant, [5, 12, 19], { ...greedy, maxNewTokens: 3, stopIds: [] });
      const idsOf = async (tokens: AsyncGenerator<GeneratedToken>): Promise<number[]> => {
        const ids = [];
        for await (const { id } of tokens) ids.push(id);
        return ids;
      };
      const alone = [await idsOf(begin(null)), await idsOf(begin(adapter))];
      const compiled = engine.compilations;
      expect(await idsOf(begin(adapter))).toEqual(alone[1]);
      expect(engine.compilations).toBe(compiled);
      // Two at work keep both.
      expect(await Promise.all([idsOf(begin(adapter)), idsOf(begin(null))])).toEqual([...alone].reverse());
      expect(engine.compilations).toBe(compiled + 2 * model.blocks.length + 1);
      await engine.dispose();
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

describe('weights in fewer bits', () => {
  for (const precision of ['float16', 'int4'] as const) {
    it(`gives the same together as alone, to the bit, in ${precision}`, async () => {
      const executor = await openWasmExecutor({ threads: 2, assets: null });
      const { together, alone } = await runDecodingCase(executor, precision);
      expect(largestDifference(together, alone)).toBe(0);
      await executor.close();
    });
  }
});
