/**
 * @file A block whose forward pass is written for the runtime and whose backward pass computes attention again gives
 * what a block on our own attention gives: in float64, and on onnxruntime and kernels of our own on a software GPU.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../core/shape';
import type { Float64Tensor, Stage, Value } from '../graph/value';
import { interpretStage } from '../graph/interpreter';
import { planStage } from '../graph/stage';
import { distinctKinds } from '../models/architecture';
import { groupsRow } from '../models/decode-stages';
import { wholePiece } from '../models/row-attention';
import type { SavePolicy } from '../models/stages';
import { buildMaskStage, buildTrainedBlockStages } from '../models/stages';
import { layoutLora, linearNames } from '../models/lora';
import { uploadAs } from '../runtime/compare-stage';
import type { DeviceTensor, Executor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { KernelExecutor } from '../runtime/kernel-executor';
import { openRuntimeOnDawn } from '../runtime/ort-on-dawn';
import { buildOperatorStages, describeSmallModel, pairsRow } from './stage-cases';

type Arrays = Readonly<Record<string, Float64Array>>;

const T = pairsRow.T;

/** The passes of a block with a sliding window, for both attentions, and their drawn inputs. */
function buildBlocks(policy: SavePolicy) {
  const shape = describeSmallModel('mistral');
  const { architecture, config } = shape;
  const kind = distinctKinds(config).at(-1) as (typeof config.layerKinds)[number];
  const target_modules = linearNames(architecture, config);
  const lora = layoutLora(architecture, config, { r: 2, lora_alpha: 4, target_modules });
  const [ours, runtime] = (['operator', 'both'] as const).map((attention) =>
    buildTrainedBlockStages({ shape, kind, lora, T, attention }, policy),
  ) as [ReturnType<typeof buildTrainedBlockStages>, ReturnType<typeof buildTrainedBlockStages>];
  const drawn = buildOperatorStages().find(
    ({ stage }) => stage.name === `mistral, window ${kind.slidingWindow}: block, backward` && !stage.inputs['saved0'],
  );
  const row = Object.fromEntries(
    (['pair', 'branch', 'position'] as const).map((key) => [key, Float64Array.from(pairsRow[key])]),
  );
  const { bias0 } = interpretStage(buildMaskStage(kind.slidingWindow, T, wholePiece(T)), row);
  return { ours, runtime, inputs: { ...drawn?.inputs, bias0: bias0?.data as Float64Array } as Arrays };
}

const dataOf = (tensors: Readonly<Record<string, Float64Tensor>>): Arrays =>
  Object.fromEntries(Object.entries(tensors).map(([key, { data }]) => [key, data]));

/** Both passes in float64. */
function interpretBlock({ forward, backward }: { forward: Stage; backward: Stage }, inputs: Arrays): Arrays {
  const saved = dataOf(interpretStage(forward, inputs));
  return { y: saved['y'] as Float64Array, ...dataOf(interpretStage(backward, { ...inputs, ...saved })) };
}

/** Relative L2 of the worst result. */
const worst = (actual: Readonly<Record<string, ArrayLike<number>>>, wanted: Arrays): number =>
  Math.max(
    ...Object.entries(wanted).map(([name, data]) => {
      const difference = data.map((value, i) => value - (actual[name]?.[i] ?? NaN));
      return Math.hypot(...difference) / Math.hypot(...data);
    }),
  );

test.each(['none', 'products'] as const)('in float64 it is the same block, saving %s', (policy) => {
  const { ours, runtime, inputs } = buildBlocks(policy);
  expect(planStage(runtime.forward).nodes.map(({ op }) => op)).toContain('GroupQueryAttention');
  expect(Object.keys(runtime.forward.inputs)).not.toContain('row');
  expect(runtime.savedBytes < ours.savedBytes).toBe(policy === 'products');
  expect(worst(interpretBlock(runtime, inputs), interpretBlock(ours, inputs))).toBeLessThan(1e-12);
});

test("heads that the runtime's attention does not take, and soft caps, are refused by name", () => {
  expect(groupsRow(describeSmallModel('gpt2'))).toBe(false);
  expect(groupsRow(describeSmallModel('gemma2'))).toBe(false);
  const shape = describeSmallModel('gemma2');
  const { architecture, config } = shape;
  const target_modules = linearNames(architecture, config);
  const lora = layoutLora(architecture, config, { r: 2, lora_alpha: 4, target_modules });
  const kind = config.layerKinds[0] as (typeof config.layerKinds)[number];
  expect(() => buildTrainedBlockStages({ shape, kind, lora, T, attention: 'both' }, 'none')).toThrow(
    "Stage 'block, saving': the runtime's attention has no soft cap.",
  );
});

const opened = await openRuntimeOnDawn('software');

describe.skipIf(typeof opened === 'string')(`on a GPU ${typeof opened === 'string' ? opened : ''}`, () => {
  afterAll(() => (typeof opened === 'string' ? undefined : opened.executor.close()));

  test("onnxruntime's forward pass and our backward pass equal float64 within 1e-5", async () => {
    const { runtime, ours, inputs } = buildBlocks('products');
    const { gradient: executor } = (opened as { executor: Executor }).executor;
    const upload = (stage: Stage): Tensors =>
      Object.fromEntries(
        Object.entries(stage.inputs).flatMap(([key, value]) =>
          inputs[key] && !key.startsWith('saved') ? [[key, uploadAs(executor, value, inputs[key])]] : [],
        ),
      );
    const saved = await executor.run(await executor.compile(runtime.forward), upload(runtime.forward) as never);
    const results: Tensors = await executor.run(await executor.compile(runtime.backward), {
      ...upload(runtime.backward),
      ...saved,
    } as never);
    const read = async (tensors: Tensors, key: string) => executor.read(tensors[key] as Tensors[string]);
    const actual = {
      y: await read(saved, 'y'),
      dx: await read(results, 'dx'),
      newGradient: await read(results, 'newGradient'),
    };
    expect(worst(actual, interpretBlock(ours, inputs))).toBeLessThan(1e-5);
  });

  test("onnxruntime's commands, played on other tensors, give what it gives on them, to the bit", async () => {
    const { runtime, inputs } = buildBlocks('products');
    const whole = (opened as { executor: Executor }).executor;
    const executor = whole.gradient as KernelExecutor;
    const programs = { ours: await executor.compile(runtime.forward), its: await whole.compile(runtime.forward) };
    const backward = await executor.compile(runtime.backward);
    const before = executor.counts.stagesReplayed;
    const seen = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const upload = (name: string, value: Value): Tensors[string] => {
        const data = (inputs[name] ?? new Float64Array(sizeOf(value.shape))).map((number) =>
          value.dtype === 'int32' || name.startsWith('bias') ? number : number * (1 + round / 8),
        );
        return uploadAs(executor, value, data);
      };
      const fed = Object.fromEntries(
        Object.entries<Value>(runtime.forward.inputs).map(([name, value]) => [name, upload(name, value)]),
      ) as never;
      const actual: Tensors = await executor.run(programs.ours, fed);
      const wanted: Tensors = await whole.run(programs.its, fed);
      for (const [name, tensor] of Object.entries(wanted))
        expect(await executor.read(actual[name] as Tensors[string]), name).toEqual(await whole.read(tensor));
      seen.add((await executor.read(actual['y'] as Tensors[string])).join());
      // What lay in the shared buffers is written over, and so are the tensors of the next round.
      const rest = Object.entries<Value>(runtime.backward.inputs).filter(([name]) => !(name in actual));
      const others = Object.fromEntries(rest.map(([name, value]) => [name, upload(name, value)]));
      const results = await executor.run(backward, { ...others, ...actual } as never);
      disposeAll([...Object.values<DeviceTensor>(fed), ...Object.values(others), ...Object.values(wanted)]);
      disposeAll([...Object.values<DeviceTensor>(results), ...(round % 2 ? Object.values(actual) : [])]);
    }
    expect(seen.size).toBe(6);
    expect(executor.counts.stagesReplayed - before).toBe(4);
  });
});
