/** @file Decoding on onnxruntime's WebGPU, on Chromium's software GPU: many sequences together as alone, as on WASM. */
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import type { DeviceAdapter } from '../engine/device-adapter';
import { wrapAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { buildRandomModel } from '../engine/random-model';
import { layoutLora, linearNames } from '../models/lora';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { openRuntimeOnDawn } from '../runtime/ort-on-dawn';
import { DecodeEngine } from './decode-engine';
import type { BatchedToken, DecodingRequest } from './decoder';
import { generateBatch } from './decoder';

const executors: Executor[] = [];
afterAll(async () => {
  for (const executor of executors) await executor.close();
});

/** An adapter on all linears, the same on every device. */
function drawAdapter({ shape, blocks, executor }: LoadedModel): DeviceAdapter {
  const { architecture, config } = shape;
  const target_modules = linearNames(architecture, config);
  const layout = layoutLora(architecture, config, { r: 3, lora_alpha: 5, target_modules });
  const random = new Random(5);
  return wrapAdapter(
    layout,
    blocks.map(() => {
      const flat = Float32Array.from({ length: layout.size }, () => 0.1 * random.normal());
      return executor.upload(flat, [layout.size]);
    }),
  );
}

async function decode(executor: Executor) {
  executors.push(executor);
  const model = await buildRandomModel('tiny', executor);
  const engine = new DecodeEngine(model);
  const adapter = drawAdapter(model);
  const requests = [3, 37, 1].map((length, i): DecodingRequest => ({
    adapter: i % 2 === 0 ? adapter : null,
    promptIds: Array.from({ length }, (_, at) => 5 + ((at * 7 + i) % 200)),
    maxNewTokens: [5, 2, 4][i] as number,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: i,
    stopIds: [],
  }));
  const collect = async (some: readonly DecodingRequest[]): Promise<BatchedToken[][]> => {
    const tokens = some.map((): BatchedToken[] => []);
    // The third takes the place of the first that ends.
    for await (const token of generateBatch(engine, some, { atOnce: 2 })) tokens[token.request]?.push(token);
    return tokens;
  };
  const before = executor.memory().deviceBytes;
  const together = await collect(requests);
  const alone = [];
  for (const request of requests) alone.push(...(await collect([request])));
  expect(executor.memory().deviceBytes).toBe(before);
  return { together, alone };
}

const idsOf = (tokens: BatchedToken[][]): number[][] => tokens.map((each) => each.map(({ id }) => id));
const logpsOf = (tokens: BatchedToken[][]): number[] => tokens.flat().map(({ logp }) => logp);

describe('decoding on WebGPU', () => {
  it('gives many sequences together what each gives alone and what WASM gives, within 1e-5', async ({ skip }) => {
    const opened = await openRuntimeOnDawn('software');
    if (typeof opened === 'string') return skip(opened);
    const onGpu = await decode(opened.executor);
    const onWasm = await decode(await openWasmExecutor({ threads: 1, assets: null }));
    for (const other of [onGpu.alone, onWasm.together, onWasm.alone]) {
      expect(idsOf(onGpu.together)).toEqual(idsOf(other));
      logpsOf(onGpu.together).forEach((logp, i) =>
        expect(Math.abs(logp - (logpsOf(other)[i] as number))).toBeLessThan(1e-5),
      );
    }
  });
});
