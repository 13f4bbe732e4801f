/** @file AdamW against PyTorch, step by step and by value: fixtures/golden/adamw.json (tools/make_adamw_golden.py). */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LoadedModel } from '../engine/loaded-model';
import type { DeviceTensor, Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { AdamW } from './adamw';

type Vectors = readonly (readonly number[])[];
const kinds = ['parameter', 'mean', 'variance'] as const;
type Kind = (typeof kinds)[number];
interface Golden {
  rates: number[];
  parameters: Vectors;
  gradients: readonly Vectors[];
  cases: {
    name: string;
    options: Parameters<typeof AdamW.open>[2];
    steps: ({ grad_norm: number } & Record<Kind, Vectors>)[];
  }[];
}

const golden = JSON.parse(readFileSync('fixtures/golden/adamw.json', 'utf8')) as Golden;

let executor: Executor;
beforeAll(async () => {
  executor = await openWasmExecutor({ threads: 1, assets: null });
});
afterAll(() => executor.close());

const upload = (vectors: Vectors): DeviceTensor[] =>
  vectors.map((vector) => executor.upload(Float32Array.from(vector), [vector.length]));

/** Of the largest size that a number has in the run, as a mean passes through zero. In float32 2.7e-7 is reached. */
const tolerance = 1e-6;

it.each(golden.cases)('$name: norm, parameters and moments of each step equal PyTorch', async ({ options, steps }) => {
  const sizeOf = (kind: Kind, block: number, at: number): number =>
    Math.max(...steps.map((step) => Math.abs(step[kind][block]![at]!)));
  const optimizer = await AdamW.open({ executor } as LoadedModel, upload(golden.parameters), options);
  for (const [i, { grad_norm, ...expected }] of steps.entries()) {
    const norm = await optimizer.step(upload(golden.gradients[i]!), golden.rates[i]!);
    expect(Math.abs(norm / grad_norm - 1)).toBeLessThan(tolerance);
    const state = await optimizer.read();
    expect(state.steps).toBe(i + 1);
    for (const kind of kinds)
      expected[kind].forEach((block, b) =>
        block.forEach((value, j) =>
          expect(
            Math.abs(state[kind][b]![j]! - value),
            `${kind} ${j} of block ${b} after step ${i + 1}`,
          ).toBeLessThanOrEqual(tolerance * sizeOf(kind, b, j)),
        ),
      );
  }
  await optimizer.dispose();
});
