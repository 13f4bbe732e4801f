/**
 * @file Attention's kernels equal the float64 operator on rows of several pairs, for widths of heads, windows and soft
 * caps, and give the same bits every time.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../core/random';
import { sizeOf } from '../core/shape';
import { Builder } from '../graph/builder';
import { buildGradient } from '../graph/gradient';
import { interpretStage } from '../graph/interpreter';
import type { Value } from '../graph/value';
import { compareStage, uploadAs } from '../runtime/compare-stage';
import { openDawnDevice } from '../runtime/dawn';
import { KernelExecutor } from '../runtime/kernel-executor';
import { compileStage } from './compile';

const gpu = await openDawnDevice('software');
const executor = typeof gpu === 'string' ? null : new KernelExecutor(gpu);

interface Case {
  readonly T: number;
  readonly H: number;
  readonly K: number;
  readonly D: number;
  readonly pairs: number;
  readonly softcap?: number;
  readonly slidingWindow?: number;
  /** Whether the log-sum-exp is asked for, so that the sums are a kernel of their own. */
  readonly givesSums?: boolean;
}

/** A row of pairs of one length: two fifths prompt, then two branches at the same positions. */
function placesOf({ T, pairs }: Case): Float64Array {
  const length = Math.ceil(T / pairs);
  const [prompt, chosen] = [Math.floor(length * 0.4), Math.floor(length * 0.75)];
  const places = Array.from({ length: T }, (_, t) => {
    const [pair, i] = [Math.floor(t / length), t % length];
    const branch = i < prompt ? 0 : i < chosen ? 1 : 2;
    return [pair, branch, branch === 2 ? prompt + i - chosen : i, pair * length];
  });
  return Float64Array.from(places.flat());
}

/** o, the gradients of q, k and v and maybe lse, with the values that they are computed of. */
function attentionCase(one: Case) {
  const { T, H, K, D, softcap = null, slidingWindow = null, givesSums = false } = one;
  const g = new Builder();
  const inputs: Record<string, Value> = {
    q: g.input('q', 'float32', [T, H, D]),
    k: g.input('k', 'float32', [T, K, D]),
    v: g.input('v', 'float32', [T, K, D]),
    row: g.input('row', 'int32', [T, 4]),
    dO: g.input('dO', 'float32', [T, H, D]),
  };
  const { q, k, v, row, dO } = inputs as Record<'q' | 'k' | 'v' | 'row' | 'dO', Value>;
  const form = { scale: 1 / Math.sqrt(D), softcap, slidingWindow };
  const [o, lse] = g.emit('Attention', [q, k, v, row], form) as [Value, Value];
  const [dq, dk, dv] = buildGradient(g, new Map([[o, dO]]), [q, k, v]) as [Value, Value, Value];
  const random = new Random(T + D);
  const data = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [
      name,
      name === 'row' ? placesOf(one) : Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(random.normal())),
    ]),
  );
  const outputs: Record<'o' | 'dq' | 'dk' | 'dv', Value> = { o, dq, dk, dv, ...(givesSums && { lse }) };
  return { stage: { name: `attention ${JSON.stringify(one)}`, inputs, outputs }, data };
}

const cases: readonly Case[] = [
  { T: 144, H: 4, K: 2, D: 8, pairs: 3, givesSums: true },
  { T: 70, H: 3, K: 1, D: 64, pairs: 2 },
  { T: 65, H: 2, K: 2, D: 80, pairs: 1 },
  { T: 100, H: 2, K: 1, D: 6, pairs: 2, slidingWindow: 9 },
  { T: 40, H: 2, K: 1, D: 128, pairs: 1, softcap: 2, slidingWindow: 7, givesSums: true },
];

describe.skipIf(executor === null)(`attention ${typeof gpu === 'string' ? gpu : ''}`, () => {
  afterAll(() => executor?.close());

  test.each(cases)('T $T, $H heads over $K of width $D, $pairs pairs', async (one) => {
    const { stage, data } = attentionCase(one);
    expect(await compareStage(executor as KernelExecutor, stage, data, interpretStage(stage, data))).toBeLessThan(2e-6);
  });

  test('is four kernels with its gradient, and three where nobody else reads the sums', () => {
    const kernelsOf = (one: Case): number => compileStage(attentionCase(one).stage).kernels.length;
    expect(cases.map(kernelsOf)).toEqual([4, 3, 3, 3, 4]);
  });

  test('gives the same bits every time', async () => {
    const { stage, data } = attentionCase(cases[0] as Case);
    const program = await (executor as KernelExecutor).compile(stage);
    const results = [1, 2].map(async () => {
      const fed = Object.entries(stage.inputs).map(([name, value]) => {
        return [name, uploadAs(executor as KernelExecutor, value, data[name] as Float64Array)];
      });
      const { dk, dq } = await (executor as KernelExecutor).run(program, Object.fromEntries(fed));
      return [await (executor as KernelExecutor).read(dk), await (executor as KernelExecutor).read(dq)];
    });
    expect(await results[0]).toEqual(await results[1]);
  });
});
