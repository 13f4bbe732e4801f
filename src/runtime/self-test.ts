/**
 * @file Tries each kind of kernel of our own on the device at hand, on small tensors, against the float64 interpreter:
 * a driver that compiles one wrongly does so without a word.
 */
import type { DType } from '../core/dtype';
import { Random } from '../core/random';
import { Builder } from '../graph/builder';
import { buildGradient } from '../graph/gradient';
import { interpretStage } from '../graph/interpreter';
import type { CaseInput } from '../graph/operator';
import { drawValues } from '../graph/operator-cases';
import type { Stage, Value } from '../graph/value';
import type { CompileOptions } from '../wgsl/compile';
import type { KernelKind } from '../wgsl/kernel';
import { compareStage } from './compare-stage';
import type { Executor } from './executor';

/** Relative L2 beyond which a kernel is wrong; right ones reach 1e-6. */
const tolerance = 1e-4;

export interface WrongKernel {
  /** A kind of kernel of our own, or the runtime's attention. */
  readonly kind: KernelKind | typeof grouped;
  /** The relative L2 by which its result is wrong; null where the driver refused the kernel. */
  readonly error: number | null;
  /** What the driver said to it; null where it ran. */
  readonly refusal: string | null;
}

/** Declares an input of the stage, and how it is drawn; float32 where no dtype is named. */
type Declare = (name: string, shape: readonly number[], dtype?: DType, draw?: CaseInput['draw']) => Value;
type Build = (g: Builder, input: Declare) => Readonly<Record<string, Value>>;

/**
 * A product with an epilogue and its gradients: transposed and plain factors, edges of tiles, the thin results of LoRA,
 * weights of 16 and 4 bits, a result as wide as the tile of any variant.
 */
const product: Build = (g, input) => {
  const [x, low, b] = [input('x', [72, 40]), input('low', [72, 8]), input('b', [68, 8])];
  const w = input('w', [68, 40], 'float16');
  const wide = g.cast(w, 'float32');
  const y = g.add(g.gemm(x, wide, { transB: true }), g.gemm(low, b, { transB: true }));
  const gradients = buildGradient(g, new Map([[y, input('dy', [72, 68])]]), [x, wide, low, b]);
  const [dx, dw, dLow, db] = gradients as [Value, Value, Value, Value];
  const levels = input('levels', [12, 2, 16], 'uint8', { below: 256 });
  const scales = input('scales', [12, 2]);
  const format = { bits: 4, blockSize: 32 } as const;
  const z = g.matmulNBits(input('a', [9, 64]), levels, scales, format);
  const columns = input('columns', [20, 268]);
  const broad = g.gemm(input('c', [36, 20]), columns);
  const back = g.gemm(broad, columns, { transB: true });
  return { y, dx, dw, dLow, db, z, broad, back, da: g.gemm(z, g.dequantize(levels, scales, format)) };
};

const chain: Build = (g, input) => {
  const [x, gate] = [input('x', [9, 50]), input('gate', [9, 50])];
  const y = g.mul(g.mul(gate, g.sigmoid(gate)), g.add(x, input('bias', [50])));
  return { y: g.transpose(y, [1, 0]), erf: g.erf(x) };
};

const rows: Build = (g, input) => {
  const x = input('x', [7, 130]);
  const norm = g.div(x, g.sqrt(g.add(g.reduceMean(g.mul(x, x), [-1]), g.constant(1e-5))));
  const [dx] = buildGradient(g, new Map([[norm, input('dy', [7, 130])]]), [x]) as [Value];
  return { norm, dx, weights: g.softmax(x), sum: g.reduceLogSumExp(x, [-1]) };
};

const scatter: Build = (g, input) => {
  const places = input('places', [6, 1], 'int32', { below: 9 });
  const updates = input('updates', [6, 5]);
  return { y: g.scatterAdd(g.zeros([9, 5]), g.expand(places, [6, 5]), updates, 0) };
};

const attention: Build = (g, input) => {
  const [q, k, v] = [input('q', [40, 4, 20]), input('k', [40, 2, 20]), input('v', [40, 2, 20])];
  const row = input('row', [40, 4], 'int32');
  const form = { scale: 0.2, softcap: 3, slidingWindow: 9 };
  const [o] = g.emit('Attention', [q, k, v, row], form) as [Value];
  const dO = input('dO', [40, 4, 20]);
  const [dq, dk, dv] = buildGradient(g, new Map([[o, dO]]), [q, k, v]) as [Value, Value, Value];
  // Where somebody asks for its sums they are a kernel of their own.
  const [swapped, sums] = g.emit('Attention', [q, v, k, row], form) as [Value, Value];
  const [turned] = buildGradient(g, new Map([[swapped, dO]]), [q]) as [Value];
  return { o, dq, dk, dv, sums, turned };
};

/** How the runtime's operator for attention is called among the kinds. */
export const grouped = 'GroupQueryAttention';

/** A row of 40 tokens with a bias, a token of two sequences, 40 tokens of one: the runtime has a kernel for each. */
const runtimeAttention: Build = (g, input) => {
  const form = { heads: 2, kvHeads: 1, scale: 0.125, slidingWindow: null };
  const heads = (name: string, B: number, T: number): Value[] => [
    input(`${name} q`, [B, T, 128]),
    input(`${name} k`, [B, T, 64]),
    input(`${name} v`, [B, T, 64]),
  ];
  const caches = (name: string, B: number): Value[] => [
    input(`${name} keys`, [B, 1, 48, 64]),
    input(`${name} values`, [B, 1, 48, 64]),
    input(`${name} last`, [B], 'int32', { all: 43 }),
  ];
  const attend = (inputs: readonly Value[]): Value => g.emit(grouped, inputs, form)[0] as Value;
  return {
    row: attend([...heads('row', 1, 40), input('bias', [1, 1, 40, 40])]),
    token: attend([...heads('token', 2, 1), ...caches('token', 2)]),
    chunk: attend([...heads('chunk', 1, 40), ...caches('chunk', 1)]),
  };
};

const kinds: Readonly<Record<KernelKind, Build>> = { product, chain, rows, scatter, attention };

/** Two pairs of 20 tokens: prompt, chosen, rejected. */
const places = (): Float64Array =>
  Float64Array.from(
    Array.from({ length: 40 }, (_, t) => {
      const i = t % 20;
      return [Math.floor(t / 20), i < 8 ? 0 : i < 14 ? 1 : 2, i < 14 ? i : i - 6, t - i];
    }).flat(),
  );

function caseOf(name: string, build: Build): { stage: Stage; inputs: Record<string, Float64Array> } {
  const g = new Builder();
  const random = new Random(3);
  const stageInputs: Record<string, Value> = {};
  const inputs: Record<string, Float64Array> = {};
  const outputs = build(g, (input, shape, dtype = 'float32', draw = 'normal') => {
    inputs[input] = input === 'row' ? places() : drawValues(random, { dtype, shape, draw });
    return (stageInputs[input] = g.input(input, dtype, shape));
  });
  return { stage: { name: `self-test, ${name}`, inputs: stageInputs, outputs }, inputs };
}

async function tryKernels(executor: Executor, kind: WrongKernel['kind'], build: Build): Promise<WrongKernel | null> {
  const { stage, inputs } = caseOf(kind, build);
  try {
    const error = await compareStage(executor, stage, inputs, interpretStage(stage, inputs));
    return error <= tolerance ? null : { kind, error, refusal: null };
  } catch (error) {
    return { kind, error: null, refusal: (error as Error).message };
  }
}

/** Tries products alone, where they are to be computed in another way; null where they are right. */
export const tryProducts = (executor: Executor): Promise<WrongKernel | null> =>
  tryKernels(executor, 'product', kinds.product);

/**
 * Tries all kinds of kernels of our own.
 * @returns the first kind that is wrong or that the driver refuses; null where all are right
 */
export async function findWrongKernel(executor: Executor): Promise<WrongKernel | null> {
  for (const kind of Object.keys(kinds) as KernelKind[]) {
    const wrong = await tryKernels(executor, kind, kinds[kind]);
    if (wrong) return wrong;
  }
  return null;
}

/** What an executor on a GPU is opened with, by what its device computes right. */
export interface Trust {
  /** How kernels of our own are compiled; null has the runtime run the gradient as well. */
  readonly kernels: CompileOptions | null;
  /** Whether the runtime's operator for attention is used. */
  readonly groupsAttention: boolean;
}

/**
 * Opens an executor that computes right: with kernels of our own where each kind passes the self-test, with the
 * runtime's where one does not; with the runtime's operator for attention, or with plain products in its place.
 */
export async function openTrusted(
  open: (trust: Trust) => Promise<Executor>,
  kernels: CompileOptions,
): Promise<{ readonly executor: Executor; readonly wrong: readonly WrongKernel[] }> {
  let executor = await open({ kernels, groupsAttention: true });
  const own = await findWrongKernel(executor.gradient);
  // Opened anew before it is tried further: one that has met an error on its device says so ever after.
  if (own) executor = await open({ kernels: null, groupsAttention: true });
  const attention = await tryKernels(executor, grouped, runtimeAttention);
  if (attention) executor = await open({ kernels: own ? null : kernels, groupsAttention: false });
  return { executor, wrong: [own, attention].filter((found) => found !== null) };
}
