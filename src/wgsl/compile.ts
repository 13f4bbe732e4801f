/**
 * @file Compiles a stage to kernels for the GPU. Layout is index arithmetic; elementwise chains are computed where they
 * are read; reductions along the last axis have a workgroup a row; products take in what follows them, and are summed
 * where their results are added. Kernels of one shape that read the same tensors are joined.
 */
import { sizeOf } from '../core/shape';
import type { Node, Stage, Value } from '../graph/value';
import { showValue } from '../graph/value';
import { attentionKernels } from './attention-kernels';
import type { StageTerms } from './bindings';
import { NotInPlace } from './bindings';
import type { Root } from './chains';
import { chainKernel, isPart, keyOf, wholeRoot } from './chains';
import { NeedsTensor } from './expressions';
import type { CompiledStage, Kernel } from './kernel';
import { defaultLimits, requireLimits } from './kernel';
import { attentions, elementwise, nodeOf, outputOf, products } from './operators';
import type { Problem } from './product-kernels';
import { isStack, productKernel, tileOf } from './product-kernels';
import { splitDispatch } from './split-dispatch';
import { StageGraph } from './stage-graph';
import type { TileVariant } from './tiles';
import { tileName } from './tiles';

export interface CompileOptions {
  /** The tile of products that are not thinner than it. */
  readonly tile?: TileVariant;
  /** The most floating-point operations of one dispatch; a kernel that has more is cut into several. */
  readonly mostFlops?: number;
}

/** A tenth of a second on a GPU that multiplies at 100 GFLOPS. */
export const defaultMostFlops = 10e9;

/** A kernel with what it was written from, so that it can be written again together with another. */
interface Item {
  readonly problems?: readonly Problem[];
  readonly roots?: readonly Root[];
  readonly kernel: Kernel;
}

/** Decides which products are written by which kernel, and what stays to be written by chains. */
class StageCompiler {
  readonly #graph: StageGraph;
  readonly #parts: ReadonlyMap<Value, readonly Root[]>;
  readonly #problems = new Map<string, Problem>();
  /** The chain from each product to the root that its kernel writes. */
  readonly #paths = new Map<Value, readonly Value[]>();

  constructor(
    stage: Stage,
    private readonly options: CompileOptions,
    private readonly terms: StageTerms,
  ) {
    this.#graph = new StageGraph(stage);
    this.#parts = this.#graph.findParts();
    for (const node of this.#graph.nodes.filter(({ op }) => products.has(op)).reverse()) this.#placeProduct(node);
  }

  /**
   * Follows the chain behind a product up to a value that is held or that more than one node reads.
   * @returns the root that the product's kernel writes, and the values on the way
   */
  #follow(start: Value): { root: Root; path: Value[] } {
    const graph = this.#graph;
    const path = [start];
    for (let value = start; ; value = path.at(-1) as Value) {
      if (graph.held.has(value)) return { root: wholeRoot(value), path };
      const readers = graph.readersOf(value);
      const [reader] = readers;
      if (readers.length !== 1 || !reader) return { root: wholeRoot(value), path };
      if (reader.op === 'Concat') {
        const part = [...this.#parts.values()].flat().find(({ chosen }) => [...chosen.values()].at(-1) === value);
        return { root: part ?? wholeRoot(value), path };
      }
      const next = outputOf(reader);
      const goesOn = reader.op === 'Reshape' || elementwise[reader.op] !== undefined;
      if (!goesOn || sizeOf(next.shape) !== sizeOf(value.shape)) return { root: wholeRoot(value), path };
      path.push(next);
    }
  }

  #placeProduct(node: Node): void {
    const start = outputOf(node);
    const { root, path } = this.#follow(start);
    if (!isPart(root)) this.#graph.held.add(root.value);
    this.#paths.set(start, path);
    const known = this.#problems.get(keyOf(root));
    if (!known) this.#problems.set(keyOf(root), { products: [node], root });
    else if (this.#canSum(known, start)) {
      this.#problems.set(keyOf(root), { root, products: [...known.products, node] });
    } else this.#isolate(start);
  }

  /** Products are summed where, up to their meeting, nothing but additions lies on their way. */
  #canSum({ products: others }: Problem, start: Value): boolean {
    const isPlain = (path: readonly Value[], meeting: Value): boolean =>
      path.slice(1, path.indexOf(meeting) + 1).every((value) => ['Add', 'Reshape'].includes(nodeOf(value)?.op ?? ''));
    const mine = this.#paths.get(start) ?? [];
    return others.every((other) => {
      const theirs = this.#paths.get(outputOf(other)) ?? [];
      const meeting = mine.find((value) => theirs.includes(value));
      const alike = outputOf(other).shape.join() === start.shape.join();
      return alike && meeting !== undefined && isPlain(mine, meeting) && isPlain(theirs, meeting);
    });
  }

  /** Gives a product a kernel of its own, without what follows it. */
  #isolate(product: Value): void {
    for (const [key, { products: list, root }] of this.#problems) {
      const kept = list.filter((node) => outputOf(node) !== product);
      if (kept.length === 0) this.#problems.delete(key);
      else if (kept.length < list.length) this.#problems.set(key, { products: kept, root });
    }
    this.#graph.held.add(product);
    const root = wholeRoot(product);
    this.#problems.set(keyOf(root), { products: [nodeOf(product) as Node], root });
  }

  /** Writes the kernels; where one cannot be written, holds what it lacks and begins anew. */
  compile(): readonly Kernel[] {
    const { nodes, held } = this.#graph;
    for (let tries = 0; tries <= 2 * nodes.length; tries++) {
      try {
        const { mostFlops = defaultMostFlops } = this.options;
        const kernels = inOrder(this.#join(this.#write()).map(({ kernel }) => kernel));
        return kernels.flatMap((kernel) => splitDispatch(kernel, mostFlops));
      } catch (error) {
        if (!(error instanceof NeedsTensor)) throw error;
        const { value } = error;
        const op = nodeOf(value)?.op;
        if (op && products.has(op)) this.#isolate(value);
        else if (held.has(value)) throw new Error(`${op} cannot be computed by a kernel.`, { cause: error });
        held.add(value);
      }
    }
    throw new Error('The stage cannot be cut into kernels.');
  }

  #write(): Item[] {
    const { nodes, held, inputs } = this.#graph;
    const items: Item[] = [...this.#problems.values()].map((problem) => ({
      problems: [problem],
      kernel: productKernel([problem], held, { tile: this.options.tile, terms: this.terms }),
    }));
    const done = new Set(this.#problems.keys());
    const attending = nodes.filter(({ op }) => attentions.has(op));
    items.push(...attentionKernels(this.#graph, attending, this.terms).map((kernel) => ({ kernel })));
    for (const value of held) {
      const node = nodeOf(value);
      const isConstantOutput = !node && value.source.kind === 'constant' && this.#graph.outputs.has(value);
      if (inputs.has(value) || (!node && !isConstantOutput) || (node && attentions.has(node.op))) continue;
      for (const root of this.#parts.get(value) ?? [wholeRoot(value)])
        if (!done.has(keyOf(root))) items.push({ roots: [root], kernel: chainKernel([root], held, this.terms) });
    }
    return items;
  }

  /** Joins kernels of one shape, or products of one tile, that share a tensor and need nothing of each other. */
  #join(items: Item[]): Item[] {
    for (let i = 0; i < items.length; i++) {
      for (let j = i + 1; j < items.length; j++) {
        const [a, b] = [items[i] as Item, items[j] as Item];
        if (!shareTensors(a.kernel, b.kernel)) continue;
        // A chain may take in another whose results it reads: its elements are computed on the way.
        const areChains = a.kernel.kind === 'chain' && b.kernel.kind === 'chain';
        if (reaches(items, a.kernel, b.kernel, areChains) || reaches(items, b.kernel, a.kernel, areChains)) continue;
        const merged = this.#merge(a, b);
        if (!merged) continue;
        items.splice(j, 1);
        items[i] = merged;
        j = i;
      }
    }
    return items;
  }

  #merge(a: Item, b: Item): Item | null {
    const { held } = this.#graph;
    const { tile, mostFlops = defaultMostFlops } = this.options;
    if (a.roots && b.roots) {
      const roots = [...a.roots, ...b.roots];
      const shape = roots[0]?.shape.join();
      if (roots.some((root) => isPart(root) || root.shape.join() !== shape)) return null;
      return writtenOrNull(() => ({ roots, kernel: chainKernel(roots, held, this.terms) }));
    }
    if (a.problems && b.problems) {
      const problems = [...a.problems, ...b.problems];
      const tiles = new Set(problems.map((problem) => tileName(tileOf(problem, tile))));
      if (tiles.size > 1 || problems.some(isStack) || a.kernel.flops + b.kernel.flops > mostFlops) return null;
      const kernel = productKernel(problems, held, { tile, terms: this.terms });
      return kernel.reads.length + kernel.writes.length > defaultLimits.storageBuffers ? null : { problems, kernel };
    }
    return null;
  }
}

/** A joined kernel that would need more tensors held is none. */
function writtenOrNull(write: () => Item): Item | null {
  try {
    return write();
  } catch (error) {
    if (error instanceof NeedsTensor) return null;
    throw error;
  }
}

function shareTensors(a: Kernel, b: Kernel): boolean {
  const all = new Set([...a.reads, ...b.reads]).size + new Set([...a.writes, ...b.writes]).size;
  return all <= defaultLimits.storageBuffers && a.reads.some((value) => b.reads.includes(value));
}

/**
 * Whether one kernel must run before another, by what others make of its results.
 * @param onlyAround whether only ways through third kernels count
 */
function reaches(items: readonly Item[], from: Kernel, to: Kernel, onlyAround = false): boolean {
  const seen = new Set<Kernel>();
  const stack = [from];
  for (let kernel = stack.pop(); kernel; kernel = stack.pop()) {
    if (seen.has(kernel)) continue;
    seen.add(kernel);
    const written = new Set(kernel.writes);
    for (const { kernel: other } of items) {
      if (other === kernel || !other.reads.some((value) => written.has(value))) continue;
      if (other === to && onlyAround && kernel === from) continue;
      if (other === to) return true;
      stack.push(other);
    }
  }
  return false;
}

/** Makes sure that whatever a kernel reads is given to the stage or was written before. */
function requireSources({ inputs }: Stage, kernels: readonly Kernel[]): void {
  const there = new Set<Value>(Object.values(inputs));
  for (const { label, reads, writes } of kernels) {
    for (const value of reads)
      if (value.source.kind !== 'constant' && !there.has(value))
        throw new Error(`'${label}' reads ${showValue(value)}, which nothing has written.`);
    writes.forEach((value) => there.add(value));
  }
}

/** Orders kernels so that each comes after those whose results it reads. */
function inOrder(kernels: readonly Kernel[]): Kernel[] {
  const makers = new Map<Value, Kernel[]>();
  for (const kernel of kernels)
    for (const value of kernel.writes) makers.set(value, [...(makers.get(value) ?? []), kernel]);
  const result: Kernel[] = [];
  const state = new Map<Kernel, 'open' | 'done'>();
  const visit = (kernel: Kernel): void => {
    if (state.get(kernel) === 'done') return;
    if (state.get(kernel) === 'open') throw new Error(`'${kernel.label}' needs its own result.`);
    state.set(kernel, 'open');
    for (const value of kernel.reads) for (const maker of makers.get(value) ?? []) if (maker !== kernel) visit(maker);
    state.set(kernel, 'done');
    result.push(kernel);
  };
  kernels.forEach(visit);
  return result;
}

/** The outputs that the stage allows to be written over an input, by it. */
function overwrittenInputs({ inputs, outputs, inPlace = {} }: Stage): Map<Value, Value> {
  return new Map(
    Object.entries(inPlace).flatMap(([output, input]) => {
      const [from, to] = [inputs[input ?? ''], outputs[output]];
      return from && to ? [[from, to] as const] : [];
    }),
  );
}

/**
 * Compiles a stage to kernels. An output that is an input of the stage has no kernel: whoever runs them copies it.
 * @throws Error where a value cannot be computed by kernels within the limits that every device grants
 */
export function compileStage(stage: Stage, options: CompileOptions = {}): CompiledStage {
  try {
    const overwritten = overwrittenInputs(stage);
    for (;;) {
      try {
        const terms = { inPlace: overwritten, lengths: stage.lengths ?? [] };
        const kernels = new StageCompiler(stage, options, terms).compile();
        requireSources(stage, kernels);
        kernels.forEach(requireLimits);
        const names = Object.entries<Value>(stage.inputs).filter(([, input]) => overwritten.has(input));
        return {
          stage,
          kernels,
          inPlace: new Map(names.map(([name, input]) => [overwritten.get(input) as Value, name])),
        };
      } catch (error) {
        if (!(error instanceof NotInPlace)) throw error;
        overwritten.delete(error.input);
      }
    }
  } catch (error) {
    throw new Error(`Stage '${stage.name}' cannot be compiled for the GPU: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
