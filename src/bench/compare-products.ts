/**
 * @file Our product against the runtime's, on one device, in turns: the products of a block, forward, backward and of
 * LoRA, on the real shape.
 */
import { sumOf } from '../core/statistics';
import { countFlops } from '../graph/flops';
import type { ProductForm } from '../models/product-forms';
import { productForms, productStage } from '../models/product-forms';
import type { ModelShape } from '../models/stages';
import type { DeviceTensor, Executor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';

/** Turns of which the best counts: on a shared machine one may fall into a bad moment. */
const turns = 3;

/** One product, again and again on the same factors. */
interface Runner {
  run(): Promise<void>;
  dispose(): Promise<void>;
}

async function openRunner(executor: Executor, form: ProductForm): Promise<Runner> {
  const program = await executor.compile(productStage(form));
  const upload = ([rows, columns]: readonly [number, number]): DeviceTensor =>
    executor.upload(
      Float32Array.from({ length: rows * columns }, (_, i) => (i % 7) - 3),
      [rows, columns],
    );
  const inputs = { a: upload(form.a), b: upload(form.b) };
  const run = async (): Promise<void> => {
    disposeAll(Object.values(await executor.run(program, inputs)));
    await executor.settle();
  };
  await run();
  return {
    run,
    dispose: async () => {
      disposeAll(Object.values(inputs));
      await program.dispose();
    },
  };
}

export interface ComparedProduct {
  readonly product: string;
  /** Billions of operations a second of the clock. */
  readonly gflops: number;
  readonly runtime_gflops: number;
  /** How many times as fast as the runtime's product ours is. */
  readonly ratio: number;
}

const compared = (product: string, flops: number, ours: number, theirs: number): ComparedProduct => ({
  product,
  gflops: flops / ours / 1e9,
  runtime_gflops: flops / theirs / 1e9,
  ratio: theirs / ours,
});

/**
 * Times each kind of product of a block on both, in turns.
 * @param executor the runtime's, with our kernels as its `gradient`
 * @param clock seconds so far; of the CPU where the GPU is software, which other work on the machine does not touch
 * @returns a product each, and at last all together
 */
export async function compareProducts(
  executor: Executor,
  shape: ModelShape,
  T: number,
  clock: () => number,
): Promise<ComparedProduct[]> {
  const timed: { product: string; flops: number; ours: number; theirs: number }[] = [];
  const secondsOf = async ({ run }: Runner): Promise<number> => {
    const started = clock();
    await run();
    return clock() - started;
  };
  for (const form of productForms(shape, T)) {
    const [runtime, own] = [await openRunner(executor, form), await openRunner(executor.gradient, form)];
    let [theirs, ours] = [Infinity, Infinity];
    for (let turn = 0; turn < turns; turn++) {
      theirs = Math.min(theirs, await secondsOf(runtime));
      ours = Math.min(ours, await secondsOf(own));
    }
    await runtime.dispose();
    await own.dispose();
    timed.push({ product: form.name, flops: countFlops(productStage(form)), ours, theirs });
  }
  const total = (field: 'flops' | 'ours' | 'theirs'): number => sumOf(timed.map((one) => one[field]));
  return [
    ...timed.map(({ product, flops, ours, theirs }) => compared(product, flops, ours, theirs)),
    compared('all together', total('flops'), total('ours'), total('theirs')),
  ];
}
