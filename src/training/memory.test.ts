import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { buildRandomModel } from '../engine/random-model';
import { openWasmExecutor } from '../runtime/ort';
import type { EncodedPair } from '../text/encode-pair';
import { parseRunConfig } from '../run/config';
import { aliveBytes } from './alive-bytes';
import { train } from './trainer';

describe('memory', () => {
  it('is flat from step 5 to step 50: device bytes and WASM heap to the byte, JS heap within 2 MB', async () => {
    const executor = await openWasmExecutor({ threads: 1, assets: null });
    const model = await buildRandomModel('tiny', executor);
    const random = new Random(1);
    const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
    const pairs = Array.from({ length: 8 }, (): EncodedPair => ({
      promptIds: tokens(20),
      chosenIds: tokens(12),
      rejectedIds: tokens(9),
      warnings: [],
      faults: [],
    }));
    const seen = new Map<number, { deviceBytes: number; wasmHeapBytes: number; jsHeapBytes: number }>();
    const config = parseRunConfig({
      max_steps: 50,
      per_device_train_batch_size: 4,
      learning_rate: 1e-4,
      lora_target_modules: 'all-linear',
    });
    await train(model, {
      config,
      pairs,
      onStep: async (step) => {
        if (step !== 5 && step !== 50) return;
        const enough = (seen.get(5)?.jsHeapBytes ?? 0) + 2e6;
        const jsHeapBytes = await aliveBytes(({ heapUsed, arrayBuffers }) => heapUsed + arrayBuffers, enough);
        seen.set(step, { ...executor.memory(), jsHeapBytes });
      },
    });
    const [early, late] = [seen.get(5), seen.get(50)];
    expect(late?.deviceBytes).toBe(early?.deviceBytes);
    expect(late?.wasmHeapBytes).toBe(early?.wasmHeapBytes);
    expect(early?.wasmHeapBytes).toBeGreaterThan(0);
    expect((late?.jsHeapBytes ?? Infinity) - (early?.jsHeapBytes ?? 0)).toBeLessThan(2e6);
    await executor.close();
  });
});
