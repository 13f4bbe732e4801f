/**
 * @file What the runtime needs, beside the tensors that are fed, to run a stage: the values alive at one time, in the
 * order in which onnxruntime runs the nodes. An estimate: its allocator's gaps come on top (docs/log.md).
 */
import { bytesPerElement } from '../core/dtype';
import { sizeOf } from '../core/shape';
import { planStage } from '../graph/stage';
import type { Node, Stage, Value } from '../graph/value';

/** Bytes of the WebAssembly heap before anything runs. */
const emptyHeapBytes = 16 * 2 ** 20;

/** The heap grows by a fifth at a time, and freed blocks do not always fit the next request. */
const heapGrowth = 1.2;

const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * bytesPerElement[dtype];

const sumBytes = (values: Iterable<Value>): number => [...values].reduce((sum, value) => sum + bytesOf(value), 0);

/**
 * Orders nodes as onnxruntime does by default (ReverseDFSFrom in graph.cc): from the leaves back, so a value may wait
 * long for its last reader.
 */
function runtimeOrder(planned: readonly Node[]): Node[] {
  const place = new Map(planned.map((node, i) => [node, i]));
  const producers = (node: Node): Node[] =>
    [
      ...new Set(
        node.inputs.flatMap(({ source }) => (source.kind === 'node' && place.has(source.node) ? [source.node] : [])),
      ),
    ].sort((a, b) => (place.get(a) as number) - (place.get(b) as number));
  const read = new Set(planned.flatMap(producers));
  const stack = planned.filter((node) => !read.has(node)).map((node) => ({ node, leaving: false }));
  const seen = new Set<Node>();
  const order: Node[] = [];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.leaving) order.push(top.node);
    else if (!seen.has(top.node)) {
      seen.add(top.node);
      stack.push({ node: top.node, leaving: true });
      for (const node of producers(top.node)) if (!seen.has(node)) stack.push({ node, leaving: false });
    }
  }
  return order;
}

/**
 * Counts what a node's kernel holds besides its values: the WASM product with a weight in blocks widens the weight
 * first.
 */
function scratchBytes({ op, inputs, outputs }: Node): number {
  if (op !== 'MatMulNBits') return 0;
  return 4 * ((inputs[0] as Value).shape[1] as number) * ((outputs[0] as Value).shape[1] as number);
}

/** Where values lie, and until when: a reshaped one is the value that it was made of, and lies where that lies. */
function placesOf(order: readonly Node[]) {
  const roots = new Map<Value, Value>();
  const rootOf = (value: Value): Value => roots.get(value) ?? value;
  for (const { op, inputs, outputs } of order)
    if (op === 'Reshape') roots.set(outputs[0] as Value, rootOf(inputs[0] as Value));
  /** The places of the nodes that read them last. */
  const lastRead = new Map<Value, number>();
  order.forEach(({ inputs }, i) => inputs.forEach((value) => lastRead.set(rootOf(value), i)));
  return { rootOf, isReshaped: (value: Value): boolean => roots.has(value), lastRead };
}

/**
 * Finds the most bytes of computed values, outputs included, that are alive at one time.
 * @param scratch bytes that a node needs besides them
 */
export function peakValueBytes(stage: Stage, scratch: (node: Node) => number = () => 0): number {
  const order = runtimeOrder(planStage(stage).nodes);
  const { rootOf, isReshaped, lastRead } = placesOf(order);
  for (const output of Object.values(stage.outputs)) lastRead.set(rootOf(output), Infinity);
  const computed = new Set(order.flatMap(({ outputs }) => outputs).filter((value) => !isReshaped(value)));
  let alive = 0;
  let peak = 0;
  order.forEach((node, i) => {
    const { inputs, outputs } = node;
    const made = outputs.filter((value) => computed.has(value));
    alive += sumBytes(made);
    peak = Math.max(peak, alive + scratch(node));
    const done = new Set(
      [...inputs.map(rootOf), ...made].filter((value) => computed.has(value) && (lastRead.get(value) ?? i) === i),
    );
    alive -= sumBytes(done);
  });
  return peak;
}

/**
 * Lists the buffers, in bytes, that the runtime takes on a GPU for the values inside a stage: it takes again what is
 * free and has the very size. Attention has five of its own: of the sizes of its query, and twice of keys and values.
 */
export function innerBufferBytes(stage: Stage): number[] {
  const order = runtimeOrder(planStage(stage).nodes);
  const { rootOf, isReshaped, lastRead } = placesOf(order);
  const outputs = new Set(Object.values(stage.outputs).map(rootOf));
  const sizes: number[] = [];
  const free: number[] = [];
  const take = (bytes: number): void => {
    const place = free.indexOf(bytes);
    if (place >= 0) free.splice(place, 1);
    else sizes.push(bytes);
  };
  const isInner = (value: Value): boolean => value.source.kind === 'node' && !isReshaped(value) && !outputs.has(value);
  order.forEach(({ op, inputs, outputs: made }, i) => {
    made.filter(isInner).forEach((value) => take(bytesOf(value)));
    const laidOut = op === 'GroupQueryAttention' ? [0, 1, 2, 1, 2].map((place) => bytesOf(inputs[place] as Value)) : [];
    laidOut.forEach(take);
    free.push(...laidOut);
    const done = new Set([...inputs.map(rootOf), ...made].filter((value) => isInner(value)));
    for (const value of done) if ((lastRead.get(value) ?? i) === i) free.push(bytesOf(value));
  });
  return sizes;
}

/**
 * Estimates the size that the WebAssembly heap reaches when these stages run one after the other; inputs are copied in
 * for each run.
 */
export function estimateHeapBytes(stages: Iterable<Stage>): number {
  let most = 0;
  for (const stage of stages)
    most = Math.max(most, sumBytes(Object.values(stage.inputs)) + peakValueBytes(stage, scratchBytes));
  return Math.round(emptyHeapBytes + heapGrowth * most);
}

/** Finds the bytes of the largest value that a node of the stage reads or writes: one binding on a GPU. */
export function largestValueBytes(stage: Stage): number {
  const { nodes } = planStage(stage);
  return Math.max(...nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).map(bytesOf));
}
