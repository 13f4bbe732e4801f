/** @file onnxruntime's WebGPU build runs in Node on a software GPU, and its operators equal the interpreter. */
import { expect, test } from 'vitest';
import { buildStageCases } from '../graph/operator-cases';
import { interpretStage } from '../graph/interpreter';
import { compareStage } from './compare-stage';
import { openRuntimeOnDawn } from './ort-on-dawn';

test('operators of onnxruntime on Dawn equal the interpreter', async ({ skip }) => {
  const opened = await openRuntimeOnDawn('software');
  if (typeof opened === 'string') return skip(opened);
  for (const { forward, inputs } of buildStageCases().filter(({ forward }) =>
    /^(Add|MatMul|Softmax)/.test(forward.name),
  ))
    expect(
      await compareStage(opened.executor, forward, inputs, interpretStage(forward, inputs)),
      forward.name,
    ).toBeLessThan(1e-5);
});
