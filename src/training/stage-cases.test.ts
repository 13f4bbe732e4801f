import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpretStage } from '../graph/interpreter';
import type { Executor } from '../runtime/executor';
import { compareStage } from '../runtime/compare-stage';
import { openWasmExecutor } from '../runtime/ort';
import { Random } from '../core/random';
import { buildEmittedStages, buildOperatorStages } from './stage-cases';

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

describe('inputs of the stages that kernels of our own are held to within 5e-6', () => {
  it.each(buildOperatorStages().map((one) => [one.stage.name, one] as const))(
    '%s: half of their last bit moves no output by half of that',
    (_name, { stage, inputs }) => {
      const random = new Random(1);
      const moved = Object.entries(inputs).map(([name, data]) => {
        const isRounded = stage.inputs[name]?.dtype === 'float32';
        return [name, isRounded ? data.map((x) => x * (1 + 2 ** -24 * (2 * random.uniform() - 1))) : data] as const;
      });
      const after = interpretStage(stage, Object.fromEntries(moved));
      for (const [name, { data }] of Object.entries(interpretStage(stage, inputs))) {
        const difference = data.map((x, i) => x - (after[name]?.data[i] ?? NaN));
        expect(Math.hypot(...difference) / Math.max(1, Math.hypot(...data)), name).toBeLessThan(2.5e-6);
      }
    },
  );
});
