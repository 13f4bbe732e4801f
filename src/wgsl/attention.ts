/**
 * @file Attention tile by tile, forward and backward (Dao et al. 2022, 2023): 32 queries meet 32 keys in a workgroup of
 * 8 x 8 threads, 4 x 4 scores a thread, the heads' width in chunks of 32. The weights never leave the workgroup. The
 * mask is computed from the row's places, and tiles of other pairs are not visited. What is summed over queries (dK,
 * dV) is summed by one workgroup a tile of keys, so the sums have one order and are the same every time.
 */
import type { AttentionForm } from '../graph/operator';
import { literal } from './bindings';
import { lengthsBinding } from './kernel';

export interface AttentionSize extends AttentionForm {
  /** Tokens. */
  readonly T: number;
  /** Query heads, key/value heads, and the width of one. */
  readonly H: number;
  readonly K: number;
  readonly D: number;
  /** Whether T is read from the kernel's uniform buffer, and so in no code. */
  readonly readsT: boolean;
}

/** A kernel's code, whose bindings are named where it is made, and its workgroups. */
export interface AttentionCode {
  readonly code: string;
  readonly grid: readonly [number, number, number];
}

/** Queries or keys of a tile, and elements of a chunk of a head's width. */
const tile = 32;
/** Elements from one row of a tile in workgroup memory to the next: one more, for other memory banks. */
const pitch = tile + 1;

const f = (value: number): string => literal(value, 'float32');

type Binding = readonly [name: string, type: string, access: 'read' | 'read_write'];
const read = (name: string, type = 'f32'): Binding => [name, type, 'read'];
const written = (name: string, type = 'f32'): Binding => [name, type, 'read_write'];

const declareT = ({ T, readsT }: AttentionSize): string =>
  readsT ? `@group(0) @binding(${lengthsBinding}) var<uniform> T: u32;` : `const T = ${T}u;`;

/** Declares the bindings, the sizes, the tiles in workgroup memory, the mask and the bending of scores. */
function frame(size: AttentionSize, bindings: readonly Binding[]): string {
  const { H, K, D, scale, softcap, slidingWindow } = size;
  const declared = bindings.map(
    ([name, type, access], i) => `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`,
  );
  const window = slidingWindow === null ? 'true' : `a.z - ${slidingWindow} < b.z`;
  return `${declared.join('\n')}
${declareT(size)}
const H = ${H}u; const K = ${K}u; const D = ${D}u; const G = ${H / K}u;
const chunks = ${Math.ceil(D / tile)}u;
var<workgroup> A: array<f32, ${tile * pitch}>;
var<workgroup> B: array<f32, ${tile * pitch}>;
var<workgroup> P: array<f32, ${tile * pitch}>;
fn sees(t: u32, u: u32) -> bool {
  if (t >= T || u > t) { return false; }
  let a = row[t]; let b = row[u];
  return a.x == b.x && (b.y == 0 || a.y == b.y) && a.z >= b.z && ${window};
}
fn bend(x: f32) -> f32 { return ${softcap === null ? 'x' : `${f(softcap)} * tanh(clamp(x * ${f(1 / softcap)}, -15.0f, 15.0f))`}; }
fn slope(bent: f32) -> f32 { return ${softcap === null ? '1.0f' : `1.0f - bent * bent * ${f(1 / softcap ** 2)}`}; }
const scale = ${f(scale)};`;
}

const entry =
  '@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lid: u32) {\nlet tx = lid % 8u; let ty = lid / 8u;';

/** Rows of a tensor [T, heads, D]: which count of heads it has, the first row, the head. */
type Rows = readonly [heads: 'H' | 'K', start: string, head: string];
const queries: Rows = ['H', 'q0', 'h'];
const keys: Rows = ['K', 'k0', 'n'];

/** Loads 32 rows of x [T, heads, D] from `start` on, one head, chunk c of its width, into a tile. */
const load = (into: string, from: string, [heads, start, head]: Rows): string =>
  `for (var i = lid; i < ${tile * tile}u; i += 64u) {
let r = ${start} + i / ${tile}u; let d = c * ${tile}u + i % ${tile}u; var x = 0.0f;
if (r < T && d < D) { x = ${from}[(r * ${heads} + ${head}) * D + d]; }
${into}[(i / ${tile}u) * ${pitch}u + i % ${tile}u] = x;
}`;

/** Adds to 4 x 4 scores a thread: rows of A by rows of B. */
const addScores = (to: string): string => `for (var d = 0u; d < ${tile}u; d++) {
let b = vec4f(B[(tx * 4u) * ${pitch}u + d], B[(tx * 4u + 1u) * ${pitch}u + d], B[(tx * 4u + 2u) * ${pitch}u + d], B[(tx * 4u + 3u) * ${pitch}u + d]);
for (var a = 0u; a < 4u; a++) { ${to}[a] += A[(ty * 4u + a) * ${pitch}u + d] * b; }
}`;

/** Adds to 4 x 4 scores a thread the products of queries' rows of one tensor by keys' rows of another. */
const multiply = (to: string, left: string, right: string): string => `for (var c = 0u; c < chunks; c++) {
${load('A', left, queries)}
${load('B', right, keys)}
workgroupBarrier();
${addScores(to)}
workgroupBarrier();
}`;

/** Adds, to 4 rows of 4 columns of chunk c a thread, P or its transpose by B. */
const addMixed = (to: string, transposed: boolean): string => `for (var j = 0u; j < ${tile}u; j++) {
let b = vec4f(B[j * ${pitch}u + tx * 4u], B[j * ${pitch}u + tx * 4u + 1u], B[j * ${pitch}u + tx * 4u + 2u], B[j * ${pitch}u + tx * 4u + 3u]);
for (var a = 0u; a < 4u; a++) { ${to}[c * 4u + a] += P[${transposed ? `j * ${pitch}u + ty * 4u + a` : `(ty * 4u + a) * ${pitch}u + j`}] * b; }
}`;

const store = (to: string, from: string, [heads, start, head]: Rows, factor = ''): string =>
  `for (var c = 0u; c < chunks; c++) { for (var a = 0u; a < 4u; a++) { let r = ${start} + ty * 4u + a;
for (var j = 0u; j < 4u; j++) { let d = c * ${tile}u + tx * 4u + j;
if (r < T && d < D) { ${to}[(r * ${heads} + ${head}) * D + d] = ${from}[c * 4u + a][j]${factor}; } } } }`;

const sums = (name: string, { D }: AttentionSize): string => {
  const count = 4 * Math.ceil(D / tile);
  return `var ${name} = array<vec4f, ${count}>();`;
};

const tiles = (T: number): number => Math.ceil(T / tile);

/** The first tile of keys that any query of a tile sees, by the pair of its first one. */
const firstTile = `u32(row[q0].w) / ${tile}u * ${tile}u`;

/** Goes over the keys that a tile of queries may see. */
const overKeys = (body: string): string =>
  `let end = min(q0 + ${tile}u, T);\nfor (var k0 = ${firstTile}; k0 < end; k0 += ${tile}u) {\n${body}\n}`;

/** Writes the log-sum-exp of a thread's queries. */
const storeSums = `for (var a = 0u; a < 4u; a++) {
let r = q0 + ty * 4u + a;
if (tx == 0u && r < T) { lse[r * H + h] = top[a] + log(total[a]); }
}`;

/** Writes what the backward pass reads of a thread's queries: as `attentionSums`, of results that are at hand. */
const storeStats = `for (var a = 0u; a < 4u; a++) {
let r = q0 + ty * 4u + a; var sum = 0.0f;
for (var c = 0u; c < chunks; c++) { for (var j = 0u; j < 4u; j++) { let d = c * ${tile}u + tx * 4u + j;
if (r < T && d < D) { sum += O[c * 4u + a][j] * share[a] * dO[(r * H + h) * D + d]; } } }
R[(ty * 4u + a) * 8u + tx] = sum;
}
workgroupBarrier();
for (var a = 0u; a < 4u; a++) {
let r = q0 + ty * 4u + a; var sum = 0.0f;
for (var j = 0u; j < 8u; j++) { sum += R[(ty * 4u + a) * 8u + j]; }
if (tx == 0u && r < T) { stats[r * H + h] = vec2f(top[a] + log(total[a]), sum); }
}`;

/**
 * Binds q, k, v, row; o [T, H, D] and lse [T, H].
 * @param isForBackward has it bind dO behind row, and write the backward pass's stats in the place of lse
 */
export function attentionForward(size: AttentionSize, isForBackward = false): AttentionCode {
  const bindings = [
    ...[read('q'), read('k'), read('v'), read('row', 'vec4i')],
    ...(isForBackward ? [read('dO'), written('o'), written('stats', 'vec2f')] : [written('o'), written('lse')]),
  ];
  return {
    grid: [tiles(size.T), size.H, 1],
    code: `${frame(size, bindings)}
var<workgroup> R: array<f32, 256>;
${entry}
let q0 = group.x * ${tile}u; let h = group.y; let n = h / G;
${sums('O', size)}
var top = vec4f(-1e30f); var total = vec4f();
${overKeys(`var S = array<vec4f, 4>();
${multiply('S', 'q', 'k')}
for (var a = 0u; a < 4u; a++) {
var most = -1e30f;
for (var j = 0u; j < 4u; j++) {
S[a][j] = select(-1e30f, bend(S[a][j] * scale), sees(q0 + ty * 4u + a, k0 + tx * 4u + j));
most = max(most, S[a][j]);
}
R[(ty * 4u + a) * 8u + tx] = most;
}
workgroupBarrier();
var factor = vec4f();
for (var a = 0u; a < 4u; a++) {
var most = top[a];
for (var j = 0u; j < 8u; j++) { most = max(most, R[(ty * 4u + a) * 8u + j]); }
factor[a] = exp(top[a] - most); top[a] = most;
}
workgroupBarrier();
for (var a = 0u; a < 4u; a++) {
var sum = 0.0f;
for (var j = 0u; j < 4u; j++) {
let p = select(0.0f, exp(S[a][j] - top[a]), S[a][j] > -1e29f);
sum += p;
P[(ty * 4u + a) * ${pitch}u + tx * 4u + j] = p;
}
R[(ty * 4u + a) * 8u + tx] = sum;
}
workgroupBarrier();
for (var a = 0u; a < 4u; a++) {
var sum = 0.0f;
for (var j = 0u; j < 8u; j++) { sum += R[(ty * 4u + a) * 8u + j]; }
total[a] = total[a] * factor[a] + sum;
}
for (var c = 0u; c < chunks; c++) {
${load('B', 'v', keys)}
workgroupBarrier();
for (var a = 0u; a < 4u; a++) { O[c * 4u + a] *= factor[a]; }
${addMixed('O', false)}
workgroupBarrier();
}`)}
var share = vec4f();
for (var a = 0u; a < 4u; a++) { share[a] = select(0.0f, 1.0f / total[a], total[a] > 0.0f); }
${store('o', 'O', queries, ' * share[a]')}
${isForBackward ? storeStats : storeSums}
}`,
  };
}

/**
 * Binds o, dO, lse and, with `hasLseSlope`, d lse; writes stats [T, H, 2]: the log-sum-exp, and the sum of o dO over
 * the head's width less d lse.
 */
export function attentionSums(size: AttentionSize, hasLseSlope: boolean): AttentionCode {
  const { T, H, D } = size;
  const inputs = ['o', 'dO', 'lse', ...(hasLseSlope ? ['dLse'] : [])];
  const declared = inputs.map((name, i) => `@group(0) @binding(${i}) var<storage, read> ${name}: array<f32>;`);
  return {
    grid: [Math.ceil((T * H) / 64), 1, 1],
    code: `${declared.join('\n')}
@group(0) @binding(${inputs.length}) var<storage, read_write> stats: array<vec2f>;
${declareT(size)}
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
let i = id.x;
if (i >= T * ${H}u) { return; }
var sum = ${hasLseSlope ? '-dLse[i]' : '0.0f'};
for (var d = 0u; d < ${D}u; d++) { sum += o[i * ${D}u + d] * dO[i * ${D}u + d]; }
stats[i] = vec2f(lse[i], sum);
}`,
  };
}

/** The weights S and the slopes of the scores dS of one tile, computed again. */
const recompute = `var S = array<vec4f, 4>(); var dS = array<vec4f, 4>();
${multiply('S', 'q', 'k')}
${multiply('dS', 'dO', 'v')}
for (var a = 0u; a < 4u; a++) {
let t = q0 + ty * 4u + a;
for (var j = 0u; j < 4u; j++) {
var weight = 0.0f; var change = 0.0f;
if (sees(t, k0 + tx * 4u + j)) {
let about = stats[t * H + h];
let score = bend(S[a][j] * scale);
weight = exp(score - about.x);
change = weight * (dS[a][j] - about.y) * slope(score) * scale;
}
S[a][j] = weight; dS[a][j] = change;
}
}`;

const keep = (from: string): string =>
  `for (var a = 0u; a < 4u; a++) { for (var j = 0u; j < 4u; j++) { P[(ty * 4u + a) * ${pitch}u + tx * 4u + j] = ${from}[a][j]; } }`;

/** Adds P, or its transpose, by rows of a tensor to the sums of all chunks. */
const mix = (to: string, from: string, rows: Rows, transposed: boolean): string =>
  `for (var c = 0u; c < chunks; c++) {
${load('B', from, rows)}
workgroupBarrier();
${addMixed(to, transposed)}
workgroupBarrier();
}`;

const backwardReads = [read('q'), read('k'), read('v'), read('row', 'vec4i'), read('stats', 'vec2f'), read('dO')];

/** Binds q, k, v, row, stats, dO; dq [T, H, D]. */
export function attentionQueries(size: AttentionSize): AttentionCode {
  return {
    grid: [tiles(size.T), size.H, 1],
    code: `${frame(size, [...backwardReads, written('dq')])}
${entry}
let q0 = group.x * ${tile}u; let h = group.y; let n = h / G;
${sums('dQ', size)}
${overKeys(`${recompute}\n${keep('dS')}\n${mix('dQ', 'k', keys, false)}`)}
${store('dq', 'dQ', queries)}
}`,
  };
}

/** Binds q, k, v, row, stats, dO; dk and dv [T, K, D]. */
export function attentionKeys(size: AttentionSize): AttentionCode {
  return {
    grid: [tiles(size.T), size.K, 1],
    code: `${frame(size, [...backwardReads, written('dk'), written('dv')])}
${entry}
let k0 = group.x * ${tile}u; let n = group.y;
${sums('dK', size)}
${sums('dV', size)}
for (var q0 = k0; q0 < T; q0 += ${tile}u) {
if (u32(row[q0].w) >= k0 + ${tile}u) { break; }
for (var g = 0u; g < G; g++) {
let h = n * G + g;
${recompute}
${keep('S')}
${mix('dV', 'dO', queries, true)}
${keep('dS')}
${mix('dK', 'q', queries, true)}
}
}
${store('dk', 'dK', keys)}
${store('dv', 'dV', keys)}
}`,
  };
}
