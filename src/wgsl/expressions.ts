/**
 * @file Writes the elements of values as WGSL expressions. A tensor that is held is loaded; anything else is computed
 * where it is read, from its inputs at the index that its operator says. Reductions are loops: over a row by a whole
 * workgroup where the kernel has one a row, otherwise by the thread that wants them.
 */
import { normalizeAxis, sizeOf } from '../core/shape';
import type { Node, Value } from '../graph/value';
import type { Bindings } from './bindings';
import { expressionType, literal } from './bindings';
import type { Index } from './index-arithmetic';
import { broadcastIndex, flatIndex, indexOf, reshapeIndex, zero } from './index-arithmetic';
import type { SharedAttributes } from './operators';
import { attributesOf, elementwise, nodeOf, products, reducedAxes, reductions, splitPlace } from './operators';
import { Scopes } from './scopes';

/** A value that a kernel cannot compute while it reads it: a kernel of its own must have made it before. */
export class NeedsTensor extends Error {
  constructor(readonly value: Value) {
    super('needs a tensor');
  }
}

/** Reads one part of a joined value, of which a kernel writes no other. */
export interface JoinedPart {
  /** Which input of each Concat on the way holds the part. */
  readonly chosen: ReadonlyMap<Value, Value>;
  /** The place within the part. */
  readonly at: string;
}

/** How a reduction is begun, gone on with and ended. */
interface Fold {
  readonly start: string;
  readonly step: (sum: string, element: string) => string;
  readonly join: 'joinSum' | 'joinMax';
}

const sums: Fold = { start: '0.0f', step: (sum, x) => `${sum} + ${x}`, join: 'joinSum' };
const squares: Fold = { ...sums, step: (sum, x) => `${sum} + ${x} * ${x}` };
const largest: Fold = { start: '-3.0e38f', step: (sum, x) => `max(${sum}, ${x})`, join: 'joinMax' };
const exponentials = (top: string): Fold => ({ ...sums, step: (sum, x) => `${sum} + exp(${x} - ${top})` });

export class Expressions {
  /** Values whose element at the kernel's own index is at hand: the sums of a product. */
  readonly given = new Map<Value, string>();
  part: JoinedPart | null = null;
  readonly #folds = new Map<string, string>();

  /**
   * @param rowThreads threads of the workgroup that works on one row; null where each thread works for itself
   */
  constructor(
    private readonly held: ReadonlySet<Value>,
    private readonly bindings: Bindings,
    readonly scopes = new Scopes(),
    private readonly rowThreads: number | null = null,
  ) {}

  #load(value: Value, index: Index): string {
    const at = this.scopes.name(flatIndex(index, value.shape));
    return this.scopes.name(this.bindings.element(value, at));
  }

  /** The element of a value at an index. */
  read(value: Value, index: Index): string {
    const given = this.given.get(value);
    if (given !== undefined) return given;
    if (value.source.kind === 'constant') {
      const { data } = value.source;
      if (data.every((x) => x === data[0])) return literal(data[0] ?? 0, value.dtype);
      if (data.length === value.shape[0] && data.every((x, i) => x === i))
        return this.scopes.name(`${expressionType(value.dtype)}(${index[0]})`);
      return this.#load(value, index);
    }
    return this.held.has(value) ? this.#load(value, index) : this.compute(value, index);
  }

  /** The element of a value that is computed here, whether it is held for others or not. */
  compute(value: Value, index: Index): string {
    const node = nodeOf(value) as Node;
    const form = elementwise[node.op];
    if (form) {
      const operands = node.inputs.map((input) => this.read(input, broadcastIndex(index, input.shape)));
      return this.scopes.name(form(operands, value));
    }
    if (reductions.has(node.op)) return this.#readReduction(node, value, index);
    if (products.has(node.op)) throw new NeedsTensor(value);
    const reader = this.#readers[node.op];
    if (!reader) throw new NeedsTensor(value);
    return reader(node, value, index);
  }

  readonly #readers: Readonly<Partial<Record<Node['op'], (node: Node, value: Value, index: Index) => string>>> = {
    Reshape: ({ inputs: [x] }, value, index) => {
      const input = x as Value;
      return this.read(input, reshapeIndex(value.shape, index, input.shape, this.scopes.name));
    },
    Transpose: (node, _value, index) => {
      const source = index.map(() => zero);
      attributesOf(node).perm.forEach((from, to) => (source[from] = index[to] as string));
      return this.read(node.inputs[0] as Value, source);
    },
    Expand: ({ inputs: [x] }, _value, index) => this.read(x as Value, broadcastIndex(index, (x as Value).shape)),
    Split: (node, value, index) => {
      const { along, start } = splitPlace(node, value);
      const shifted = start === 0 ? index[along] : this.scopes.name(`${index[along]} + ${start}u`);
      return this.read(
        node.inputs[0] as Value,
        index.map((at, i) => (i === along ? (shifted as string) : at)),
      );
    },
    Concat: (node, value, index) => this.#readConcat(node, value, index),
    Gather: ({ inputs }, _value, index) => {
      const [table, rows] = inputs as [Value, Value];
      const row = this.read(rows, index.slice(0, rows.shape.length));
      return this.read(table, [this.scopes.name(`u32(${row})`), ...index.slice(rows.shape.length)]);
    },
    GatherElements: (node, _value, index) => {
      const [table, chosen] = node.inputs as [Value, Value];
      const along = normalizeAxis(attributesOf(node).axis, index.length);
      const at = this.scopes.name(`u32(${this.read(chosen, index)})`);
      return this.read(
        table,
        index.map((old, axis) => (axis === along ? at : old)),
      );
    },
    ScatterElements: (node, _value, index) => this.#readScatter(node, index),
    GatherBlockQuantized: (node, _value, index) => {
      const [data, rows, scales] = node.inputs as [Value, Value, Value];
      const row = this.scopes.name(`u32(${this.read(rows, index.slice(0, rows.shape.length))})`);
      const [block, element] = index.slice(rows.shape.length) as [string, string];
      return this.readBlocks({ data, scales }, attributesOf(node), [row, block, element]);
    },
  };

  /**
   * An element of a weight in blocks of few bits.
   * @param place its row, block and element of the block
   */
  readBlocks(
    { data, scales }: { readonly data: Value; readonly scales: Value },
    { bits }: Pick<SharedAttributes, 'bits'>,
    [row, block, element]: readonly [string, string, string],
  ): string {
    const { name } = this.scopes;
    const byte = this.read(data, [row, block, bits === 8 ? element : name(`${element} / 2u`)]);
    const level = bits === 8 ? byte : name(`extractBits(${byte}, (${element} % 2u) * 4u, 4u)`);
    const scale = this.read(scales, scales.shape.length === 3 ? [row, block, zero] : [row, block]);
    return name(`(f32(${level}) - ${2 ** (bits - 1)}.0f) * ${scale}`);
  }

  /** Every part is read where it may be; a place outside of a part is held at its border and not taken. */
  #readConcat(node: Node, value: Value, index: Index): string {
    const chosen = this.part?.chosen.get(value);
    if (chosen && this.part) return this.read(chosen, [this.part.at]);
    const along = normalizeAxis(attributesOf(node).axis, index.length);
    const at = index[along] as string;
    const { name } = this.scopes;
    let start = 0;
    let result = '';
    node.inputs.forEach((input, i) => {
      const dim = input.shape[along] as number;
      const isLast = i === node.inputs.length - 1;
      const fromStart = start === 0 ? at : name(`max(${at}, ${start}u) - ${start}u`);
      const local = isLast ? fromStart : name(`min(${fromStart}, ${dim - 1}u)`);
      const element = this.read(
        input,
        index.map((old, axis) => (axis === along ? local : old)),
      );
      result = i === 0 ? element : name(`select(${result}, ${element}, ${at} >= ${start}u)`);
      start += dim;
    });
    return result;
  }

  /** Looks through all updates that may meet at the element, in their order, so that the sum is the same every time. */
  #readScatter(node: Node, index: Index): string {
    const [base, places, updates] = node.inputs as [Value, Value, Value];
    const along = normalizeAxis(attributesOf(node).axis, index.length);
    const start = this.read(base, index);
    const sum = this.scopes.newName();
    this.scopes.declare(sum, `var ${sum} = ${start};`);
    const inside = index.flatMap((at, axis) =>
      axis !== along && (places.shape[axis] as number) < (base.shape[axis] as number)
        ? [`${at} < ${this.bindings.size(places.shape[axis] as number)}`]
        : [],
    );
    const j = this.scopes.newName();
    const count = this.bindings.size(places.shape[along] as number);
    const turns = inside.length > 0 ? `select(0u, ${count}, ${inside.join(' && ')})` : count;
    const head = `for (var ${j} = 0u; ${j} < ${turns}; ${j}++) {`;
    this.scopes.loop(j, head, () => {
      const at = index.map((old, axis) => (axis === along ? j : old));
      const hit = `u32(${this.read(places, at)}) == ${index[along]}`;
      return [`${sum} += select(0.0f, ${this.read(updates, at)}, ${hit});`];
    });
    return sum;
  }

  #readReduction(node: Node, value: Value, index: Index): string {
    const input = node.inputs[0] as Value;
    const over = reducedAxes(node);
    const isRow = this.rowThreads !== null && over.length === 1 && over[0] === input.shape.length - 1;
    const outer = index.filter((_, i) => !over.includes(i));
    if (isRow && outer.some((at) => this.scopes.isInLoop(at))) throw new NeedsTensor(value);
    if (!isRow && this.rowThreads !== null) throw new NeedsTensor(value);
    const fold = (kind: string, how: Fold): string =>
      this.#once(`${kind} ${value.id} ${outer.join()}`, () =>
        isRow ? this.#foldRow(input, outer, how) : this.#foldAlone(input, index, over, how),
      );
    const count = over.reduce((product, one) => product * (input.shape[one] as number), 1);
    const { name } = this.scopes;
    switch (node.op) {
      case 'ReduceSumSquare':
        return fold('sum', squares);
      case 'ReduceMean':
        return name(`${fold('sum', sums)} / ${count}.0f`);
      case 'ReduceLogSumExp': {
        const top = fold('top', largest);
        return name(`${top} + log(${fold('sum', exponentials(top))})`);
      }
      case 'Softmax': {
        const top = fold('top', largest);
        const sum = fold('sum', exponentials(top));
        return name(`exp(${this.read(input, index)} - ${top}) / ${sum}`);
      }
      default:
        return fold('sum', sums);
    }
  }

  /** A workgroup's fold of a row has one name in the whole kernel; a thread's own, one where it stands. */
  #once(key: string, make: () => string): string {
    if (this.rowThreads === null) return make();
    const known = this.#folds.get(key) ?? make();
    this.#folds.set(key, known);
    return known;
  }

  /** All threads of a row's workgroup fold it together, before any loop that is open. */
  #foldRow(input: Value, row: Index, { start, step, join }: Fold): string {
    const { scopes } = this;
    return scopes.outside(() => {
      const [own, result, column] = [scopes.newName(), scopes.newName(), scopes.newName()];
      scopes.write(`var ${own} = ${start};`);
      const columns = input.shape.at(-1) as number;
      const head = `for (var ${column} = lid; ${column} < ${columns}u; ${column} += ${this.rowThreads}u) {`;
      scopes.loop(column, head, () => [`${own} = ${step(own, this.read(input, [...row, column]))};`]);
      scopes.write(`let ${result} = ${join}(lid, ${own});`);
      return result;
    });
  }

  /** One thread folds what it needs by itself. */
  #foldAlone(input: Value, index: Index, over: readonly number[], { start, step }: Fold): string {
    const { scopes } = this;
    const dims = over.map((axis) => input.shape[axis] as number);
    const [sum, place] = [scopes.newName(), scopes.newName()];
    scopes.declare(sum, `var ${sum} = ${start};`);
    scopes.loop(place, `for (var ${place} = 0u; ${place} < ${sizeOf(dims)}u; ${place}++) {`, () => {
      const inner = indexOf(place, dims, scopes.name);
      const at = index.map((old, axis) => (over.includes(axis) ? (inner[over.indexOf(axis)] as string) : old));
      return [`${sum} = ${step(sum, this.read(input, at))};`];
    });
    return sum;
  }
}
