import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Builder } from '../graph/builder';
import { interpretStage } from '../graph/interpreter';
import { writeOnnx } from '../graph/onnx-writer';
import { buildStageCases, isForRuntime } from '../graph/operator-cases';
import type { Executor } from './executor';
import { openWasmExecutor } from './ort';
import { compareStage } from './compare-stage';

describe('WASM agrees with the interpreter', () => {
  let wasm: Executor;
  beforeAll(async () => {
    wasm = await openWasmExecutor({ threads: 1, assets: null });
  });
  afterAll(() => wasm.close());

  for (const { name, forward, backward, inputs } of buildStageCases().filter(isForRuntime)) {
    it(name, async () => {
      expect(await compareStage(wasm, forward, inputs, interpretStage(forward, inputs))).toBeLessThan(2e-6);
      if (backward)
        expect(await compareStage(wasm, backward, inputs, interpretStage(backward, inputs))).toBeLessThan(5e-6);
    });
  }

  it('holds no bytes once everything is disposed', () => {
    expect(wasm.memory().deviceBytes).toBe(0);
    expect(wasm.memory().wasmHeapBytes).toBeGreaterThan(1e6);
  });
});

describe('a size left open', () => {
  const [rows, width] = [104_729, 4];

  it('takes tensors of every length, and no other shape', async () => {
    const wasm = await openWasmExecutor({ threads: 1, assets: null });
    const g = new Builder();
    const x = g.input('x', 'float32', [rows, width]);
    const y = g.reshape(g.add(x, g.constant(1)), [rows, 2, 2]);
    const program = await wasm.compile({ name: 'open', inputs: { x }, outputs: { y }, open: { [rows]: 'rows' } });
    for (const count of [1, 3, 70]) {
      const data = Float32Array.from({ length: count * width }, (_, i) => i);
      const out = await wasm.run(program, { x: wasm.upload(data, [count, width]) });
      expect(out.y.shape).toEqual([count, 2, 2]);
      expect(await wasm.read(out.y)).toEqual(data.map((value) => value + 1));
    }
    const wider = wasm.upload(new Float32Array(5), [1, 5]);
    await expect(wasm.run(program, { x: wider })).rejects.toThrow(/input 'x': got \[1, 5\], wants \[104729, 4\]/);
    await wasm.close();
  });

  it('is refused where an operator names it', () => {
    const g = new Builder();
    const x = g.input('x', 'float32', [1]);
    const stage = { name: 'wide', inputs: { x }, outputs: { y: g.expand(x, [rows]) }, open: { [rows]: 'rows' } };
    expect(() => writeOnnx(stage)).toThrow('Expand to [104729] cannot leave rows open.');
  });
});
