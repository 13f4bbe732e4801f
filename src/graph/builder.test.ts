/** @file The builder, the cut of a stage and the interpreter beside the operators: groups, sharing, refusals. */
import { expect, it } from 'vitest';
import { Builder } from './builder';
import { countFlops } from './flops';
import { interpretStage } from './interpreter';
import { planStage, pruneStage, valuesRead } from './stage';

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

it.each([1, 2, 7, 8, 9, 50])('joins %i parts and cuts them apart again, no more than seven at a time', (count) => {
  const g = new Builder();
  const x = g.input('x', 'float32', [3 * count, 2]);
  const sizes = range(count).map((i) => (i % 2 === 0 ? 2 : 4));
  const whole = sizes.reduce((sum, size) => sum + size, 0) === 3 * count ? sizes : range(count).map(() => 3);
  const parts = g.split(x, whole, 0);
  expect(parts.map(({ shape }) => shape)).toEqual(whole.map((size) => [size, 2]));
  const y = g.concat([...parts].reverse(), 0);
  const data = Float64Array.from(range(6 * count));
  const stage = { name: 'cut', inputs: { x }, outputs: { y } };
  const rows = range(3 * count).map((row) => [2 * row, 2 * row + 1]);
  let start = 0;
  const expected = whole.map((size) => rows.slice(start, (start += size))).reverse();
  expect([...interpretStage(stage, { x: data })['y']!.data]).toEqual(expected.flat(2));
  for (const { inputs, outputs } of planStage(stage).nodes)
    expect(Math.max(inputs.length, outputs.length)).toBeLessThanOrEqual(7);
});

it('gives equal expressions one value, and no node to what changes nothing', () => {
  const g = new Builder();
  const x = g.input('x', 'float32', [2, 3]);
  expect(g.add(x, g.constant(1))).toBe(g.add(x, g.constant(1)));
  expect(g.add(x, g.constant(1))).not.toBe(g.add(x, g.constant(2)));
  expect(g.reshape(x, [2, 3])).toBe(x);
  expect(g.reshape(x, [3, 2])).not.toBe(x);
  expect(g.cast(x, 'float32')).toBe(x);
  expect(g.cast(x, 'int32').dtype).toBe('int32');
});

it('refuses a constant and an input of another size, and an input that is not given', () => {
  const g = new Builder();
  expect(() => g.constant([1, 2, 3], [2, 2])).toThrow('A constant of shape [2, 2] needs 4 elements, not 3.');
  const x = g.input('x', 'float32', [2, 2]);
  const stage = { name: 'double', inputs: { x }, outputs: { y: g.add(x, x) } };
  expect(() => interpretStage(stage, {})).toThrow("Stage 'double' was not given its input 'x'.");
  expect(() => interpretStage(stage, { x: new Float64Array(3) })).toThrow('3 elements given, [2, 2] wanted');
});

it('counts two operations for each multiplication of a product, whichever way its operands lie', () => {
  const g = new Builder();
  const a = g.input('a', 'float32', [4, 5]);
  const b = g.input('b', 'float32', [5, 6]);
  const c = g.input('c', 'float32', [4, 7]);
  const outputs = { ab: g.gemm(a, b), ac: g.gemm(a, c, { transA: true }), m: g.matmul(a, b), s: g.add(a, a) };
  const stage = { name: 'products', inputs: { a, b, c }, outputs };
  expect(countFlops(stage)).toBe(2 * (4 * 5 * 6 + 5 * 4 * 7 + 4 * 5 * 6));
  expect(countFlops(stage, ['MatMul'])).toBe(2 * 4 * 5 * 6);
});

it('drops inputs that nothing reads, and tells what a cut at some values would read', () => {
  const g = new Builder();
  const [x, unused] = [g.input('x', 'float32', [2]), g.input('unused', 'float32', [2])];
  const inner = g.sqrt(x);
  const middle = g.tanh(inner);
  const y = g.mul(middle, x);
  const stage = pruneStage({ name: 'chain', inputs: { x, unused }, outputs: { y } });
  expect(Object.keys(stage.inputs)).toEqual(['x']);
  // `inner` lies behind `middle`, where the cut has ended.
  expect(valuesRead([y], new Set([x]), new Set([middle, inner]))).toEqual([middle]);
  expect(valuesRead([y, inner], new Set([x]), new Set([middle, inner]))).toEqual([inner, middle]);
  expect(valuesRead([y], new Set([x]), new Set())).toEqual([]);
});
