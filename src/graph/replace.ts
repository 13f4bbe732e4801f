/** @file Builds a stage anew with other nodes in the place of some, and with the inputs that these read. */
import { Builder } from './builder';
import type { Node, Stage, Value } from './value';

/** Says what stands in a node's place, as many values as it has outputs; null keeps the node. */
export type Replacement = (
  g: Builder,
  node: Node,
  inputs: readonly Value[],
  added: Readonly<Record<string, Value>>,
) => readonly Value[] | null;

/**
 * Replaces nodes of a stage.
 * @param added inputs that the stage gets
 * @returns the stage on a builder of its own, with all inputs of the old one
 */
export function replaceNodes(
  stage: Stage,
  added: Readonly<Record<string, Pick<Value, 'dtype' | 'shape'>>>,
  replace: Replacement,
): Stage {
  const g = new Builder();
  const inputsOf = (values: Readonly<Record<string, Pick<Value, 'dtype' | 'shape'>>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).map(([name, { dtype, shape }]) => [name, g.input(name, dtype, shape)]));
  const [inputs, more] = [inputsOf(stage.inputs), inputsOf(added)];
  const made = new Map(Object.entries(stage.inputs).map(([name, value]) => [value, inputs[name] as Value]));
  const convert = (value: Value): Value => {
    const known = made.get(value);
    if (known) return known;
    const { source, shape, dtype } = value;
    if (source.kind === 'input')
      throw new Error(`Stage '${stage.name}' reads the input '${source.name}', which it does not have.`);
    if (source.kind === 'constant') made.set(value, g.constant(source.data, shape, dtype));
    else {
      const { node } = source;
      const given = node.inputs.map(convert);
      const results = replace(g, node, given, more) ?? g.emit(node.op, given, node.attributes);
      node.outputs.forEach((output, i) => results[i] && made.set(output, results[i]));
    }
    const result = made.get(value);
    if (!result) throw new Error(`Stage '${stage.name}': nothing stands for an output of what was replaced.`);
    return result;
  };
  const outputs = Object.fromEntries(Object.entries(stage.outputs).map(([name, value]) => [name, convert(value)]));
  return { ...stage, inputs: { ...inputs, ...more }, outputs };
}
