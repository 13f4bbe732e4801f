/**
 * @file Reverse-mode differentiation over a builder's graph (Griewank and Walther 2008, ch. 3): the adjoint of every
 * value between `wrt` and the seeded outputs, by the VJP table, emitted into the same builder.
 */
import type { Builder } from './builder';
import type { OperatorName, Vjp } from './operator';
import { operators } from './operators/index';
import type { Node, Value } from './value';
import { showValue } from './value';

/** Finds the nodes on a path from `wrt` to the seeded values, last first, and the values that depend on `wrt`. */
function findActive(seeded: Iterable<Value>, wrt: readonly Value[]): { nodes: Node[]; active: Set<Value> } {
  const targets = new Set(wrt);
  const depends = new Map<Value, boolean>();
  const nodes = new Set<Node>();
  const visit = (value: Value): boolean => {
    const known = depends.get(value);
    if (known !== undefined) return known;
    depends.set(value, targets.has(value));
    if (value.source.kind === 'node') {
      const { node } = value.source;
      const any = node.inputs.map(visit).some(Boolean);
      if (any) nodes.add(node);
      if (any || targets.has(value)) depends.set(value, true);
    }
    return depends.get(value) as boolean;
  };
  for (const value of seeded) visit(value);
  const first = (node: Node): number => (node.outputs[0] as Value).id;
  return {
    nodes: [...nodes].sort((a, b) => first(b) - first(a)),
    active: new Set([...depends].filter(([, yes]) => yes).map(([value]) => value)),
  };
}

/**
 * Adds two gradients of one value. Where one is a scatter into zeros, the other is its target instead: one pass and one
 * tensor less.
 */
function addGradients(g: Builder, a: Value, b: Value): Value {
  for (const [base, addend] of [
    [a, b],
    [b, a],
  ] as const) {
    if (addend.source.kind !== 'node') continue;
    const { op, inputs, attributes } = addend.source.node;
    const [target, indices, updates] = inputs as [Value, Value, Value];
    if (op === 'ScatterElements' && target === g.zeros(addend.shape)) {
      return g.scatterAdd(base, indices, updates, (attributes as { axis: number }).axis);
    }
  }
  return g.add(a, b);
}

/**
 * Emits the gradient d(sum over seeds of <seed, value>) / d(wrt).
 *
 * @param seeds gradient of each output, of the output's shape
 * @returns one gradient for each entry of `wrt`, of its shape; zeros where no path leads to it
 * @throws Error where a path leads through an operator that has no gradient
 */
export function buildGradient(g: Builder, seeds: ReadonlyMap<Value, Value>, wrt: readonly Value[]): Value[] {
  const adjoints = new Map<Value, Value>(seeds);
  const { nodes, active } = findActive(seeds.keys(), wrt);
  for (const node of nodes) {
    const outputGradients = node.outputs.map((output) => adjoints.get(output) ?? null);
    if (outputGradients.every((gradient) => gradient === null)) continue;
    const rule = operators[node.op].vjp as Vjp<OperatorName> | { none: string };
    if (typeof rule !== 'function') {
      throw new Error(
        `${node.op} has no gradient (${rule.none}), but one is asked for through ${node.inputs.map(showValue).join(', ')}.`,
      );
    }
    const needs = node.inputs.map((input) => active.has(input));
    const inputGradients = rule(g, node, outputGradients, needs);
    node.inputs.forEach((input, i) => {
      const gradient = inputGradients[i];
      if (!needs[i] || !gradient) return;
      const before = adjoints.get(input);
      adjoints.set(input, before ? addGradients(g, before, gradient) : gradient);
    });
  }
  return wrt.map((value) => adjoints.get(value) ?? g.zeros(value.shape));
}
