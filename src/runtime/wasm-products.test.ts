/** @file The faster product is in the installed runtime, and gives the bits of the runtime's own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { Builder } from '../graph/builder';
import type { Executor } from './executor';
import { openWasmExecutor } from './ort';
import { readBinary } from './read-binary';
import { withFasterProducts } from './wasm-products';

const anyRows = 104_729;

describe('the rewritten runtime', () => {
  it('is a module; without the functions that are known it is none', async () => {
    const binary = await readBinary();
    const rewritten = withFasterProducts(binary);
    expect(rewritten && WebAssembly.validate(rewritten)).toBe(true);
    expect(rewritten && withFasterProducts(rewritten)).toBeNull();
    expect(withFasterProducts(binary.subarray(0, 8))).toBeNull();
  });
});

describe('rows multiplied together', () => {
  let wasm: Executor;
  beforeAll(async () => {
    wasm = await openWasmExecutor({ threads: 1, assets: null });
  });
  afterAll(() => wasm.close());

  // 300 and 600 elements are summed in parts, of which all but the first are added to what is there.
  it.each([
    [1, 16],
    [2, 48],
    [3, 144],
    [33, 24],
    [300, 80],
    [600, 32],
  ])('have the bits of single rows, %i by %i', async (K, N) => {
    const random = new Random(K);
    const draw = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
    const g = new Builder();
    const [x, w] = [g.input('x', 'float32', [anyRows, K]), g.input('w', 'float32', [K, N])];
    const stage = { name: 'product', inputs: { x, w }, outputs: { y: g.matmul(x, w) }, open: { [anyRows]: 'rows' } };
    const program = await wasm.compile(stage, { w: wasm.upload(draw(K * N), [K, N]) });
    const multiply = async (rows: Float32Array): Promise<Float32Array> => {
      const { y } = await wasm.run(program, { x: wasm.upload(rows, [rows.length / K, K]) } as never);
      return (await wasm.read(y)) as Float32Array;
    };
    const rows = draw(9 * K);
    const single: number[] = [];
    for (let row = 0; row < 9; row++) single.push(...(await multiply(rows.subarray(row * K, (row + 1) * K))));
    for (let count = 2; count <= 9; count++)
      expect(await multiply(rows.subarray(0, count * K))).toEqual(Float32Array.from(single.slice(0, count * N)));
  });
});
