/**
 * @file Indices as WGSL expressions: where an element of one layout lies in another. A layout operator costs no kernel,
 * because whoever reads its result reads its input at another index.
 */
import type { Shape } from '../core/shape';
import { stridesOf } from '../core/shape';

/** One expression of type u32 an axis. */
export type Index = readonly string[];

/** Gives an expression a name in the kernel and returns it, or returns what is a name already. */
export type Name = (expression: string) => string;

export const zero = '0u';

/** Multiplies a place by a stride, leaving out what changes nothing; null where the term is 0. */
const term = (at: string, stride: number): string | null =>
  at === zero ? null : stride === 1 ? at : `${at} * ${stride}u`;

/** The place of an element in a row-major tensor. */
export function flatIndex(index: Index, shape: Shape): string {
  const strides = stridesOf(shape);
  const terms = index.map((at, axis) => term(at, strides[axis] as number)).filter((part) => part !== null);
  return terms.join(' + ') || zero;
}

/** The index of the element at a place of a row-major tensor. */
export function indexOf(flat: string, shape: Shape, name: Name): string[] {
  const strides = stridesOf(shape);
  const first = shape.findIndex((dim) => dim !== 1);
  return shape.map((dim, axis) => {
    if (dim === 1) return zero;
    const stride = strides[axis] as number;
    const divided = stride === 1 ? flat : `${flat} / ${stride}u`;
    if (axis === first) return name(divided);
    return name(stride === 1 ? `${flat} % ${dim}u` : `(${divided}) % ${dim}u`);
  });
}

/** The index that a smaller operand of a broadcast is read at, where the whole is at `index`. */
export function broadcastIndex(index: Index, shape: Shape): string[] {
  const shift = index.length - shape.length;
  return shape.map((dim, axis) => (dim === 1 ? zero : (index[axis + shift] as string)));
}

interface Axis {
  readonly dim: number;
  readonly axis: number;
}

/**
 * The index in `to` of the element at `index` in `from`, which has the same elements in the same order. Axes that both
 * have in common are passed on as they are; only those that are cut or joined are computed.
 */
export function reshapeIndex(from: Shape, index: Index, to: Shape, name: Name): string[] {
  const axesOf = (shape: Shape): Axis[] => shape.map((dim, axis) => ({ dim, axis })).filter(({ dim }) => dim !== 1);
  const size = (axes: readonly Axis[]): number => axes.reduce((product, { dim }) => product * dim, 1);
  const [left, right] = [axesOf(from), axesOf(to)];
  const result = to.map(() => zero);
  while (left.length > 0 && right.length > 0) {
    const a = [left.shift() as Axis];
    const b = [right.shift() as Axis];
    while (size(a) !== size(b)) {
      if (size(a) < size(b)) a.push(left.shift() as Axis);
      else b.push(right.shift() as Axis);
    }
    const places = a.map(({ axis }) => index[axis] as string);
    if (a.length === 1 && b.length === 1) {
      result[(b[0] as Axis).axis] = places[0] as string;
      continue;
    }
    const dims = b.map(({ dim }) => dim);
    const flat = name(
      flatIndex(
        places,
        a.map(({ dim }) => dim),
      ),
    );
    const inner = b.length === 1 ? [flat] : indexOf(flat, dims, name);
    b.forEach(({ axis }, i) => (result[axis] = inner[i] as string));
  }
  return result;
}

/** Cuts a number of workgroups into a grid whose first two dimensions stay within the limit. */
export function gridOf(groups: number, most: number): readonly [number, number, number] {
  const x = Math.max(1, Math.min(groups, most));
  return [x, Math.max(1, Math.ceil(groups / x)), 1];
}
