/**
 * @file A value as a view of a tensor that is held: where it begins and how far apart its elements lie along each axis.
 * It tells whether four elements lie together, so that they can be loaded at once.
 */
import { sizeOf, stridesOf } from '../core/shape';
import type { Shape } from '../core/shape';
import type { Value } from '../graph/value';
import { literal } from './bindings';
import { attributesOf, nodeOf, splitPlace } from './operators';

export interface StridedView {
  /** The tensor, float32 or float16. */
  readonly tensor: Value;
  readonly offset: number;
  /** Elements of the tensor from one place of an axis to the next; 0 along a broadcast axis. */
  readonly strides: readonly number[];
  /** WGSL of a number that every element is multiplied by; null for none. */
  readonly factor: string | null;
}

/** The strides of the same elements under another shape; null where they would have to be copied. */
function reshapeStrides(from: Shape, strides: readonly number[], to: Shape): number[] | null {
  const axes = from.map((dim, axis) => ({ dim, stride: strides[axis] as number })).filter(({ dim }) => dim !== 1);
  // Axes that lie behind one another are one.
  const merged: { dim: number; stride: number }[] = [];
  for (const { dim, stride } of axes) {
    const last = merged.at(-1);
    if (last && last.stride === dim * stride) merged[merged.length - 1] = { dim: last.dim * dim, stride };
    else merged.push({ dim, stride });
  }
  const result = new Array<number>(to.length).fill(0);
  let axis = to.length - 1;
  for (const { dim, stride } of merged.reverse()) {
    let left = dim;
    let step = stride;
    while (left > 1) {
      while (axis >= 0 && to[axis] === 1) axis--;
      const size = to[axis];
      if (size === undefined || left % size !== 0) return null;
      result[axis--] = step;
      step *= size;
      left /= size;
    }
  }
  return result;
}

/** Finds the tensor that a value is a view of, through layouts, widening and a scalar factor; null where it is none. */
export function stridedView(value: Value, held: ReadonlySet<Value>): StridedView | null {
  if (held.has(value) && value.source.kind !== 'constant') {
    const isRead = value.dtype === 'float32' || value.dtype === 'float16';
    return isRead ? { tensor: value, offset: 0, strides: stridesOf(value.shape), factor: null } : null;
  }
  const node = nodeOf(value);
  if (!node) return null;
  const [input, other] = node.inputs as [Value, Value | undefined];
  const inner = stridedView(input, held);
  if (!inner) return null;
  const { strides, offset } = inner;
  switch (node.op) {
    case 'Transpose':
      return { ...inner, strides: attributesOf(node).perm.map((axis) => strides[axis] as number) };
    case 'Reshape': {
      const reshaped = reshapeStrides(input.shape, strides, value.shape);
      return reshaped && { ...inner, strides: reshaped };
    }
    case 'Expand': {
      const shift = value.shape.length - input.shape.length;
      const expanded = value.shape.map((_, axis) =>
        input.shape[axis - shift] === 1 ? 0 : (strides[axis - shift] ?? 0),
      );
      return { ...inner, strides: expanded };
    }
    case 'Split': {
      const { along, start } = splitPlace(node, value);
      return { ...inner, offset: offset + start * (strides[along] as number) };
    }
    case 'Cast':
      return input.dtype === 'float16' && value.dtype === 'float32' ? inner : null;
    case 'Mul': {
      if (other?.source.kind !== 'constant' || sizeOf(other.shape) !== 1 || inner.factor !== null) return null;
      if (value.shape.length !== input.shape.length) return null;
      return { ...inner, factor: literal(other.source.data[0] as number, 'float32') };
    }
    default:
      return null;
  }
}

/**
 * Along which of the last two axes four elements from a multiple of 4 on lie together in the tensor, from a multiple of
 * 4 on; null for neither.
 */
export function vectorAxis({ strides, offset }: StridedView, shape: Shape): 'row' | 'column' | null {
  const rank = shape.length;
  const fits = (axis: number): boolean =>
    strides[axis] === 1 &&
    (shape[axis] as number) % 4 === 0 &&
    offset % 4 === 0 &&
    strides.every((stride, other) => other === axis || shape[other] === 1 || stride % 4 === 0);
  if (fits(rank - 1)) return 'column';
  return fits(rank - 2) ? 'row' : null;
}
