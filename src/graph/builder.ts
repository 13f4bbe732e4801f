/**
 * @file Builds graphs: one method an operator, shapes checked where the call stands.
 * Equal expressions are one value (hash-consing), so the gradient may ask for a forward value again at no cost.
 * A builder holds any number of stages over the same values; stage.ts cuts them out.
 */
import type { DType } from '../core/dtype';
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import type { AttributeMap, BlockFormat, OperatorName } from './operator';
import { operators } from './operators/index';
import type { Node, Value } from './value';
import { showValue } from './value';

/** A shader binds at least 8 storage buffers (WebGPU's default limit): 7 parts and the whole. */
const boundParts = 7;

function inGroups<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / boundParts) }, (_, i) =>
    items.slice(i * boundParts, (i + 1) * boundParts),
  );
}

/**
 * Makes the values of one graph. Every method named after an operator emits that operator and returns its result;
 * shapes that do not fit are an Error that names the operator, the shapes and where each came from.
 */
export class Builder {
  readonly #values: Value[] = [];
  readonly #known = new Map<string, readonly Value[]>();

  #add(value: Omit<Value, 'id'>): Value {
    const numbered = { id: this.#values.length, ...value };
    this.#values.push(numbered);
    return numbered;
  }

  input(name: string, dtype: DType, shape: Shape): Value {
    return this.#add({ dtype, shape, source: { kind: 'input', name } });
  }

  constant(data: readonly number[] | number, shape: Shape = [], dtype: DType = 'float32'): Value {
    const elements = typeof data === 'number' ? new Array<number>(sizeOf(shape)).fill(data) : data;
    if (elements.length !== sizeOf(shape)) {
      throw new Error(
        `A constant of shape [${shape.join(', ')}] needs ${sizeOf(shape)} elements, not ${elements.length}.`,
      );
    }
    return this.#once(`constant ${dtype} ${shape.join()} ${elements.join()}`, () => [
      this.#add({ dtype, shape, source: { kind: 'constant', data: elements } }),
    ])[0] as Value;
  }

  #once(key: string, make: () => readonly Value[]): readonly Value[] {
    let values = this.#known.get(key);
    if (!values) {
      values = make();
      this.#known.set(key, values);
    }
    return values;
  }

  /**
   * Emits one operator and returns its outputs.
   * @throws Error where the inputs do not fit the operator, or belong to another builder
   */
  emit<K extends OperatorName>(op: K, inputs: readonly Value[], attributes: AttributeMap[K]): readonly Value[] {
    const operator = operators[op];
    for (const input of inputs) {
      if (this.#values[input.id] !== input)
        throw new Error(`${op} got ${showValue(input)}, which belongs to another builder.`);
    }
    const key = `${op} ${inputs.map((input) => input.id).join()} ${JSON.stringify(attributes)}`;
    return this.#once(key, () => {
      let types;
      try {
        types = operator.infer(inputs, attributes);
      } catch (error) {
        throw new Error(
          `${op}(${inputs.map(showValue).join(', ')}) ${JSON.stringify(attributes)}: ${(error as Error).message}`,
        );
      }
      const outputs: Value[] = [];
      const node: Node<K> = { op, inputs, attributes, outputs };
      types.forEach(({ dtype, shape }, output) =>
        outputs.push(this.#add({ dtype, shape, source: { kind: 'node', node: node as unknown as Node, output } })),
      );
      return outputs;
    });
  }

  #one<K extends OperatorName>(op: K, inputs: readonly Value[], attributes: AttributeMap[K]): Value {
    return this.emit(op, inputs, attributes)[0] as Value;
  }

  add = (a: Value, b: Value) => this.#one('Add', [a, b], {});
  sub = (a: Value, b: Value) => this.#one('Sub', [a, b], {});
  mul = (a: Value, b: Value) => this.#one('Mul', [a, b], {});
  div = (a: Value, b: Value) => this.#one('Div', [a, b], {});
  min = (a: Value, b: Value) => this.#one('Min', [a, b], {});
  neg = (a: Value) => this.#one('Neg', [a], {});
  exp = (a: Value) => this.#one('Exp', [a], {});
  sqrt = (a: Value) => this.#one('Sqrt', [a], {});
  sigmoid = (a: Value) => this.#one('Sigmoid', [a], {});
  tanh = (a: Value) => this.#one('Tanh', [a], {});
  erf = (a: Value) => this.#one('Erf', [a], {});
  cast = (a: Value, to: DType) => (a.dtype === to ? a : this.#one('Cast', [a], { to }));
  equal = (a: Value, b: Value) => this.#one('Equal', [a, b], {});
  greaterOrEqual = (a: Value, b: Value) => this.#one('GreaterOrEqual', [a, b], {});
  and = (a: Value, b: Value) => this.#one('And', [a, b], {});
  not = (a: Value) => this.#one('Not', [a], {});
  where = (condition: Value, a: Value, b: Value) => this.#one('Where', [condition, a, b], {});

  reduceSum = (a: Value, axes: readonly number[]) => this.#one('ReduceSum', [a], { axes });
  reduceMean = (a: Value, axes: readonly number[]) => this.#one('ReduceMean', [a], { axes });
  reduceSumSquare = (a: Value, axes: readonly number[]) => this.#one('ReduceSumSquare', [a], { axes });
  reduceLogSumExp = (a: Value, axes: readonly number[]) => this.#one('ReduceLogSumExp', [a], { axes });
  softmax = (a: Value, axis = -1) => this.#one('Softmax', [a], { axis });

  matmul = (a: Value, b: Value) => this.#one('MatMul', [a, b], {});
  /** Emits op(A) op(B), each matrix transposed first where its flag says so. */
  gemm = (a: Value, b: Value, { transA = false, transB = false } = {}) => this.#one('Gemm', [a, b], { transA, transB });

  reshape = (a: Value, shape: Shape) =>
    a.shape.length === shape.length && a.shape.every((dim, i) => dim === shape[i])
      ? a
      : this.#one('Reshape', [a], { shape });
  transpose = (a: Value, perm: readonly number[]) => this.#one('Transpose', [a], { perm });
  expand = (a: Value, shape: Shape) => this.#one('Expand', [a], { shape });
  /** Joins any number of parts along an axis; more than a shader can bind are joined in groups. */
  concat = (parts: readonly Value[], axis: number): Value => {
    if (parts.length === 1) return parts[0] as Value;
    if (parts.length <= boundParts) return this.#one('Concat', parts, { axis });
    return this.concat(
      inGroups(parts).map((group) => this.concat(group, axis)),
      axis,
    );
  };

  /** Cuts a value along an axis into parts of these sizes, in groups as `concat` joins them. */
  split = (a: Value, sizes: readonly number[], axis: number): readonly Value[] => {
    if (sizes.length === 1) return [a];
    if (sizes.length <= boundParts) return this.emit('Split', [a], { axis, sizes });
    const groups = inGroups(sizes);
    const wholes = this.split(
      a,
      groups.map((group) => group.reduce((sum, size) => sum + size, 0)),
      axis,
    );
    return groups.flatMap((group, i) => this.split(wholes[i] as Value, group, axis));
  };

  /** Takes rows of `a` (axis 0) by int32 indices of any shape. */
  gather = (a: Value, indices: Value) => this.#one('Gather', [a, indices], {});
  gatherElements = (a: Value, indices: Value, axis: number) => this.#one('GatherElements', [a, indices], { axis });
  /** Adds `updates` to `a` at `indices` along `axis`; updates that meet at one place are summed. */
  scatterAdd = (a: Value, indices: Value, updates: Value, axis: number) =>
    this.#one('ScatterElements', [a, indices, updates], { axis });

  /**
   * Multiplies a [M, K] by the transpose of a weight [N, K] in blocks: [M, N]. operators/quantized.ts says what the
   * tensors hold.
   */
  matmulNBits = (a: Value, data: Value, scales: Value, format: BlockFormat) =>
    this.#one('MatMulNBits', [a, data, scales], format);
  /** Takes rows of a weight in blocks by int32 indices [T]: [T, K]. */
  gatherQuantized = (data: Value, scales: Value, indices: Value, format: BlockFormat) => {
    const [N, blocks] = data.shape as [number, number];
    const rows = this.#one('GatherBlockQuantized', [data, indices, this.reshape(scales, [N, blocks, 1])], format);
    return this.reshape(rows, [...indices.shape, blocks * format.blockSize]);
  };
  /** Widens a whole weight in blocks to float32: [N, K]. */
  dequantize = (data: Value, scales: Value, format: BlockFormat) => {
    const N = data.shape[0] as number;
    return this.gatherQuantized(
      data,
      scales,
      this.constant(
        Array.from({ length: N }, (_, row) => row),
        [N],
        'int32',
      ),
      format,
    );
  };

  zeros = (shape: Shape) => this.expand(this.constant(0), shape);
}
