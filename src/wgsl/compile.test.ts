/**
 * @file Every operator case and every emitted stage, compiled to kernels of our own, equals the float64 interpreter on
 * a software GPU.
 */
import { afterAll, describe, expect, test } from 'vitest';
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
import { smallTile } from './product';

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

  const isOwn = ({ stage }: EmittedStage): boolean =>
    planStage(stage).nodes.every(({ op }) => !runtimeOperators.has(op));
  const emitted = [...buildEmittedStages().filter(isOwn), ...buildOperatorStages()];
  test.each(emitted.map((one) => [one.stage.name, one] as const))('%s', async (_name, { stage, inputs }) => {
    expect(await errorOf(stage, inputs)).toBeLessThan(5e-6);
  });
});
