/**
 * @file Tries each kind of kernel of our own on the device at hand, on small tensors, against the float64 interpreter:
 * a driver that compiles one wrongly does so without a word.
 */
import type { DType } from '../core/dtype';
import { Random } from '../core/random';
import { sizeOf } from '../core/shape';
import { Builder } from '../graph/builder';
import { buildGradient } from '../graph/gradient';
import { interpretStage } from '../graph/interpreter';
import type { Stage, Value } from '../graph/value';
import type { CompileOptions } from '../wgsl/compile';
import type { KernelKind } from '../wgsl/kernel';
import { compareStage } from './compare-stage';
import type { Executor } from './executor';

/** Relative L2 beyond which a kernel is wrong; right ones reach 1e-6. */
const tolerance = 1e-4;

export interface WrongKernel {
  readonly kind: KernelKind;
  /** The relative L2 by which its result is wrong; null where the driver refused the kernel. */
  readonly error: number | null;
  /** What the driver said to it; null where it ran. */
  readonly refusal: string | null;
}

/** Declares an input of the stage; float32 where no dtype is named. */
type Declare = (name: string, shape: readonly number[], dtype?: DType) => Value;
type Build = (g: Builder, input: Declare) => Readonly<Record<string, Value>>;

/**
 * A product with an epilogue and its gradients: transposed and plain factors, edges of tiles, the thin results of LoRA,
 * weights of 16 and 4 bits.
 */
const product: Build = (g, input) => {
  const [x, low, b] = [input('x', [72, 40]), input('low', [72, 8]), input('b', [68, 8])];
  const w = input('w', [68, 40], 'float16');
  const wide = g.cast(w, 'float32');
  const y = g.add(g.gemm(x, wide, { transB: true }), g.gemm(low, b, { transB: true }));
  const gradients = buildGradient(g, new Map([[y, input('dy', [72, 68])]]), [x, wide, low, b]);
  const [dx, dw, dLow, db] = gradients as [Value, Value, Value, Value];
  const levels = input('levels', [12, 2, 16], 'uint8');
  const scales = input('scales', [12, 2]);
  const format = { bits: 4, blockSize: 32 } as const;
  const z = g.matmulNBits(input('a', [9, 64]), levels, scales, format);
  return { y, dx, dw, dLow, db, z, da: g.gemm(z, g.dequantize(levels, scales, format)) };
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
  const places = input('places', [6, 1], 'int32');
  const updates = input('updates', [6, 5]);
  return { y: g.scatterAdd(g.zeros([9, 5]), g.expand(places, [6, 5]), updates, 0) };
};

const attention: Build = (g, input) => {
  const [q, k, v] = [input('q', [40, 4, 20]), input('k', [40, 2, 20]), input('v', [40, 2, 20])];
  const row = input('row', [40, 4], 'int32');
  const [o] = g.emit('Attention', [q, k, v, row], { scale: 0.2, softcap: 3, slidingWindow: 9 }) as [Value];
  const [dq, dk, dv] = buildGradient(g, new Map([[o, input('dO', [40, 4, 20])]]), [q, k, v]) as [Value, Value, Value];
  return { o, dq, dk, dv };
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

function caseOf(kind: KernelKind): { stage: Stage; inputs: Record<string, Float64Array> } {
  const g = new Builder();
  const random = new Random(3);
  const stageInputs: Record<string, Value> = {};
  const declare: Declare = (name, shape, dtype = 'float32') => (stageInputs[name] = g.input(name, dtype, shape));
  const outputs = kinds[kind](g, declare);
  const inputs = Object.fromEntries(
    Object.entries(stageInputs).map(([name, { dtype, shape }]) => [
      name,
      name === 'row'
        ? places()
        : Float64Array.from({ length: sizeOf(shape) }, () => {
            // Eighths are the same in 16 bits and in 32.
            if (dtype === 'float16') return Math.round(8 * random.normal()) / 8;
            if (dtype === 'float32') return Math.fround(random.normal());
            return random.integer(dtype === 'uint8' ? 256 : 9);
          }),
    ]),
  );
  return { stage: { name: `self-test, ${kind}`, inputs: stageInputs, outputs }, inputs };
}

/**
 * Tries all kinds of kernels.
 * @returns the first kind that is wrong or that the driver refuses; null where all are right
 */
export async function findWrongKernel(executor: Executor): Promise<WrongKernel | null> {
  for (const kind of Object.keys(kinds) as KernelKind[]) {
    const { stage, inputs } = caseOf(kind);
    try {
      const error = await compareStage(executor, stage, inputs, interpretStage(stage, inputs));
      if (!(error <= tolerance)) return { kind, error, refusal: null };
    } catch (error) {
      return { kind, error: null, refusal: (error as Error).message };
    }
  }
  return null;
}

/**
 * Opens an executor whose gradient is computed right: by kernels of our own where each kind passes the self-test, by
 * the runtime where one does not.
 * @param open opens the executor with kernels of our own, compiled so, or with null for none
 */
export async function openTrusted(
  open: (kernels: CompileOptions | null) => Promise<Executor>,
  kernels: CompileOptions,
): Promise<{ readonly executor: Executor; readonly wrong: WrongKernel | null }> {
  const executor = await open(kernels);
  const wrong = await findWrongKernel(executor.gradient);
  return { executor: wrong ? await open(null) : executor, wrong };
}
