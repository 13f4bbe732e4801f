/**
 * @file Cuts stages out of a builder's graph: the nodes needed for some outputs, stopping at some inputs.
 * Saving against recomputing is nothing but where this cut is made.
 */
import type { Node, Stage, Value } from './value';
import { showValue } from './value';

export interface StagePlan {
  /** The stage's nodes, in an order in which they can run. */
  readonly nodes: readonly Node[];
  readonly constants: readonly Value[];
  /** Names of the stage's inputs that some output really needs. */
  readonly usedInputs: readonly string[];
}

/**
 * Walks back from the outputs to all that they need.
 * @throws Error where a path ends in a builder's input that is none of the stage's
 */
export function planStage(stage: Stage): StagePlan {
  const inputNames = new Map(Object.entries(stage.inputs).map(([name, value]) => [value, name]));
  const nodes = new Set<Node>();
  const constants = new Set<Value>();
  const used = new Set<string>();
  const visit = (value: Value): void => {
    const name = inputNames.get(value);
    if (name !== undefined) {
      used.add(name);
    } else if (value.source.kind === 'constant') {
      constants.add(value);
    } else if (value.source.kind === 'input') {
      throw new Error(`Stage '${stage.name}' needs ${showValue(value)}, which is not among its inputs.`);
    } else if (!nodes.has(value.source.node)) {
      nodes.add(value.source.node);
      value.source.node.inputs.forEach(visit);
    }
  };
  Object.values(stage.outputs).forEach(visit);
  const order = (node: Node): number => (node.outputs[0] as Value).id;
  return {
    nodes: [...nodes].sort((a, b) => order(a) - order(b)),
    constants: [...constants],
    usedInputs: Object.keys(stage.inputs).filter((name) => used.has(name)),
  };
}

/**
 * Drops the inputs that the stage does not need: all that are left must be fed when it runs. The type keeps the names
 * of those dropped, so that callers feed a kind of stage alike, whatever an architecture makes of its inputs.
 */
export function pruneStage<I extends string, O extends string>(stage: Stage<I, O>): Stage<I, O> {
  const used = new Set(planStage(stage).usedInputs);
  const inputs = Object.entries(stage.inputs).filter(([name]) => used.has(name));
  return { ...stage, inputs: Object.fromEntries(inputs) as Record<I, Value> };
}

/**
 * Finds the forward values that a backward stage would read if all candidates were saved: those that lie on the border
 * when the graph of `outputs` is cut at `candidates` and `inputs`.
 */
export function valuesRead(
  outputs: readonly Value[],
  inputs: ReadonlySet<Value>,
  candidates: ReadonlySet<Value>,
): Value[] {
  const seen = new Set<Value>();
  const read = new Set<Value>();
  const visit = (value: Value): void => {
    if (seen.has(value)) return;
    seen.add(value);
    if (candidates.has(value)) read.add(value);
    else if (!inputs.has(value) && value.source.kind === 'node') value.source.node.inputs.forEach(visit);
  };
  outputs.forEach(visit);
  return [...read].sort((a, b) => a.id - b.id);
}
