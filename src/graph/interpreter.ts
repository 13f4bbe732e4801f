/**
 * @file The oracle: runs a stage in float64, one reference kernel an operator, with no regard for speed.
 * Every dtype is held as float64; bools are 0 and 1.
 */
import { sizeOf } from '../core/shape';
import type { Operator, OperatorName } from './operator';
import { operators } from './operators/index';
import { planStage } from './stage';
import type { Float64Tensor, Stage, Value } from './value';

/**
 * Computes all outputs of a stage in float64.
 * @param inputs one row-major array for each input that the stage uses
 * @throws Error where an input is missing or not of its size
 */
export function interpretStage(
  stage: Stage,
  inputs: Readonly<Record<string, Float64Array>>,
): Record<string, Float64Tensor> {
  const tensors = new Map<Value, Float64Tensor>();
  const plan = planStage(stage);
  for (const name of plan.usedInputs) {
    const value = stage.inputs[name] as Value;
    const data = inputs[name];
    if (!data) throw new Error(`Stage '${stage.name}' was not given its input '${name}'.`);
    if (data.length !== sizeOf(value.shape)) {
      throw new Error(
        `Stage '${stage.name}', input '${name}': ${data.length} elements given, [${value.shape.join(', ')}] wanted.`,
      );
    }
    tensors.set(value, { shape: value.shape, data });
  }
  for (const constant of plan.constants) {
    if (constant.source.kind === 'constant') {
      tensors.set(constant, { shape: constant.shape, data: Float64Array.from(constant.source.data) });
    }
  }
  for (const node of plan.nodes) {
    const operator = operators[node.op] as unknown as Operator<OperatorName>;
    const results = operator.evaluate(
      node.inputs.map((input) => tensors.get(input) as Float64Tensor),
      node.attributes,
      node.outputs,
    );
    node.outputs.forEach((output, i) => tensors.set(output, { shape: output.shape, data: results[i] as Float64Array }));
  }
  return Object.fromEntries(
    Object.entries(stage.outputs).map(([name, value]) => [name, tensors.get(value) as Float64Tensor]),
  );
}
