/**
 * @file Every operator case and every emitted stage, compiled to kernels of our own, equals the float64 interpreter on
 * a software GPU.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../core/shape';
import { Builder } from '../graph/builder';
import { interpretStage } from '../graph/interpreter';
import { runtimeOperators } from '../graph/operators/fused';
import { planStage } from '../graph/stage';
import { buildStageCases } from '../graph/operator-cases';
import type { Stage } from '../graph/value';
import { compareStage } from '../runtime/compare-stage';
import { openDawnDevice } from '../runtime/dawn';
import { KernelExecutor } from '../runtime/kernel-executor';
import type { EmittedStage } from '../training/stage-cases';
import { buildEmittedStages, buildOperatorStages } from '../training/stage-cases';
import { smallTile } from './tiles';

const gpu = await openDawnDevice('software');
const executor = typeof gpu === 'string' ? null : new KernelExecutor(gpu, { tile: smallTile });
const reason = typeof gpu === 'string' ? gpu : '';

async function errorOf(stage: Stage, inputs: Readonly<Record<string, Float64Array>>): Promise<number> {
  return compareStage(executor as KernelExecutor, stage, inputs, interpretStage(stage, inputs));
}

describe.skipIf(executor === null)(`kernels of our own ${reason}`, () => {
  afterAll(() => executor?.close());

  const own = buildStageCases().filter(({ op }) => !runtimeOperators.has(op));
  test.each(own.map((one) => [one.forward.name, one] as const))('%s', async (_name, one) => {
    expect(await errorOf(one.forward, one.inputs), 'forward').toBeLessThan(2e-6);
    if (one.backward) expect(await errorOf(one.backward, one.inputs), 'backward').toBeLessThan(2e-6);
  });

  test.each([
    [8, 0],
    [9, 1],
    [20, 0],
    [51, 1],
  ])('a Concat of %i tensors, more than a kernel binds, along axis %i', async (count, axis) => {
    const g = new Builder();
    const parts = Array.from({ length: count }, (_, i) =>
      g.input(`x${i}`, 'float32', axis === 0 ? [i + 1, 3] : [3, 2]),
    );
    const joined = g.concat(parts, axis);
    const inputs = Object.fromEntries(parts.map((value, i) => [`x${i}`, value]));
    const stage = { name: 'joined', inputs, outputs: { y: g.mul(joined, g.sigmoid(joined)) } };
    const data = Object.fromEntries(
      parts.map(({ shape }, i) => [`x${i}`, Float64Array.from({ length: sizeOf(shape) }, (_, at) => (i + at) / 8)]),
    );
    expect(await errorOf(stage, data)).toBeLessThan(2e-6);
  });

  test('constants that count from 0 are numbers of their own type', async () => {
    const g = new Builder();
    const x = g.input('x', 'float32', [4]);
    const places = g.input('places', 'int32', [4]);
    const isPlace = g.cast(g.equal(places, g.constant([0, 1, 2, 3], [4], 'int32')), 'float32');
    const outputs = { y: g.add(g.mul(x, g.constant([0, 1, 2, 3], [4])), isPlace) };
    const inputs = { x: Float64Array.of(0.5, 1.5, 2.5, 3.5), places: Float64Array.of(0, 2, 2, 1) };
    expect(await errorOf({ name: 'counted', inputs: { x, places }, outputs }, inputs)).toBeLessThan(1e-6);
  });

  const isOwn = ({ stage }: EmittedStage): boolean =>
    planStage(stage).nodes.every(({ op }) => !runtimeOperators.has(op));
  const emitted = [...buildEmittedStages().filter(isOwn), ...buildOperatorStages()];
  test.each(emitted.map((one) => [one.stage.name, one] as const))('%s', async (_name, { stage, inputs }) => {
    expect(await errorOf(stage, inputs)).toBeLessThan(5e-6);
  });
});
