import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpretStage } from '../graph/interpreter';
import { buildStageCases } from '../graph/operator-cases';
import type { Executor } from './executor';
import { openWasmExecutor } from './ort';
import { compareStage } from './compare-stage';

describe('WASM agrees with the interpreter', () => {
  let wasm: Executor;
  beforeAll(async () => {
    wasm = await openWasmExecutor({ threads: 1, assets: null });
  });
  afterAll(() => wasm.close());

  for (const { name, forward, backward, inputs } of buildStageCases()) {
    it(name, async () => {
      expect(await compareStage(wasm, forward, inputs, interpretStage(forward, inputs))).toBeLessThan(2e-6);
      if (backward)
        expect(await compareStage(wasm, backward, inputs, interpretStage(backward, inputs))).toBeLessThan(5e-6);
    });
  }

  it('holds no bytes once everything is disposed', () => {
    expect(wasm.memory().deviceBytes).toBe(0);
    expect(wasm.memory().wasmHeapBytes).toBeGreaterThan(1e6);
  });
});
