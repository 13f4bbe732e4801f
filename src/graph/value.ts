/**
 * @file The nouns of the graph language: values (typed, statically shaped handles) and the nodes that make them.
 * A value belongs to one Builder; handles are compared by identity, never by name.
 */
import type { DType } from '../core/dtype';
import type { Shape } from '../core/shape';
import type { AttributeMap, OperatorName } from './operator';

export interface Node<K extends OperatorName = OperatorName> {
  readonly op: K;
  readonly inputs: readonly Value[];
  readonly attributes: AttributeMap[K];
  readonly outputs: readonly Value[];
}

/** Where a value comes from. Constants hold their elements in row-major order. */
export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: readonly number[] }
  | { readonly kind: 'node'; readonly node: Node; readonly output: number };

export interface Value {
  /** Unique within its builder, ascending in order of creation: a topological order. */
  readonly id: number;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly source: Source;
}

/**
 * A named piece of a builder's graph that is compiled and run as one.
 *
 * The type names what a run must be fed and what it gives, so that a wrong name does not compile:
 * `Stage<'a' | 'b', 'sum'>`. A stage may have further inputs whose names only the architecture knows, its weights.
 */
export interface Stage<I extends string = string, O extends string = string> {
  readonly name: string;
  readonly inputs: Readonly<Record<I, Value>>;
  readonly outputs: Readonly<Record<O, Value>>;
  /**
   * Sizes that stand for any size, and what ONNX is to call them: one program then takes tensors of every length. The
   * graph is built with a number that is no other dimension's (`openSizes`). Absent where all sizes are fixed.
   */
  readonly open?: OpenSizes;
  /**
   * Sizes that differ from row to row, four at most. Kernels of our own read them from a buffer, so that stages that
   * differ in nothing else share what was compiled for the GPU. Absent where there are none.
   */
  readonly lengths?: readonly number[];
  /**
   * Outputs that may be written over an input of their type, which nobody needs afterwards. Who can does so: the run
   * then takes the input over, and its tensor is the output.
   */
  readonly inPlace?: Readonly<Partial<Record<O, I>>>;
}

export type OpenSizes = Readonly<Record<number, string>>;

/** Whether a tensor of this shape may be fed or given where the stage has that one. */
export function fitsShape(shape: Shape, wanted: Shape, open: OpenSizes = {}): boolean {
  return shape.length === wanted.length && wanted.every((dim, i) => dim === shape[i] || Object.hasOwn(open, dim));
}

/**
 * The tensor that a stage is given for an input.
 * @param open sizes of the stage that may be others
 * @throws Error where none is given, and for one of another shape: a defect of the caller
 */
export function requireInput<T extends { readonly shape: Shape }>(
  stage: Pick<Stage, 'name' | 'inputs'>,
  name: string,
  tensor: T | undefined,
  open?: OpenSizes,
): T {
  if (!tensor) throw new Error(`Stage '${stage.name}' was not given its input '${name}'.`);
  const wanted = (stage.inputs[name] as Value).shape;
  if (fitsShape(tensor.shape, wanted, open)) return tensor;
  throw new Error(
    `Stage '${stage.name}', input '${name}': got [${tensor.shape.join(', ')}], wants [${wanted.join(', ')}].`,
  );
}

/** The elements of a value in float64, row-major: what the interpreter computes with. */
export interface Float64Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Describes a value in words, for errors: where it came from, its type and its shape. */
export function showValue(value: Value): string {
  const { source } = value;
  const origin =
    source.kind === 'input'
      ? `input '${source.name}'`
      : source.kind === 'constant'
        ? 'a constant'
        : `the result of ${source.node.op}`;
  return `${origin} ${value.dtype}[${value.shape.join(', ')}]`;
}
