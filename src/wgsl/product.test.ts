/**
 * @file Every variant of a product equals the float64 interpreter on a software GPU: sizes that are no multiple of any
 * tile, one row, one column, one element of the inner axis, LoRA's ranks, each way in which a factor may lie, weights
 * of 16 and 4 bits, epilogues, sums and joined products.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../core/random';
import { Builder } from '../graph/builder';
import { interpretStage } from '../graph/interpreter';
import type { CaseInput } from '../graph/operator';
import { drawValues } from '../graph/operator-cases';
import type { Stage, Value } from '../graph/value';
import { compareStage } from '../runtime/compare-stage';
import { openDawn } from '../runtime/dawn';
import { KernelExecutor } from '../runtime/kernel-executor';
import { compileStage } from './compile';
import type { TileVariant } from './tiles';
import { fitTile, largeTile, mediumTile, smallTile, subgroupTile, tileVariants, wideTile } from './tiles';

type Draw = (name: string, shape: readonly number[], input?: Partial<CaseInput>) => Value;
type Build = (g: Builder, input: Draw) => readonly Value[];

const plain =
  (a: readonly number[], b: readonly number[], options: { transA?: boolean; transB?: boolean } = {}): Build =>
  (g, input) => [g.gemm(input('a', a), input('b', b), options)];

/** Sizes that no tile divides, and sizes that all divide. */
const broad: Readonly<Record<string, Build>> = {
  'plain, odd sizes': plain([70, 37], [37, 271]),
  'rows of both factors': plain([133, 40], [269, 40], { transB: true }),
  'columns of both factors': plain([33, 72], [33, 260], { transA: true }),
  'a transposed, elements one by one': plain([37, 67], [67, 37], { transA: true, transB: true }),
  'inner axis of one': plain([65, 1], [1, 259]),
  'sizes of whole tiles': plain([128, 64], [256, 64], { transB: true }),
  'a stack': (g, input) => [g.matmul(input('a', [3, 20, 17]), input('b', [3, 17, 21]))],
  'weights of 16 bits': (g, input) => {
    const w = g.cast(input('w', [260, 36], { dtype: 'float16' }), 'float32');
    return [g.gemm(input('x', [20, 36]), w, { transB: true }), g.gemm(input('dy', [20, 260]), w)];
  },
  'weights of 4 bits': (g, input) => {
    const levels = input('levels', [260, 2, 16], { dtype: 'uint8', draw: { below: 256 } });
    const scales = input('scales', [260, 2]);
    const format = { bits: 4, blockSize: 32 } as const;
    const y = g.matmulNBits(input('x', [20, 64]), levels, scales, format);
    return [y, g.gemm(input('dy', [20, 260]), g.dequantize(levels, scales, format))];
  },
  'summed, with what follows': (g, input) => {
    const [x, w, low, b] = [input('x', [70, 40]), input('w', [257, 40]), input('low', [70, 8]), input('b', [257, 8])];
    const y = g.add(g.gemm(x, w, { transB: true }), g.gemm(low, b, { transB: true }));
    return [g.mul(g.add(y, input('residual', [70, 257])), g.sigmoid(input('gate', [70, 257])))];
  },
  'joined, of different widths': (g, input) => {
    const x = input('x', [70, 40]);
    return [264, 196, 200].map((N, i) => g.gemm(x, input(`w${i}`, [N, 40]), { transB: true }));
  },
};

/** Results that are thinner than the tiles, so that most variants have the same kernel. */
const thin: Readonly<Record<string, Build>> = {
  'one row': plain([1, 300], [70, 300], { transB: true }),
  'one column': plain([70, 130], [130, 1]),
  'LoRA A of rank 8': plain([150, 68], [8, 68], { transB: true }),
  'LoRA A of rank 16': plain([150, 68], [16, 68], { transB: true }),
  'gradient of A, rank 1': plain([150, 1], [150, 68], { transA: true }),
  'gradient of A, rank 8': plain([150, 8], [150, 300], { transA: true }),
  'gradient of A, rank 16': plain([149, 16], [149, 68], { transA: true }),
  'gradient of B, rank 8': plain([150, 68], [150, 8], { transA: true }),
  'gradient of B, rank 16': plain([149, 67], [149, 16], { transA: true }),
  'joined gradients of LoRA': (g, input) => {
    const low = input('low', [150, 8]);
    return [68, 72].map((N, i) => g.gemm(input(`dy${i}`, [150, N]), low, { transA: true }));
  },
};

const cases = { ...broad, ...thin };

function caseOf(name: string): { readonly stage: Stage; readonly inputs: Record<string, Float64Array> } {
  const g = new Builder();
  const random = new Random(7);
  const stageInputs: Record<string, Value> = {};
  const inputs: Record<string, Float64Array> = {};
  const outputs = (cases[name as keyof typeof cases] as Build)(g, (input, shape, how = {}) => {
    const drawn = { dtype: 'float32', shape, ...how } as const;
    inputs[input] = drawValues(random, drawn);
    return (stageInputs[input] = g.input(input, drawn.dtype, shape));
  });
  const named = Object.fromEntries(outputs.map((value, i) => [`y${i}`, value]));
  return { stage: { name, inputs: stageInputs, outputs: named }, inputs };
}

const adapter = await openDawn('software');
const hasSubgroups = typeof adapter !== 'string' && adapter.features.has('subgroups');
/** SwiftShader's subgroups have 4 lanes, too few for the runtime (gpu-features.ts) but enough for ours. */
const gpu =
  typeof adapter === 'string'
    ? adapter
    : await adapter.requestDevice({ requiredFeatures: hasSubgroups ? ['subgroups' as GPUFeatureName] : [] });

/** One for all variants: kernels that are the same of several, because their results are thin, are compiled once. */
const executor = typeof gpu === 'string' ? null : new KernelExecutor(gpu);

/** The smallest tile multiplies in all tests of stages, too (compile.test.ts). */
const variants: readonly (readonly [TileVariant, cases: readonly string[]])[] = [
  [largeTile, Object.keys(cases)],
  [smallTile, Object.keys(cases)],
  [wideTile, Object.keys(broad)],
  [mediumTile, [...Object.keys(broad), 'gradient of A, rank 8', 'gradient of B, rank 8']],
  ...(hasSubgroups ? [[subgroupTile(4), Object.keys(broad)] as const] : []),
];

describe.skipIf(typeof gpu === 'string')(`products ${typeof gpu === 'string' ? gpu : ''}`, () => {
  afterAll(() => executor?.close());

  describe.each(variants.map(([tile, names]) => [tile.name, tile, names] as const))('%s', (_variant, tile, names) => {
    test.each(names)('%s', async (name) => {
      executor?.chooseTile(tile, 0);
      const { stage, inputs } = caseOf(name);
      expect(await compareStage(executor as KernelExecutor, stage, inputs, interpretStage(stage, inputs))).toBeLessThan(
        2e-6,
      );
    });
  });

  test('a product that is cut into several dispatches is the same', async () => {
    const { stage, inputs } = caseOf('summed, with what follows');
    const whole = compileStage(stage, { tile: smallTile }).kernels;
    const flops = whole.reduce((sum, kernel) => sum + kernel.flops, 0);
    const options = { tile: smallTile, mostFlops: flops / 3 };
    const kernels = compileStage(stage, options).kernels.filter((kernel) => kernel.flops > 0);
    expect(kernels.length).toBe(whole.length + 2);
    for (const kernel of kernels) expect(kernel.flops).toBeLessThan(flops / 2);
    const cutting = new KernelExecutor(gpu as GPUDevice, options);
    expect(await compareStage(cutting, stage, inputs, interpretStage(stage, inputs))).toBeLessThan(2e-6);
  });
});

describe('tiles', () => {
  test('thin results share out the inner axis, and the rest does not', () => {
    expect(fitTile(largeTile, 8, 576)).toMatchObject({ rows: 8, columns: 32, splits: 8 });
    expect(fitTile(largeTile, 1536, 16)).toMatchObject({ rows: 32, columns: 16, splits: 4 });
    for (const tile of [largeTile, wideTile, mediumTile])
      expect(fitTile(tile, 1024, 576)).toMatchObject({ rows: tile.rows, columns: tile.columns, splits: 1 });
  });

  test('subgroups are used only where the device has them, and where the result is wide enough', () => {
    expect(tileVariants(new Set()).every(({ lanes = 0 }) => lanes === 0)).toBe(true);
    const [subgroups] = tileVariants(new Set(['subgroups'])).filter(({ lanes = 0 }) => lanes > 0);
    expect(fitTile(subgroups as TileVariant, 1024, 576).lanes).toBe(16);
    expect(fitTile(subgroups as TileVariant, 1024, 8)).toEqual(fitTile(largeTile, 1024, 8));
  });
});
