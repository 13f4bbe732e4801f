/** @file What a pair costs at least, and how fast the device multiplies: the two sides of the benchmark's share. */
import type { LoadedModel } from '../engine/loaded-model';
import { Builder } from '../graph/builder';
import { countFlops } from '../graph/flops';
import { distinctKinds } from '../models/architecture';
import { buildDecodedBlock, buildLogitsStage } from '../models/decode-stages';
import { layoutLora, resolveTargets } from '../models/lora';
import { buildHeadSliceWithJacobian, buildTrainedBlockStages } from '../models/stages';
import type { Executor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { PromptedCompletions } from '../training/packing';
import { packRow } from '../training/packing';

const productSizes = [512, 1024, 2048, 4096];
/** A product that lasts this long is no longer ruled by what it takes to issue it. */
const longProduct = 0.02;
const rounds = { of: 3, runs: 3 };

/**
 * Times one [size, size] product: several in a row, before which the device is waited for once; the best of some rounds
 * counts.
 */
async function timeProduct(executor: Executor, size: number): Promise<{ seconds: number; flops: number }> {
  const g = new Builder();
  const a = g.input('a', 'float32', [size, size]);
  const b = g.input('b', 'float32', [size, size]);
  const stage = { name: 'product', inputs: { a, b }, outputs: { y: g.gemm(a, b, { transB: true }) } };
  const program = await executor.compile(stage);
  const operand = executor.upload(new Float32Array(size * size).fill(0.5), [size, size]);
  const run = async (): Promise<void> =>
    disposeAll(Object.values(await executor.run(program, { a: operand, b: operand })));
  await run();
  await executor.settle();
  let best = Infinity;
  for (let round = 0; round < rounds.of; round++) {
    const start = performance.now();
    for (let i = 0; i < rounds.runs; i++) await run();
    await executor.settle();
    best = Math.min(best, (performance.now() - start) / 1000 / rounds.runs);
  }
  operand.dispose();
  await program.dispose();
  return { seconds: best, flops: countFlops(stage) };
}

/** Measures the device's best product in GFLOPS, of squares as large as it takes to keep the device busy. */
export async function measureProduct(executor: Executor): Promise<number> {
  let best = 0;
  for (const size of productSizes) {
    const { seconds, flops } = await timeProduct(executor, size);
    best = Math.max(best, flops / seconds / 1e9);
    if (seconds >= longProduct) break;
  }
  return best;
}

/** Counts the keys that the tokens of a pair see, all together: the prompt once, each completion after it. */
function visibleKeys({ promptIds, completions }: PromptedCompletions): number {
  const triangle = (count: number): number => (count * (count + 1)) / 2;
  return completions.reduce(
    (sum, { length }) => sum + length * promptIds.length + triangle(length),
    triangle(promptIds.length),
  );
}

/** Products of attention: scores and mixing forward, four backward. */
const attentionProducts = 6;

/**
 * Counts the matrix-product arithmetic that no way of computing a pair's forward and backward pass can leave out: the
 * prompt once, nothing recomputed, no product with what the mask forbids, the head on target tokens.
 */
export function leastFlops({ shape }: LoadedModel, pair: PromptedCompletions, lora_r: number): number {
  const { architecture, config } = shape;
  const layout = layoutLora(architecture, config, {
    r: lora_r,
    lora_alpha: lora_r,
    target_modules: resolveTargets(architecture, config, 'all-linear'),
  });
  const row = packRow([pair]);
  const attention = attentionProducts * 2 * config.heads * config.headDim * visibleKeys(pair);
  const byKind = new Map(
    distinctKinds(config).map((kind) => {
      const block = buildTrainedBlockStages({ shape, kind, lora: layout, T: row.used }, 'products');
      return [
        kind,
        countFlops(block.forward, ['Gemm', 'MatMulNBits']) +
          countFlops(block.backward, ['Gemm', 'MatMulNBits']) +
          attention,
      ];
    }),
  );
  const head = countFlops(buildHeadSliceWithJacobian(shape, row.targets.length, config.vocabularySize));
  return config.layerKinds.reduce((sum, kind) => sum + (byKind.get(kind) as number), head);
}

/** Counts the arithmetic of the products with weights that every decoded token takes, without an adapter. */
export function tokenFlops({ shape }: Pick<LoadedModel, 'shape'>): number {
  const blocks = shape.config.layerKinds.map((kind) => buildDecodedBlock({ shape, kind, lora: null, N: 1 }));
  const stages = [...blocks.flatMap(({ enter, leave }) => [enter, leave]), buildLogitsStage(shape, 1, 1)];
  return stages.reduce((sum, stage) => sum + countFlops(stage, ['Gemm', 'MatMulNBits']), 0);
}
