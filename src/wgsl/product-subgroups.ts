/**
 * @file Matrix products by subgroups: each lane holds rows of the left factor and hands them to the others, each thread
 * loads its own columns of the right one, and nothing lies in workgroup memory. Which thread has which lane does not
 * matter: all threads of a workgroup compute the same rows.
 */
import type { Operand, ProductProblem, Snippet } from './product';
import type { Tile } from './tiles';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Declares `mine` as one of several sums, by its place among them: what follows it is then in the code once. */
export function chooseSum(names: readonly string[], place: string): string {
  const others = names.slice(1).map((name, i) => `if (${place} == ${i + 1}u) { mine = ${name}; }`);
  return `var mine = ${names[0]};\n${others.join(' ')}`;
}

/** Declares `into` as the vec4f at four places of the inner axis from `k` on; zero outside of the matrix. */
function readInner(operand: Operand, into: string, place: string, outer: string, inner: string): string {
  const { vector } = operand;
  const guarded = ({ lines, value }: Snippet, target: string): string => `${lines.join(' ')} ${target} = ${value};`;
  const body =
    vector?.axis === 'inner'
      ? `if (k < ${inner}) { ${guarded(vector.read('o', 'k'), into)} }`
      : `for (var c = 0u; c < 4u; c++) { let kc = k + c; if (kc < ${inner}) { ${guarded(operand.element('o', 'kc'), `${into}[c]`)} } }`;
  return `var ${into} = vec4f(); { let o = ${place}; if (o < ${outer}) { ${body} } }`;
}

/** Declares b0 to b3: the thread's four columns at four places of the inner axis. */
function readColumns(operand: Operand, outer: string, inner: string): string {
  const four = range(4);
  if (operand.vector?.axis === 'outer') {
    const { read } = operand.vector;
    return four
      .map((c) => {
        const { lines, value } = read('n', 'kc');
        return `var b${c} = vec4f(); { let kc = k + ${c}u; if (n < ${outer} && kc < ${inner}) { ${lines.join(' ')} b${c} = ${value}; } }`;
      })
      .join('\n');
  }
  return [
    ...four.map((r) => readInner(operand, `r${r}`, `n + ${r}u`, outer, inner)),
    ...four.map((c) => `let b${c} = vec4f(r0[${c}], r1[${c}], r2[${c}], r3[${c}]);`),
  ].join('\n');
}

/** One problem's tile, by subgroups. */
export function subgroupProblem(
  { rows, columns, size, parts, batchLines }: ProductProblem,
  { rows: height, columns: width, block, lanes }: Tile,
  finish: string,
): string {
  const sums = range(height);
  const loops = parts.map(
    ({ a, b, inner }) => `for (var k = 0u; k < ${size(inner)}; k += 4u) {
${range(height / lanes)
  .map((q) => readInner(a, `own${q}`, `m0 + ${q * lanes}u + lane % ${lanes}u`, size(rows), size(inner)))
  .join('\n')}
${readColumns(b, size(columns), size(inner))}
${sums
  .map((i) => {
    const steps = range(4).map((c) => `s${i} += a[${c}] * b${c};`);
    return `{ let a = subgroupBroadcast(own${Math.floor(i / lanes)}, ${i % lanes}u); ${steps.join(' ')} }`;
  })
  .join('\n')}
}`,
  );
  return `let m0 = group.y * ${height}u; let n = group.x * ${width}u + lid * ${block[1]}u;
${batchLines.join(' ')}
${sums.map((i) => `var s${i} = vec4f();`).join(' ')}
${loops.join('\n')}
for (var i = 0u; i < ${height}u; i++) {
${chooseSum(
  sums.map((i) => `s${i}`),
  'i',
)}
for (var c = 0u; c < 4u; c++) { ${finish}(batch, m0 + i, n + c, mine[c]); }
}`;
}
