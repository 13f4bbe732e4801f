/**
 * @file Matrix products tile by tile: a workgroup computes a tile of the result (tiles.ts), going along the inner axis
 * some elements at a time; both factors' parts lie in workgroup memory as vectors of four along their outer axis, so a
 * thread adds multiples of the right one's vectors. Operands are read through functions that the compiler supplies: a
 * product takes transposed, sliced and packed factors as they lie. Where a barrier costs most, on software GPUs, each
 * thread reads what it multiplies by itself. Not here: which products share a kernel (product-kernels.ts).
 */
import { defaultLimits } from './kernel';
import { chooseSum, subgroupProblem } from './product-subgroups';
import type { Tile } from './tiles';
import { lanesOf } from './tiles';

/** A piece of WGSL: statements, and the expression that they lead to. */
export interface Snippet {
  readonly lines: readonly string[];
  readonly value: string;
}

/** One factor of a product, as a matrix of `outer` (rows of the left one, columns of the right) by `inner`. */
export interface Operand {
  /** Reads one element, an f32; outer and inner are names of u32. */
  element(outer: string, inner: string): Snippet;
  /** Reads a vec4f of elements in a row along an axis, the first at a multiple of 4; null for one by one. */
  readonly vector: {
    readonly axis: 'outer' | 'inner';
    read(outer: string, inner: string): Snippet;
  } | null;
}

/** y[m, n] = sum over parts of the sum over k of a(m, k) b(n, k). */
export interface ProductProblem {
  readonly rows: number;
  readonly columns: number;
  /** WGSL of one of these sizes. */
  size(size: number): string;
  /** Number of matrices in a stack. */
  readonly batch: number;
  /** Declares, of the u32 `batch`, what the operands and the epilogue call the stack's axes. */
  readonly batchLines: readonly string[];
  readonly parts: readonly { readonly a: Operand; readonly b: Operand; readonly inner: number }[];
  /** Writes the result at `m` and `n` from the sum. */
  store(sum: string): readonly string[];
}

/** Vectors from one place of the inner axis to the next: one more than needed, for other memory banks. */
const strideOf = (size: number): number => size / 4 + 1;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Which tests a read needs, by the sizes in WGSL: none along an axis that tiles divide. */
interface Limits {
  readonly outer: string | null;
  readonly inner: string | null;
}

const four = range(4);

/** Reads into a variable, where `o` and `k` are within the limits. */
function guarded({ outer, inner }: Limits, { lines, value }: Snippet, into: string): string {
  const read = `${lines.join(' ')} ${into} = ${value};`;
  const tests = [...(outer === null ? [] : [`o < ${outer}`]), ...(inner === null ? [] : [`k < ${inner}`])];
  return tests.length === 0 ? read : `if (${tests.join(' && ')}) { ${read} }`;
}

/** Declares c0 to c3: four elements along the outer axis from o0 on, at k0 to k0 + 3. */
function readBlock({ element, vector }: Operand, limits: Limits): string {
  if (vector?.axis === 'outer') {
    const readAt = (i: number): string => guarded(limits, vector.read('o', 'k'), `c${i}`);
    return four.map((i) => `var c${i} = vec4f(); { let o = o0; let k = k0 + ${i}u; ${readAt(i)} }`).join('\n');
  }
  const rows = four.map((i) => {
    const read = vector
      ? `let k = k0; ${guarded(limits, vector.read('o', 'k'), `v${i}`)}`
      : `for (var c = 0u; c < 4u; c++) { let k = k0 + c; ${guarded(limits, element('o', 'k'), `v${i}[c]`)} }`;
    return `var v${i} = vec4f(); { let o = o0 + ${i}u; ${read} }`;
  });
  return [...rows, ...four.map((i) => `let c${i} = vec4f(v0[${i}], v1[${i}], v2[${i}], v3[${i}]);`)].join('\n');
}

/** One factor's part of a tile: its name in workgroup memory, its first row and rows, and the factor's size. */
interface Part {
  readonly name: string;
  readonly base: string;
  readonly size: number;
  readonly outer: number;
  readonly inner: number;
  readonly write: ProductProblem['size'];
}

/**
 * Loads the part of an operand that a tile needs: blocks of 4 x 4 elements, a thread each, written as vectors along the
 * outer axis whichever way they were read.
 */
function loadTile(operand: Operand, tile: Tile, { name, base, size, outer, inner, write }: Part): string {
  const step = tile.depth * tile.splits;
  const [along, quads] = [step / 4, size / 4];
  const [blocks, threads] = [along * quads, lanesOf(tile) * tile.splits];
  const limits = {
    outer: outer % size === 0 ? null : write(outer),
    inner: inner % step === 0 ? null : write(inner),
  };
  // Threads next to each other read what lies next to each other.
  const [r, kv] =
    operand.vector?.axis === 'outer' ? [`b % ${quads}u`, `b / ${quads}u`] : [`b / ${along}u`, `b % ${along}u`];
  const body = `{
let r = ${r}; let kv = ${kv};
let o0 = ${base} + r * 4u; let k0 = start + kv * 4u;
${readBlock(operand, limits)}
${four.map((i) => `${name}[(kv * 4u + ${i}u) * ${strideOf(size)}u + r] = c${i};`).join(' ')}
}`;
  if (blocks === threads) return `{ let b = lid; ${body} }`;
  if (blocks < threads) return `if (lid < ${blocks}u) { let b = lid; ${body} }`;
  return `for (var b = lid; b < ${blocks}u; b += ${threads}u) ${body}`;
}

/** The function that writes one element of a problem's result. */
function finishCode({ rows, columns, size, batchLines, store }: ProductProblem, name: string): string {
  return `fn ${name}(batch: u32, m: u32, n: u32, sum: f32) {
if (m >= ${size(rows)} || n >= ${size(columns)}) { return; }
${[...batchLines, ...store('sum')].join('\n')}
}`;
}

/** Writes the sums of each thread. */
function endWhole(tile: Tile, sums: readonly string[], finish: string): string {
  const across = tile.columns / tile.block[1];
  const quads = tile.block[1] / 4;
  return `for (var turn = 0u; turn < ${sums.length}u; turn++) {
${chooseSum(sums, 'turn')}
let m = m0 + ty * ${tile.block[0]}u + turn / ${quads}u;
let n = n0 + (tx + turn % ${quads}u * ${across}u) * 4u;
for (var c = 0u; c < 4u; c++) { ${finish}(batch, m, n + c, mine[c]); }
}`;
}

/** Adds up what the groups of threads have summed, two vectors of each thread at a time, and writes it. */
function endSplits(tile: Tile, sums: readonly string[], finish: string): string {
  const { block, splits } = tile;
  const lanes = lanesOf(tile);
  const threads = lanes * splits;
  const across = tile.columns / block[1];
  const quads = block[1] / 4;
  const ofParity = (parity: number): readonly string[] => sums.filter((_, i) => i % 2 === parity);
  const parts = range(splits).map((p) => `tileA[first${p === 0 ? '' : ` + ${p * lanes}u`}][c]`);
  return `for (var turn = 0u; turn < ${sums.length / 2}u; turn++) {
{ ${chooseSum(ofParity(0), 'turn')} tileA[lid] = mine; }
{ ${chooseSum(ofParity(1), 'turn')} tileA[lid + ${threads}u] = mine; }
workgroupBarrier();
for (var e = lid; e < ${lanes * 8}u; e += ${threads}u) {
let parity = e / ${lanes * 4}u; let owner = e / 4u % ${lanes}u; let c = e % 4u;
let first = parity * ${threads}u + owner; let place = turn * 2u + parity;
let m = m0 + owner / ${across}u * ${block[0]}u + place / ${quads}u;
let n = n0 + (owner % ${across}u + place % ${quads}u * ${across}u) * 4u + c;
${finish}(batch, m, n, ${parts.join(' + ')});
}
workgroupBarrier();
}`;
}

/** One problem's tile: its loops along the inner axes, and the end of each element. */
function problemCode(
  { rows, columns, size: write, parts, batchLines }: ProductProblem,
  tile: Tile,
  finish: string,
): string {
  const { block, splits, depth } = tile;
  const across = tile.columns / block[1];
  const [quadsA, quadsB] = [range(block[0] / 4), range(block[1] / 4)];
  const sums = range(block[0]).flatMap((i) => quadsB.map((j) => [i, j] as const));
  const loops = parts.map(
    ({ a, b, inner }) => `for (var start = 0u; start < ${write(inner)}; start += ${depth * splits}u) {
${loadTile(a, tile, { name: 'tileA', base: 'm0', size: tile.rows, outer: rows, inner, write })}
${loadTile(b, tile, { name: 'tileB', base: 'n0', size: tile.columns, outer: columns, inner, write })}
workgroupBarrier();
for (var kk = 0u; kk < ${depth}u; kk++) {
let k = ${splits === 1 ? 'kk' : `split * ${depth}u + kk`};
${quadsA.map((i) => `let a${i} = tileA[k * ${strideOf(tile.rows)}u + ty * ${quadsA.length}u + ${i}u];`).join(' ')}
${quadsB.map((j) => `let b${j} = tileB[k * ${strideOf(tile.columns)}u + tx + ${j * across}u];`).join(' ')}
${sums.map(([i, j]) => `s${i}_${j} += a${i >> 2}[${i & 3}] * b${j};`).join('\n')}
}
workgroupBarrier();
}`,
  );
  return `let m0 = group.y * ${tile.rows}u; let n0 = group.x * ${tile.columns}u;
${batchLines.join(' ')}
${sums.map(([i, j]) => `var s${i}_${j} = vec4f();`).join(' ')}
${loops.join('\n')}
${(splits === 1 ? endWhole : endSplits)(
  tile,
  sums.map(([i, j]) => `s${i}_${j}`),
  finish,
)}`;
}

/** One problem's tile, each thread by itself: it reads four elements of the inner axis at a time of its block. */
function directProblem({ rows, columns, size, parts, batchLines }: ProductProblem, tile: Tile, finish: string): string {
  const limitsOf = (outer: number, across: number, inner: number): Limits => ({
    outer: outer % across === 0 ? null : size(outer),
    inner: inner % 4 === 0 ? null : size(inner),
  });
  const readInto = (name: string, operand: Operand, base: string, limits: Limits): string =>
    `${four.map((i) => `var ${name}${i} = vec4f();`).join(' ')}
{ let o0 = ${base}; let k0 = start;
${readBlock(operand, limits)}
${four.map((i) => `${name}${i} = c${i};`).join(' ')} }`;
  const loops = parts.map(
    ({ a, b, inner }) => `for (var start = 0u; start < ${size(inner)}; start += 4u) {
${readInto('a', a, 'm0 + ty * 4u', limitsOf(rows, tile.rows, inner))}
${readInto('b', b, 'n0 + tx * 4u', limitsOf(columns, tile.columns, inner))}
${four.map((i) => `s${i}_0 += ${four.map((k) => `a${k}[${i}] * b${k}`).join(' + ')};`).join('\n')}
}`,
  );
  const sums = four.map((i) => `s${i}_0`);
  return `let m0 = group.y * ${tile.rows}u; let n0 = group.x * ${tile.columns}u;
${batchLines.join(' ')}
${sums.map((sum) => `var ${sum} = vec4f();`).join(' ')}
${loops.join('\n')}
${endWhole(tile, sums, finish)}`;
}

/** The parts of both factors in workgroup memory; the sums of a tile's splits pass through the first. */
function tileMemory(tile: Tile): string {
  const { rows, columns, splits, depth } = tile;
  const inner = depth * splits;
  const passed = splits > 1 ? lanesOf(tile) * splits * 2 : 0;
  return `var<workgroup> tileA: array<vec4f, ${Math.max(inner * strideOf(rows), passed)}>;
var<workgroup> tileB: array<vec4f, ${inner * strideOf(columns)}>;`;
}

/** Names the group of threads that a thread is of, and its block of the tile. */
function threadPlace(tile: Tile): string {
  const lanes = lanesOf(tile);
  const across = tile.columns / tile.block[1];
  const lane = tile.splits === 1 ? 'let lane = lid;' : `let lane = lid % ${lanes}u; let split = lid / ${lanes}u;`;
  return `${lane} let tx = lane % ${across}u; let ty = lane / ${across}u;`;
}

/** The code of a kernel of products, without its bindings. */
export interface ProductCode {
  readonly code: string;
  readonly grid: readonly [number, number, number];
}

/**
 * Writes one kernel for products that fit one tile: several of them share the grid's z, or one is a stack.
 * @throws Error where the grid is larger than a device must take
 */
export function productCode(problems: readonly ProductProblem[], tile: Tile): ProductCode {
  const joined = problems.length > 1;
  if (joined && problems.some(({ batch }) => batch > 1)) throw new Error('A stack of products cannot be joined.');
  const grid: [number, number, number] = [
    Math.max(...problems.map(({ columns }) => Math.ceil(columns / tile.columns))),
    Math.max(...problems.map(({ rows }) => Math.ceil(rows / tile.rows))),
    joined ? problems.length : (problems[0] as ProductProblem).batch,
  ];
  if (Math.max(...grid) > defaultLimits.workgroupsPerDimension)
    throw new Error(`A product's grid of ${grid.join(' x ')} workgroups is larger than devices take.`);
  const bodies = problems.map((problem, p) => {
    const write = tile.lanes > 0 ? subgroupProblem : tile.isDirect ? directProblem : problemCode;
    const code = write(problem, tile, `finish${p}`);
    if (!joined) return code;
    const inside = [
      `group.y * ${tile.rows}u < ${problem.size(problem.rows)}`,
      `group.x * ${tile.columns}u < ${problem.size(problem.columns)}`,
    ].join(' && ');
    return `if (group.z == ${p}u && ${inside}) {\n${code}\n}`;
  });
  const ends = problems.map((problem, p) => finishCode(problem, `finish${p}`)).join('\n');
  const main = `let batch = ${joined ? '0u' : 'group.z'};\n${bodies.join('\n')}`;
  const threads = lanesOf(tile) * tile.splits;
  return {
    grid,
    code: `${tile.lanes > 0 || tile.isDirect ? '' : tileMemory(tile)}
${ends}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lid: u32${tile.lanes > 0 ? ', @builtin(subgroup_invocation_id) lane: u32' : ''}) {
${tile.lanes > 0 ? '' : threadPlace(tile)}
${main}
}`,
  };
}
