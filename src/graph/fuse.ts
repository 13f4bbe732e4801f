/**
 * @file Rewrites a stage so that what the runtime has one kernel for is one node: norms, activations, rotary turning,
 * products with a factor and an addend. On a GPU, and on WASM where rows are few, each node costs more to start than
 * most of them to compute. The result is the same function, on the operators of operators/fused.ts; a stage is
 * rewritten once its gradient is derived.
 */
import { Builder } from './builder';
import type { Node, Stage, Value } from './value';
import { planStage } from './stage';

const nodeOf = ({ source }: Value): Node | null => (source.kind === 'node' ? source.node : null);

/** The inputs of the node that made a value, where that is of the operator; null otherwise. */
function inputsOf(value: Value | undefined, op: Node['op']): readonly Value[] | null {
  const node = value && nodeOf(value);
  return node?.op === op ? node.inputs : null;
}

/** The number that a value is everywhere; null where it is no such constant. */
function numberOf({ source, shape }: Value): number | null {
  if (source.kind !== 'constant' || shape.some((dim) => dim !== 1)) return null;
  return source.data[0] ?? null;
}

/** Of a commuting operator's two inputs the one that passes the test first, and the other. */
function pick<T>(
  inputs: readonly Value[] | null,
  test: (value: Value) => T | null,
): { readonly found: T; readonly other: Value } | null {
  if (!inputs) return null;
  const [a, b] = inputs as [Value, Value];
  const first = test(a);
  if (first !== null) return { found: first, other: b };
  const second = test(b);
  return second === null ? null : { found: second, other: a };
}

/** Finds `x * x`. */
const squareOf = (value: Value): Value | null => {
  const [a, b] = inputsOf(value, 'Mul') ?? [];
  return a && a === b ? a : null;
};

/** Finds x / sqrt(mean(x^2) + epsilon) over the last axis. */
function matchNormal(value: Value): { readonly x: Value; readonly epsilon: number } | null {
  const [x, deviation] = inputsOf(value, 'Div') ?? [];
  const [variance] = inputsOf(deviation, 'Sqrt') ?? [];
  const sum = pick(inputsOf(variance, 'Add'), numberOf);
  const mean = sum && nodeOf(sum.other);
  if (!x || !mean || mean.op !== 'ReduceMean') return null;
  const { axes } = mean.attributes as { readonly axes: readonly number[] };
  const isLast = axes.length === 1 && (axes[0] === -1 || axes[0] === x.shape.length - 1);
  return isLast && squareOf(mean.inputs[0] as Value) === x ? { x, epsilon: sum.found } : null;
}

/** Finds a norm that is scaled by a vector. */
function matchScaledNormal(value: Value) {
  const product = pick(inputsOf(value, 'Mul'), matchNormal);
  if (!product) return null;
  const { found, other } = product;
  const isVector = other.shape.length === 1 && other.shape[0] === found.x.shape.at(-1);
  return isVector ? { ...found, scale: other } : null;
}

/** Finds x - mean(x) over the last axis. */
function matchCentred(value: Value): Value | null {
  const [x, mean] = inputsOf(value, 'Sub') ?? [];
  const node = mean && nodeOf(mean);
  if (!x || node?.op !== 'ReduceMean' || node.inputs[0] !== x) return null;
  return (node.attributes as { readonly axes: readonly number[] }).axes.join() === '-1' ? x : null;
}

/** Finds `x * factor` for a factor near a number. */
function matchTimes(value: Value, factor: number): Value | null {
  const product = pick(inputsOf(value, 'Mul'), numberOf);
  return product && Math.abs(product.found - factor) < 1e-9 ? product.other : null;
}

/** Finds `one + y`. */
function matchOnePlus(value: Value): Value | null {
  const sum = pick(inputsOf(value, 'Add'), numberOf);
  return sum?.found === 1 ? sum.other : null;
}

/** Finds x (1 + erf(x / sqrt(2))) / 2, as models/layers.ts writes it. */
function matchGelu(value: Value): Value | null {
  const product = pick(inputsOf(value, 'Mul'), matchOnePlus);
  if (!product) return null;
  const x = matchTimes(product.other, 0.5);
  const [inner] = inputsOf(product.found, 'Erf') ?? [];
  return x && inner && matchTimes(inner, Math.SQRT1_2) === x ? x : null;
}

/** Whether a value is 2u of GELU's tanh form of x, u = sqrt(2 / pi) (x + 0.044715 x^3), as models/layers.ts has it. */
function isTanhArgument(value: Value, x: Value): boolean {
  const product = pick(inputsOf(value, 'Mul'), (v) => matchTimes(v, 2 * Math.sqrt(2 / Math.PI)));
  if (product?.found !== x) return false;
  const cubic = matchOnePlus(product.other);
  const held = cubic && matchTimes(cubic, 0.044715);
  const least = held && pick(inputsOf(held, 'Min'), squareOf);
  return least?.found === x;
}

/** Finds the activations that are a value times a sigmoid. */
function matchSigmoid(value: Value): { readonly op: 'QuickGelu' | 'FastGelu'; readonly x: Value } | null {
  const product = pick(inputsOf(value, 'Mul'), (v) => inputsOf(v, 'Sigmoid'));
  if (!product) return null;
  const { other: x, found } = product;
  const [inside] = found as [Value];
  if (inside === x) return { op: 'QuickGelu', x };
  return isTanhArgument(inside, x) ? { op: 'FastGelu', x } : null;
}

/** Finds the rotary turning of [T, N, D], as models/layers.ts writes it. */
function matchRotary(value: Value): { readonly x: Value; readonly cos: Value; readonly sin: Value } | null {
  const node = nodeOf(value);
  if (node?.op !== 'Concat' || value.shape.length !== 3 || (node.attributes as { axis: number }).axis !== 2)
    return null;
  const [turned, crossed, ...passed] = node.inputs;
  const [left, right] = inputsOf(turned, 'Sub') ?? [];
  const [a, cos] = inputsOf(left, 'Mul') ?? [];
  const [b, sin] = inputsOf(right, 'Mul') ?? [];
  const split = a && nodeOf(a);
  if (!b || !cos || !sin || split?.op !== 'Split' || passed.length > 1) return null;
  const parts = [a, b, ...passed];
  if (split.outputs.length !== parts.length || split.outputs.some((part, i) => part !== parts[i])) return null;
  const [first, second] = inputsOf(crossed, 'Add') ?? [];
  const isProduct = (product: Value | undefined, x: Value | undefined, table: Value): boolean => {
    const [p, q] = inputsOf(product, 'Mul') ?? [];
    return p === x && q === table;
  };
  return isProduct(first, b, cos) && isProduct(second, a, sin) ? { x: split.inputs[0] as Value, cos, sin } : null;
}

interface Factors {
  readonly alpha: number;
  readonly beta: number;
}

class Fuser {
  readonly #g = new Builder();
  readonly #made = new Map<Value, Value>();
  readonly #uses = new Map<Value, number>();
  readonly #inputs: ReadonlyMap<Value, string>;

  constructor(private readonly stage: Stage) {
    this.#inputs = new Map(Object.entries(stage.inputs).map(([name, value]) => [value, name]));
    for (const value of [...planStage(stage).nodes.flatMap(({ inputs }) => inputs), ...Object.values(stage.outputs)])
      this.#uses.set(value, (this.#uses.get(value) ?? 0) + 1);
  }

  fuse(): Stage {
    const { inputs, outputs } = this.stage;
    const map = (values: Readonly<Record<string, Value>>): Record<string, Value> =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, this.#convert(value)]));
    return { ...this.stage, inputs: map(inputs), outputs: map(outputs) };
  }

  /** Whether nobody but one node reads a value, so that it need not be there by itself. */
  #isPassing(value: Value): boolean {
    return this.#uses.get(value) === 1 && !this.#inputs.has(value);
  }

  #one(op: 'QuickGelu' | 'FastGelu' | 'Gelu', x: Value): Value {
    return this.#g.emit(op, [this.#convert(x)], {})[0] as Value;
  }

  #reshape(value: Value, shape: readonly number[]): Value {
    const [before] = inputsOf(value, 'Reshape') ?? [];
    return this.#g.reshape(before ?? value, shape);
  }

  #convert(value: Value): Value {
    let made = this.#made.get(value);
    if (made) return made;
    const { source, dtype, shape } = value;
    const name = this.#inputs.get(value);
    if (name !== undefined) made = this.#g.input(name, dtype, shape);
    else if (source.kind === 'constant') made = this.#g.constant(source.data, shape, dtype);
    else if (source.kind === 'node') made = this.#fuseNode(value) ?? this.#copy(source.node, source.output);
    else throw new Error(`Stage '${this.stage.name}' reads the input '${source.name}', which it does not have.`);
    this.#made.set(value, made);
    return made;
  }

  #copy({ op, inputs, attributes }: Node, output: number): Value {
    const converted = inputs.map((input) => this.#convert(input));
    if (op === 'Reshape') return this.#reshape(converted[0] as Value, (attributes as { shape: number[] }).shape);
    return this.#g.emit(op, converted, attributes)[output] as Value;
  }

  #fuseNode(value: Value): Value | null {
    switch (nodeOf(value)?.op) {
      case 'Mul':
        return this.#fuseMul(value);
      case 'Add':
        return this.#fuseLayerNorm(value) ?? this.#fuseSum(value, 1);
      case 'Concat':
        return this.#fuseRotary(value, 1);
      default:
        return null;
    }
  }

  #fuseMul(value: Value): Value | null {
    const normal = matchScaledNormal(value);
    if (normal) {
      const [x, scale] = [normal.x, normal.scale].map((v) => this.#convert(v)) as [Value, Value];
      return this.#g.emit('SimplifiedLayerNormalization', [x, scale], { epsilon: normal.epsilon })[0] as Value;
    }
    const gelu = matchGelu(value);
    if (gelu) return this.#one('Gelu', gelu);
    const sigmoid = matchSigmoid(value);
    if (sigmoid) return this.#one(sigmoid.op, sigmoid.x);
    const scaled = pick(inputsOf(value, 'Mul'), numberOf);
    return scaled && this.#isPassing(scaled.other) ? this.#scale(scaled.other, scaled.found) : null;
  }

  #fuseLayerNorm(value: Value): Value | null {
    const sum = pick(inputsOf(value, 'Add'), matchScaledNormal);
    const centred = sum && matchCentred(sum.found.x);
    if (!centred || sum.other.shape.join() !== sum.found.scale.shape.join()) return null;
    const inputs = [centred, sum.found.scale, sum.other].map((v) => this.#convert(v));
    return this.#g.emit('LayerNormalization', inputs, { epsilon: sum.found.epsilon })[0] as Value;
  }

  /** Emits a value times a factor without a node for it: a product takes it, through what only moves or turns. */
  #scale(value: Value, factor: number): Value | null {
    switch (nodeOf(value)?.op) {
      case 'Reshape': {
        const [inner] = inputsOf(value, 'Reshape') as [Value];
        const scaled = this.#isPassing(inner) ? this.#scale(inner, factor) : null;
        return scaled && this.#reshape(scaled, value.shape);
      }
      case 'Concat':
        return this.#fuseRotary(value, factor);
      case 'Gemm':
        return this.#product(value, null, { alpha: factor, beta: 1 });
      case 'Add':
        return this.#fuseSum(value, factor);
      default:
        return null;
    }
  }

  /** @param factor what the turned heads are multiplied by; the turning only goes with 1 where no product takes it */
  #fuseRotary(value: Value, factor: number): Value | null {
    const found = matchRotary(value);
    if (!found) return null;
    const { x, cos, sin } = found;
    const [T, heads, D] = x.shape as [number, number, number];
    const entering = factor === 1 ? this.#convert(x) : this.#isPassing(x) ? this.#scale(x, factor) : null;
    if (!entering) return null;
    const half = cos.shape[2] as number;
    const tables = [cos, sin].map((table) => this.#reshape(this.#convert(table), [T, half]));
    const flat = this.#reshape(entering, [1, T, heads * D]);
    const [turned] = this.#g.emit('RotaryEmbedding', [flat, ...tables], { heads }) as [Value];
    return this.#reshape(turned, value.shape);
  }

  #product(gemm: Value, addend: Value | null, factors: Factors): Value {
    const node = nodeOf(gemm) as Node<'Gemm'>;
    const inputs = node.inputs.map((input) => this.#convert(input));
    const { transA, transB } = node.attributes;
    return this.#g.emit('FusedGemm', [...inputs, ...(addend ? [addend] : [])], {
      transA,
      transB,
      ...factors,
    })[0] as Value;
  }

  /** The terms of nested sums whose parts nobody else reads. */
  #terms(value: Value): Value[] {
    const inputs = inputsOf(value, 'Add');
    if (!inputs) return [value];
    return inputs.flatMap((input) => (this.#isPassing(input) ? this.#terms(input) : [input]));
  }

  /** Emits a sum in which products add the other terms to their own; null where there is no such product. */
  #fuseSum(value: Value, factor: number): Value | null {
    const terms = this.#terms(value);
    const { shape } = value;
    const isProduct = (term: Value): boolean =>
      nodeOf(term)?.op === 'Gemm' && this.#isPassing(term) && term.shape.join() === shape.join();
    const products = terms.filter(isProduct);
    const addends = terms.filter((term) => !isProduct(term));
    const isAddend = ({ shape: own }: Value): boolean =>
      own.join() === shape.join() || own.join() === shape.slice(1).join();
    if (products.length === 0 || !addends.every(isAddend)) return null;
    // A product whose place is taken by the sum so far leaves the terms beyond to additions.
    if (factor !== 1 && addends.length > 1) return null;
    let sum: Value | null = null;
    for (const product of products) {
      const addend: Value | null = sum ?? this.#nextAddend(addends);
      // The sum so far has its factor already; a term from outside takes it here.
      const beta = sum === null && addend !== null ? factor : 1;
      sum = this.#product(product, addend, { alpha: factor, beta });
    }
    return addends.reduce((total, term) => this.#g.add(total, this.#convert(term)), sum as Value);
  }

  #nextAddend(addends: Value[]): Value | null {
    const next = addends.shift();
    return next ? this.#convert(next) : null;
  }
}

/** Rewrites a stage as the file says; its names, open sizes and values are the same. */
export function fuseStage<I extends string, O extends string>(stage: Stage<I, O>): Stage<I, O> {
  return new Fuser(stage).fuse() as Stage<I, O>;
}
