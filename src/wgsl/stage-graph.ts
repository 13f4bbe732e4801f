/**
 * @file A stage as the compiler decides about it: who reads what, and which values are held as tensors.
 */
import { sizeOf } from '../core/shape';
import { planStage } from '../graph/stage';
import type { Node, Stage, Value } from '../graph/value';
import type { Root } from './chains';
import { attentions, elementwise, layouts, nodeOf, products } from './operators';
import { widenedBlocks } from './product-kernels';

export class StageGraph {
  readonly nodes: readonly Node[];
  readonly inputs: ReadonlySet<Value>;
  readonly outputs: ReadonlySet<Value>;
  /** Values that are tensors between kernels; the rest is computed where it is read. */
  readonly held: Set<Value>;
  readonly #readers = new Map<Value, Node[]>();

  constructor(readonly stage: Stage) {
    this.nodes = planStage(stage).nodes;
    this.inputs = new Set(Object.values(stage.inputs));
    this.outputs = new Set(Object.values(stage.outputs));
    this.held = new Set([...this.inputs, ...this.outputs]);
    for (const node of this.nodes)
      for (const input of new Set(node.inputs)) this.#readers.set(input, [...(this.#readers.get(input) ?? []), node]);
    for (const node of this.nodes) this.#holdOperands(node);
  }

  readersOf(value: Value): readonly Node[] {
    return this.#readers.get(value) ?? [];
  }

  /** Whether a value is computed of another within the stage. */
  reaches(from: Value, to: Value): boolean {
    const seen = new Set<Value>();
    const visit = (value: Value): boolean => {
      if (value === from) return true;
      if (seen.has(value) || this.inputs.has(value)) return false;
      seen.add(value);
      return nodeOf(value)?.inputs.some(visit) ?? false;
    };
    return visit(to);
  }

  /** Goes down through what a factor of a product is read through at no cost, to what must be held. */
  #coreOf(value: Value): Value {
    const node = nodeOf(value);
    if (!node || this.held.has(value)) return value;
    const [input, other] = node.inputs as [Value, Value | undefined];
    const isScaled = node.op === 'Mul' && other?.source.kind === 'constant' && sizeOf(other.shape) === 1;
    const isWidened = node.op === 'Cast' && input.dtype === 'float16';
    if (isScaled || isWidened || (layouts.has(node.op) && node.op !== 'Concat')) return this.#coreOf(input);
    return value;
  }

  #holdOperands(node: Node): void {
    if (products.has(node.op)) {
      for (const input of node.inputs) {
        const core = this.#coreOf(input);
        if (nodeOf(core) && !widenedBlocks(input, this.held)) this.held.add(core);
      }
    }
    if (attentions.has(node.op)) {
      node.inputs.forEach((input) => this.#holdWhole(input));
      node.outputs.forEach((output) => this.held.add(output));
    }
  }

  /** Holds a value that is read as it lies; a reshaped one lies where its input lies. */
  #holdWhole(value: Value): void {
    const whole = this.wholeOf(value);
    if (nodeOf(whole)) this.held.add(whole);
  }

  /** The tensor in which a reshaped value lies. */
  wholeOf(value: Value): Value {
    const node = nodeOf(value);
    if (this.held.has(value) || node?.op !== 'Reshape') return value;
    return this.wholeOf(node.inputs[0] as Value);
  }

  /** Outputs that are joined of many vectors, with a root for each part: they are written part by part. */
  findParts(): Map<Value, readonly Root[]> {
    const parts = new Map<Value, readonly Root[]>();
    for (const value of this.outputs) {
      if (value.shape.length !== 1) continue;
      const joins: Value[] = [];
      const visit = (at: Value): void => {
        const node = nodeOf(at);
        if (!node || (this.held.has(at) && at !== value)) return;
        if (node.op === 'Concat' && at.shape[0] === value.shape[0]) joins.push(at);
        else if (elementwise[node.op]) node.inputs.forEach(visit);
      };
      visit(value);
      const [joined] = joins;
      if (joined && joins.length === 1) parts.set(value, this.#partsOf(value, joined));
    }
    return parts;
  }

  #partsOf(value: Value, joined: Value): Root[] {
    const roots: Root[] = [];
    const walk = (at: Value, offset: number, chosen: ReadonlyMap<Value, Value>): void => {
      const node = nodeOf(at);
      if (node?.op !== 'Concat' || (this.held.has(at) && at !== joined)) {
        roots.push({ value, offset, shape: at.shape, chosen });
        return;
      }
      let start = offset;
      for (const part of node.inputs) {
        walk(part, start, new Map([...chosen, [at, part]]));
        start += part.shape[0] as number;
      }
    };
    walk(joined, 0, new Map());
    return roots;
  }
}
