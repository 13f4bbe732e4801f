import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpretStage } from '../graph/interpreter';
import type { Executor } from '../runtime/executor';
import { compareStage } from '../runtime/compare-stage';
import { openWasmExecutor } from '../runtime/ort';
import { buildEmittedStages } from './stage-cases';

describe('every emitted stage on WASM agrees with the interpreter', () => {
  let wasm: Executor;
  beforeAll(async () => {
    wasm = await openWasmExecutor({ threads: 2, assets: null });
  });
  afterAll(() => wasm.close());

  for (const [i, { stage, inputs }] of buildEmittedStages().entries()) {
    it(`${i} ${stage.name}`, async () => {
      expect(await compareStage(wasm, stage, inputs, interpretStage(stage, inputs))).toBeLessThan(1e-5);
    });
  }
});
