import { expect, it } from 'vitest';
import { Builder } from '../graph/builder';
import { Float64Executor } from './float64-executor';

it("knows a stage's inputs and outputs by name, and a wrong name neither compiles nor runs", async () => {
  const g = new Builder();
  const [a, b] = [g.input('a', 'float32', [2]), g.input('b', 'float32', [2])];
  const executor = new Float64Executor();
  const program = await executor.compile({ name: 'add', inputs: { a, b }, outputs: { sum: g.add(a, b) } });
  const two = executor.upload(Float64Array.of(1, 2), [2]);

  const outputs = await executor.run(program, { a: two, b: two });
  expect(await executor.read(outputs.sum)).toEqual(Float64Array.of(2, 4));
  // @ts-expect-error The stage has no output of this name.
  expect(outputs.total).toBeUndefined();
  // @ts-expect-error The stage's input `b` is missing.
  await expect(executor.run(program, { a: two, c: two })).rejects.toThrow("was not given its input 'b'");
});
