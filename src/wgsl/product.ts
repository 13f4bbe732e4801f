/**
 * @file Matrix products tile by tile: a workgroup of 8 x 8 threads computes a tile of the result, going along the inner
 * axis 16 elements at a time; both factors' parts lie in workgroup memory as vectors of four along that axis, so a
 * thread multiplies by dot products. Operands are read through functions that the compiler supplies, so a product takes
 * transposed, sliced and packed factors as they lie. Not here: which products share a kernel (product-kernels.ts).
 */
import { defaultLimits } from './kernel';

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
  /** Number of matrices in a stack. */
  readonly batch: number;
  /** Declares, of the u32 `batch`, what the operands and the epilogue call the stack's axes. */
  readonly batchLines: readonly string[];
  readonly parts: readonly { readonly a: Operand; readonly b: Operand; readonly inner: number }[];
  /** Writes the result at `m` and `n` from the sum. */
  store(sum: string): readonly string[];
}

/** Shape of a tile; both sides multiples of 8. */
export interface TileVariant {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
}

const side = 8;
const threads = side * side;
/** Elements of the inner axis at a time, and vectors of four of them. */
const depth = 16;
const vectors = depth / 4;
/** Vectors from one row of a tile to the next: one more than needed, so that rows lie in different memory banks. */
const stride = vectors + 1;

/** The largest tiles: each thread 8 x 8 elements. */
export const largeTile: TileVariant = { name: '64 x 64', rows: 64, columns: 64 };
export const mediumTile: TileVariant = { name: '32 x 32', rows: 32, columns: 32 };
/** Quick to compile, which is most of the time on a software GPU. */
export const smallTile: TileVariant = { name: '16 x 16', rows: 16, columns: 16 };

/** Fits a tile to a result that is thinner than it, so that no thread works for nothing. */
export function fitTile(tile: TileVariant, rows: number, columns: number): TileVariant {
  const fit = (most: number, size: number): number => Math.min(most, size <= 8 ? 8 : size <= 32 ? 32 : 64);
  const fitted = { rows: fit(tile.rows, rows), columns: fit(tile.columns, columns) };
  return { name: `${fitted.rows} x ${fitted.columns}`, ...fitted };
}

/**
 * Loads the part of an operand that a tile needs: blocks of 4 x 4 elements, a thread each, written as vectors along the
 * inner axis whichever way they were read.
 */
function loadTile(
  tile: string,
  operand: Operand,
  size: number,
  { base, outer: limit, inner }: { readonly base: string; readonly outer: number; readonly inner: number },
): string {
  const blocks = (size / 4) * vectors;
  const rows = [0, 1, 2, 3];
  const guarded = (test: string, { lines, value }: Snippet, into: string): string =>
    `if (${test}) { ${lines.join(' ')} ${into} = ${value}; }`;
  const { vector } = operand;
  let body: string;
  if (vector?.axis === 'inner') {
    body = rows
      .map(
        (r) =>
          `{ let o = o0 + ${r}u; let k = k0; ${guarded(`o < ${limit}u && k < ${inner}u`, vector.read('o', 'k'), `v${r}`)} }`,
      )
      .join('\n');
  } else if (vector?.axis === 'outer') {
    const columns = rows.map(
      (c) =>
        `var c${c} = vec4f(); { let o = o0; let k = k0 + ${c}u; ${guarded(`o < ${limit}u && k < ${inner}u`, vector.read('o', 'k'), `c${c}`)} }`,
    );
    body = [...columns, ...rows.map((r) => `v${r} = vec4f(c0[${r}], c1[${r}], c2[${r}], c3[${r}]);`)].join('\n');
  } else {
    body = rows
      .map(
        (r) =>
          `{ let o = o0 + ${r}u; if (o < ${limit}u) { for (var c = 0u; c < 4u; c++) { let k = k0 + c; ${guarded(`k < ${inner}u`, operand.element('o', 'k'), `v${r}[c]`)} } } }`,
      )
      .join('\n');
  }
  // Threads next to each other read what lies next to each other.
  const [along, across] =
    vector?.axis === 'outer' ? [`b % ${size / 4}u`, `b / ${size / 4}u`] : [`b / ${vectors}u`, `b % ${vectors}u`];
  return `for (var b = lid; b < ${blocks}u; b += ${threads}u) {
let r0 = (${along}) * 4u; let kv = ${across};
let o0 = ${base} + r0; let k0 = start + kv * 4u;
${rows.map((r) => `var v${r} = vec4f();`).join(' ')}
${body}
${rows.map((r) => `${tile}[(r0 + ${r}u) * ${stride}u + kv] = v${r};`).join(' ')}
}`;
}

/** The function that writes one element of a problem's result: said once, called for each sum of a thread. */
function finishCode({ rows, columns, batchLines, store }: ProductProblem, name: string): string {
  return `fn ${name}(batch: u32, m: u32, n: u32, sum: f32) {
if (m >= ${rows}u || n >= ${columns}u) { return; }
${[...batchLines, ...store('sum')].join('\n')}
}`;
}

/** One problem's tile: its loops along the inner axes, and the end of each element. */
function problemCode({ rows, columns, parts, batchLines }: ProductProblem, tile: TileVariant, finish: string): string {
  const [mm, mn] = [tile.rows / side, tile.columns / side];
  const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const loops = parts.map(
    ({ a, b, inner }) => `for (var start = 0u; start < ${inner}u; start += ${depth}u) {
${loadTile('tileA', a, tile.rows, { base: 'm0', outer: rows, inner })}
${loadTile('tileB', b, tile.columns, { base: 'n0', outer: columns, inner })}
workgroupBarrier();
for (var kv = 0u; kv < ${vectors}u; kv++) {
${range(mn)
  .map((j) => `let b${j} = tileB[(tx + ${j * side}u) * ${stride}u + kv];`)
  .join(' ')}
${range(mm)
  .map(
    (i) =>
      `{ let a = tileA[(ty + ${i * side}u) * ${stride}u + kv]; ${range(mn)
        .map((j) => `s${i}_${j} += dot(a, b${j});`)
        .join(' ')} }`,
  )
  .join('\n')}
}
workgroupBarrier();
}`,
  );
  const ends = range(mm).flatMap((i) =>
    range(mn).map((j) => `${finish}(batch, m0 + ty + ${i * side}u, n0 + tx + ${j * side}u, s${i}_${j});`),
  );
  return `let m0 = group.y * ${tile.rows}u; let n0 = group.x * ${tile.columns}u;
${batchLines.join(' ')}
${range(mm)
  .map((i) =>
    range(mn)
      .map((j) => `var s${i}_${j} = 0.0f;`)
      .join(' '),
  )
  .join('\n')}
${loops.join('\n')}
${ends.join('\n')}`;
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
export function productCode(problems: readonly ProductProblem[], tile: TileVariant): ProductCode {
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
    const code = problemCode(problem, tile, `finish${p}`);
    if (!joined) return code;
    const inside = `group.y * ${tile.rows}u < ${problem.rows}u && group.x * ${tile.columns}u < ${problem.columns}u`;
    return `if (group.z == ${p}u && ${inside}) {\n${code}\n}`;
  });
  return {
    grid,
    code: `var<workgroup> tileA: array<vec4f, ${tile.rows * stride}>;
var<workgroup> tileB: array<vec4f, ${tile.columns * stride}>;
${problems.map((problem, p) => finishCode(problem, `finish${p}`)).join('\n')}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lid: u32) {
let tx = lid % ${side}u; let ty = lid / ${side}u;
let batch = ${joined ? '0u' : 'group.z'};
${bodies.join('\n')}
}`,
  };
}
