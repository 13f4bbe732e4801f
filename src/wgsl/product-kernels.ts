/**
 * @file Kernels of matrix products: each reads its factors as they lie, takes in the chain that follows it, and may be
 * summed or joined with others.
 */
import { sizeOf } from '../core/shape';
import type { Shape } from '../core/shape';
import { productFlops } from '../graph/flops';
import type { Node, Value } from '../graph/value';
import type { StageTerms } from './bindings';
import { Bindings } from './bindings';
import type { Root } from './chains';
import { isPart, preamble } from './chains';
import { Expressions, NeedsTensor } from './expressions';
import { indexOf, reshapeIndex, zero } from './index-arithmetic';
import type { Kernel } from './kernel';
import { defaultLimits } from './kernel';
import type { SharedAttributes } from './operators';
import { attributesOf, nodeOf, outputOf } from './operators';
import type { Operand, ProductProblem, Snippet } from './product';
import { productCode } from './product';
import { Scopes } from './scopes';
import { stridedView, vectorAxis } from './strided-view';
import type { Tile, TileVariant } from './tiles';
import { fitTile, largeTile } from './tiles';

/** One result of a product kernel: the products that are summed, and what follows them up to the root. */
export interface Problem {
  readonly products: readonly Node[];
  readonly root: Root;
}

/** The axes of a stack, by the names that operands and epilogue know. */
const stackIndex = (stack: Shape): string[] => stack.map((dim, axis) => (dim === 1 ? zero : `z${axis}`));

/** What the operands of one kernel share. */
interface Surroundings {
  readonly held: ReadonlySet<Value>;
  readonly bindings: Bindings;
}

/** A weight in blocks of few bits that is read in place: the parts of [N, K]. */
interface BlockWeight {
  readonly data: Value;
  readonly scales: Value;
  readonly format: Pick<SharedAttributes, 'bits' | 'blockSize'>;
}

/** Finds the weight of which a value is all rows, widened; null for anything else. */
export function widenedBlocks(value: Value, held: ReadonlySet<Value>): BlockWeight | null {
  const node = held.has(value) ? null : nodeOf(value);
  const gather = node?.op === 'Reshape' ? nodeOf(node.inputs[0] as Value) : null;
  if (gather?.op !== 'GatherBlockQuantized' || value.shape.length !== 2) return null;
  const [data, rows, scales] = gather.inputs as [Value, Value, Value];
  const isAll = rows.source.kind === 'constant' && rows.source.data.every((row, i) => row === i);
  if (!isAll || rows.shape[0] !== value.shape[0]) return null;
  return { data, scales, format: attributesOf(gather) };
}

/** An operand made of a reader of single elements and, where there is one, of vectors along the matrix's last axis. */
function blockOperand(
  { data, scales, format }: BlockWeight,
  isInnerLast: boolean,
  { held, bindings }: Surroundings,
): Operand {
  const { bits, blockSize } = format;
  const placeOf = (outer: string, inner: string): [string, string] => (isInnerLast ? [outer, inner] : [inner, outer]);
  const [, blocks, bytes] = data.shape as [number, number, number];
  const element = (outer: string, inner: string): Snippet => {
    const scopes = new Scopes('q');
    const [row, k] = placeOf(outer, inner);
    const block = scopes.name(`${k} / ${blockSize}u`);
    const expressions = new Expressions(held, bindings, scopes);
    const value = expressions.readBlocks({ data, scales }, format, [row, block, scopes.name(`${k} % ${blockSize}u`)]);
    return { lines: scopes.lines, value };
  };
  const read = (outer: string, inner: string): Snippet => {
    const scopes = new Scopes('q');
    const [row, k] = placeOf(outer, inner);
    const block = scopes.name(`${k} / ${blockSize}u`);
    const byte = scopes.name(`(${row} * ${blocks}u + ${block}) * ${bytes}u + (${k} % ${blockSize}u) * ${bits}u / 8u`);
    const word = scopes.name(bindings.word(data, byte));
    const part = bits === 8 ? word : scopes.name(`extractBits(${word}, (${byte} % 4u) * 8u, 16u)`);
    const levels = [0, 1, 2, 3].map((i) => `f32(extractBits(${part}, ${i * bits}u, ${bits}u))`).join(', ');
    const place = scales.shape.length === 3 ? [row, block, zero] : [row, block];
    const scale = new Expressions(held, bindings, scopes).read(scales, place);
    return { lines: scopes.lines, value: `(vec4f(${levels}) - ${2 ** (bits - 1)}.0f) * ${scale}` };
  };
  return { element, vector: { axis: isInnerLast ? 'inner' : 'outer', read } };
}

/**
 * Reads a matrix, or a stack of them, as one factor.
 * @param isInnerLast whether the inner axis is the matrix's last one
 */
function operandOf(value: Value, isInnerLast: boolean, stack: Shape, surroundings: Surroundings): Operand {
  const { held, bindings } = surroundings;
  const blocks = widenedBlocks(value, held);
  if (blocks) return blockOperand(blocks, isInnerLast, surroundings);
  const shift = stack.length - (value.shape.length - 2);
  const batch = stackIndex(stack)
    .slice(shift)
    .map((at, axis) => (value.shape[axis] === 1 ? zero : at));
  const indexAt = (outer: string, inner: string): string[] => [
    ...batch,
    ...(isInnerLast ? [outer, inner] : [inner, outer]),
  ];
  const view = stridedView(value, held);
  const axis = view && vectorAxis(view, value.shape);
  if (view && axis) bindings.readInVectors(view.tensor);
  const element = (outer: string, inner: string): Snippet => {
    const scopes = new Scopes('x');
    const expression = new Expressions(held, bindings, scopes).read(value, indexAt(outer, inner));
    return { lines: scopes.lines, value: expression };
  };
  const read = (outer: string, inner: string): Snippet => {
    const { tensor, strides, offset, factor } = view as NonNullable<typeof view>;
    const terms = indexAt(outer, inner)
      .map((at, i) => (at === zero || strides[i] === 0 ? null : strides[i] === 1 ? at : `${at} * ${strides[i]}u`))
      .filter((term) => term !== null);
    const scopes = new Scopes('x');
    const at = scopes.name([...terms, ...(offset > 0 ? [`${offset}u`] : [])].join(' + ') || zero);
    const vector = bindings.vector(tensor, at);
    return { lines: scopes.lines, value: factor === null ? vector : `${vector} * ${factor}` };
  };
  return { element, vector: axis ? { axis: (axis === 'column') === isInnerLast ? 'inner' : 'outer', read } : null };
}

function partOf(node: Node, surroundings: Surroundings): ProductProblem['parts'][number] {
  const [a, b] = node.inputs as [Value, Value];
  const stack = outputOf(node).shape.slice(0, -2);
  const { transA = false, transB = false } = attributesOf(node);
  const left = operandOf(a, !transA, stack, surroundings);
  const inner = (transA ? a.shape.at(-2) : a.shape.at(-1)) as number;
  if (node.op !== 'MatMulNBits') return { a: left, b: operandOf(b, transB, stack, surroundings), inner };
  const weight = { data: b, scales: node.inputs[2] as Value, format: attributesOf(node) };
  return { a: left, b: blockOperand(weight, true, surroundings), inner };
}

/** Writes what follows the products at one element of the result. */
function storeOf({ products, root }: Problem, { held, bindings }: Surroundings): ProductProblem['store'] {
  const product = outputOf(products[0] as Node);
  const { shape } = product;
  const [M, N] = shape.slice(-2) as [number, number];
  const stack = shape.slice(0, -2);
  const n = bindings.writes.indexOf(root.value);
  return (sum) => {
    const scopes = new Scopes('w');
    const flat = scopes.name(`${stack.length > 0 ? `(batch * ${M}u + m)` : 'm'} * ${N}u + n`);
    if (root.value === product) return [...scopes.lines, bindings.store(n, flat, sum)];
    const expressions = new Expressions(held, bindings, scopes);
    products.forEach((node, i) => expressions.given.set(outputOf(node), i === 0 ? sum : '0.0f'));
    let index: string[];
    let at = flat;
    if (isPart(root)) {
      expressions.part = { chosen: root.chosen, at: flat };
      at = scopes.name(`${flat} + ${root.offset}u`);
      index = [at];
    } else if (root.value.shape.join() === shape.join()) index = [...stackIndex(stack), 'm', 'n'];
    else index = reshapeIndex([sizeOf(shape)], [flat], root.value.shape, scopes.name);
    bindings.place = at;
    const element = expressions.compute(root.value, index);
    return [...scopes.lines, bindings.store(n, at, element)];
  };
}

/** The tile that a problem is computed in. */
export function tileOf({ products }: Problem, tile: TileVariant = largeTile): Tile {
  const [rows, columns] = outputOf(products[0] as Node).shape.slice(-2) as [number, number];
  return fitTile(tile, rows, columns);
}

export const isStack = ({ products }: Problem): boolean => outputOf(products[0] as Node).shape.length > 2;

export interface ProductOptions {
  readonly tile?: TileVariant | undefined;
  readonly terms?: StageTerms;
}

/**
 * Writes one kernel for products of one tile.
 * @param held the values that are tensors when the kernel runs, its own results included
 * @throws NeedsTensor where an operand, or an epilogue, must be held first
 */
export function productKernel(
  problems: readonly Problem[],
  held: ReadonlySet<Value>,
  { tile, terms }: ProductOptions = {},
): Kernel {
  const writes = [...new Set(problems.map(({ root }) => root.value))];
  const bindings = new Bindings(writes, terms);
  const fitted = tileOf(problems[0] as Problem, tile);
  const before = new Set([...held].filter((value) => !writes.includes(value)));
  const written = problems.map((problem): ProductProblem => {
    const { products } = problem;
    const product = outputOf(products[0] as Node);
    const [rows, columns] = product.shape.slice(-2) as [number, number];
    const stack = product.shape.slice(0, -2);
    const scopes = new Scopes('z_');
    const stackPlaces = indexOf('batch', stack, scopes.name);
    const named = stack.map((dim, axis) => (dim === 1 ? '' : `let z${axis} = ${stackPlaces[axis]};`));
    // The products themselves are no tensors to the chain that follows them.
    const own = new Set(products.map(outputOf));
    const epilogue = new Set([...before].filter((value) => !own.has(value)));
    return {
      rows,
      columns,
      size: bindings.size,
      batch: sizeOf(stack),
      batchLines: [...scopes.lines, ...named],
      parts: products.map((node) => partOf(node, { held: before, bindings })),
      store: storeOf(problem, { held: epilogue, bindings }),
    };
  });
  const { code, grid } = productCode(written, fitted);
  if (bindings.count > defaultLimits.storageBuffers && problems.length === 1) {
    const { products, root } = problems[0] as Problem;
    const last = outputOf(products.at(-1) as Node);
    if (products.length > 1 || root.value !== last) throw new NeedsTensor(last);
    throw new Error(`A product of ${bindings.reads.length} tensors cannot be bound.`);
  }
  const name = ({ products, root }: Problem): string => {
    const end = root.value === outputOf(products[0] as Node) ? '' : ` > ${nodeOf(root.value)?.op}`;
    return `${products.map(({ op }) => op).join(' + ')}${end} [${outputOf(products[0] as Node).shape.join()}]`;
  };
  return {
    kind: 'product',
    label: problems.map(name).join(' | '),
    code: `${fitted.lanes > 0 ? 'enable subgroups;\n' : ''}${bindings.declare()}\n${preamble(code)}${code}`,
    grid,
    reads: bindings.reads,
    writes,
    lengths: bindings.lengths,
    flops: problems.flatMap(({ products }) => products).reduce((sum, node) => sum + productFlops(node), 0),
  };
}
