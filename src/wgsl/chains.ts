/**
 * @file Kernels of elementwise chains and of rows: a thread an element, or, where something is reduced along the last
 * axis, a workgroup a row. Chains of one shape may share a kernel, with a result each.
 */
import { sizeOf } from '../core/shape';
import type { Shape } from '../core/shape';
import type { Value } from '../graph/value';
import type { StageTerms } from './bindings';
import { Bindings, plainTerms } from './bindings';
import { Expressions, NeedsTensor } from './expressions';
import { gridOf, indexOf } from './index-arithmetic';
import type { Kernel } from './kernel';
import { defaultLimits } from './kernel';
import { attentions, elementwise, erfSource, nodeOf, products, reducedAxes, reductions } from './operators';
import { Scopes } from './scopes';

/** What a kernel writes: a value, or the part of a joined one that begins at `offset`. */
export interface Root {
  readonly value: Value;
  readonly offset: number;
  readonly shape: Shape;
  /** Which input of each Concat on the way holds the part; empty for a whole value. */
  readonly chosen: ReadonlyMap<Value, Value>;
}

export const wholeRoot = (value: Value): Root => ({ value, offset: 0, shape: value.shape, chosen: new Map() });

export const keyOf = ({ value, offset }: Root): string => `${value.id} ${offset}`;

export const isPart = ({ chosen }: Root): boolean => chosen.size > 0;

/** What stands before a kernel's entry point where its body calls for it. */
export function preamble(body: string): string {
  return /\berf\(/.test(body) ? `${erfSource}\n` : '';
}

/** Whether a value is reduced along its last axis on the way from what is held. */
function hasRowReduction(value: Value, held: ReadonlySet<Value>, isTop = true): boolean {
  const node = nodeOf(value);
  if (!node || (!isTop && held.has(value)) || products.has(node.op) || attentions.has(node.op)) return false;
  if (reductions.has(node.op)) {
    const over = reducedAxes(node);
    if (over.length === 1 && over[0] === (node.inputs[0] as Value).shape.length - 1) return true;
  }
  return node.inputs.some((input) => hasRowReduction(input, held, false));
}

/**
 * Where a chain reads more tensors than a kernel may bind, the widest part of it that can stand alone is to be held.
 * @throws NeedsTensor for that part
 */
function requireBindable(bindings: Bindings, held: ReadonlySet<Value>, root: Value): void {
  const most = defaultLimits.storageBuffers;
  if (bindings.count <= most) return;
  const readBy = (value: Value): Set<Value> => {
    const node = nodeOf(value);
    if (held.has(value) || !node) return new Set(value.source.kind === 'constant' ? [] : [value]);
    return new Set(node.inputs.flatMap((input) => [...readBy(input)]));
  };
  let value = root;
  for (;;) {
    const node = nodeOf(value);
    const computed = node ? node.inputs.filter((input) => nodeOf(input) && !held.has(input)) : [];
    const [widest] = computed.map((input) => ({ input, reads: readBy(input).size })).sort((a, b) => b.reads - a.reads);
    if (!widest) throw new Error(`A kernel reads ${bindings.reads.length} tensors, of which none can be spared.`);
    value = widest.input;
    const op = nodeOf(value)?.op as keyof typeof elementwise;
    const stands = op === 'Concat' || elementwise[op] !== undefined;
    if (widest.reads + 1 <= most && stands) throw new NeedsTensor(value);
  }
}

const entry = (threads: number): string =>
  `@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lid: u32)`;

/** The places of a root's element in the value, and how it is read. */
function readRoot(expressions: Expressions, root: Root, index: readonly string[], local: string): string {
  if (!isPart(root)) return expressions.compute(root.value, index);
  expressions.part = { chosen: root.chosen, at: local };
  const element = expressions.compute(root.value, [expressions.scopes.name(`${local} + ${root.offset}u`)]);
  expressions.part = null;
  return element;
}

/** A thread an element. */
function flatKernel(roots: readonly Root[], held: ReadonlySet<Value>, bindings: Bindings): Omit<Kernel, 'label'> {
  const { shape } = roots[0] as Root;
  const scopes = new Scopes();
  const expressions = new Expressions(held, bindings, scopes);
  const index = indexOf('i', shape, scopes.name);
  const stores = roots.map((root, n) => {
    bindings.place = root.offset === 0 ? 'i' : scopes.name(`i + ${root.offset}u`);
    return bindings.store(n, bindings.place, readRoot(expressions, root, index, 'i'));
  });
  const threads = 64;
  const most = defaultLimits.workgroupsPerDimension;
  const body = `${entry(threads)} {
  let i = (group.x + group.y * ${most}u) * ${threads}u + lid;
  if (i >= ${bindings.sizeOf(shape)}) { return; }
${[...scopes.lines, ...stores].join('\n')}
}`;
  return {
    kind: 'chain',
    code: `${bindings.declare()}\n${preamble(body)}${body}`,
    grid: gridOf(Math.ceil(sizeOf(shape) / threads), most),
    reads: bindings.reads,
    writes: bindings.writes,
    lengths: bindings.lengths,
    flops: 0,
  };
}

const joinSource = (threads: number): string => {
  const join = (name: string, both: string): string => `fn ${name}(lid: u32, x: f32) -> f32 {
  joined[lid] = x;
  workgroupBarrier();
  for (var s = ${threads / 2}u; s > 0u; s /= 2u) {
    if (lid < s) { joined[lid] = ${both}; }
    workgroupBarrier();
  }
  let result = joined[0];
  workgroupBarrier();
  return result;
}`;
  return `var<workgroup> joined: array<f32, ${threads}>;
${join('joinSum', 'joined[lid] + joined[lid + s]')}
${join('joinMax', 'max(joined[lid], joined[lid + s])')}`;
};

/** Threads that fold a row of so many columns. */
const rowThreads = (columns: number): number => (columns >= 2048 ? 256 : 64);

/** The columns that a workgroup folds at most on the way to a root. */
function widestRow(value: Value, held: ReadonlySet<Value>, isTop = true): number {
  const node = nodeOf(value);
  if (!node || (!isTop && held.has(value))) return 1;
  const own = reductions.has(node.op) ? ((node.inputs[0] as Value).shape.at(-1) ?? 1) : 1;
  return Math.max(own, ...node.inputs.map((input) => widestRow(input, held, false)));
}

/** A workgroup a row. */
function rowKernel(roots: readonly Root[], held: ReadonlySet<Value>, bindings: Bindings): Omit<Kernel, 'label'> {
  const { shape } = roots[0] as Root;
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1);
  const threads = rowThreads(Math.max(columns, ...roots.map(({ value }) => widestRow(value, held))));
  const scopes = new Scopes();
  const expressions = new Expressions(held, bindings, scopes, threads);
  const index = indexOf('row', rows, scopes.name);
  const storeAll = (column: string): string[] =>
    roots.map((root, n) => {
      const flat = scopes.name(columns === 1 ? 'row' : `row * ${columns}u + ${column}`);
      bindings.place = flat;
      const element = readRoot(expressions, root, [...index, column].slice(0, shape.length), flat);
      return bindings.store(n, flat, element);
    });
  if (columns === 1) {
    const stores = storeAll('0u');
    scopes.write(`if (lid == 0u) { ${stores.join(' ')} }`);
  } else {
    const column = scopes.newName();
    scopes.loop(column, `for (var ${column} = lid; ${column} < ${columns}u; ${column} += ${threads}u) {`, () =>
      storeAll(column),
    );
  }
  const most = defaultLimits.workgroupsPerDimension;
  const body = `${entry(threads)} {
  let row = group.x + group.y * ${most}u;
  if (row >= ${bindings.sizeOf(rows)}) { return; }
${scopes.lines.join('\n')}
}`;
  return {
    kind: 'rows',
    code: `${bindings.declare()}\n${preamble(body)}${joinSource(threads)}\n${body}`,
    grid: gridOf(sizeOf(rows), most),
    reads: bindings.reads,
    writes: bindings.writes,
    lengths: bindings.lengths,
    flops: 0,
  };
}

/**
 * Writes one kernel for roots of one shape.
 * @param held the values that are tensors when the kernel runs, its own results included
 * @throws NeedsTensor for a value that must be made by a kernel of its own before
 */
export function chainKernel(roots: readonly Root[], held: ReadonlySet<Value>, terms: StageTerms = plainTerms): Kernel {
  const writes = roots.map(({ value }) => value);
  const before = new Set([...held].filter((value) => !writes.includes(value)));
  const bindings = new Bindings(writes, terms);
  const byRow = roots.some(({ value }) => hasRowReduction(value, before));
  const kernel = (byRow ? rowKernel : flatKernel)(roots, before, bindings);
  requireBindable(bindings, before, writes[0] as Value);
  const names = roots.map(({ value }) => nodeOf(value)?.op ?? 'copy').join(' + ');
  return { label: `${names} [${(roots[0] as Root).shape.join()}]`, ...kernel };
}
