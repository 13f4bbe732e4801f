/** @file onnxruntime's WebGPU build runs in Node on a software GPU, and its operators equal the interpreter. */
import { expect, test } from 'vitest';
import { buildStageCases } from '../graph/operator-cases';
import { interpretStage } from '../graph/interpreter';
import { runtimeOperators } from '../graph/operators/fused';
import { compareStage } from './compare-stage';
import { openRuntimeOnDawn } from './ort-on-dawn';

const isTried = (op: string): boolean => /^(Add|MatMul|Softmax)$/.test(op) || runtimeOperators.has(op);
const tried = buildStageCases().filter(({ op }) => isTried(op));

test('operators of onnxruntime on Dawn equal the interpreter', async ({ skip }) => {
  const opened = await openRuntimeOnDawn('software');
  if (typeof opened === 'string') return skip(opened);
  for (const { forward, inputs } of tried)
    expect
      .soft(
        await compareStage(opened.executor, forward, inputs, interpretStage(forward, inputs)).catch(
          (e: unknown) => (e as Error).message,
        ),
        forward.name,
      )
      .toBeLessThan(1e-5);
});
