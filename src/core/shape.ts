/**
 * @file Static shapes: plain arrays of non-negative integers, and NumPy's broadcasting rule over them.
 */

export type Shape = readonly number[];

/** Counts the elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The place of an element in a tensor: `[3, 57]` of the index in row-major order. */
export function showPlace(shape: Shape, index: number): string {
  return showShape(stridesOf(shape).map((stride, axis) => Math.floor(index / stride) % (shape[axis] ?? 1)));
}

/** Broadcasts two shapes as NumPy and ONNX do; null where they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = a[a.length - rank + axis] ?? 1;
    const y = b[b.length - rank + axis] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return null;
    result.push(x === 1 ? y : x);
  }
  return result;
}

/** Computes row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** Counts an axis such as -1 from the start, 0 to rank - 1; throws a plain sentence where there is no such axis. */
export function normalizeAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= rank)
    throw new Error(`axis ${axis} is outside rank ${rank}.`);
  return positive;
}
