/** @file What a pair costs at least, and how fast the device multiplies: the two sides of the benchmark's share. */
import type { LoadedModel } from '../engine/loaded-model';
import { Builder } from '../graph/builder';
import { countFlops } from '../graph/flops';
import { distinctKinds } from '../models/architecture';
import { layoutLora, resolveTargets } from '../models/lora';
import { buildHeadSlice, buildTrainedBlockStages } from '../models/stages';
import type { Executor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { PromptedCompletions } from '../training/packing';
import { packRow } from '../training/packing';

/** GFLOPS of one [size, size] product, the better of several runs. */
export async function measureProduct(executor: Executor, size: number): Promise<number> {
  const g = new Builder();
  const a = g.input('a', 'float32', [size, size]);
  const b = g.input('b', 'float32', [size, size]);
  const stage = { name: 'product', inputs: { a, b }, outputs: { y: g.gemm(a, b, { transB: true }) } };
  const program = await executor.compile(stage);
  const operand = executor.upload(new Float32Array(size * size).fill(0.5), [size, size]);
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    disposeAll(Object.values(await executor.run(program, { a: operand, b: operand })));
    await executor.settle();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  operand.dispose();
  await program.dispose();
  return countFlops(stage) / best / 1e9;
}

/** Keys that the tokens of a pair see, all together: the prompt once, each completion after it. */
function visibleKeys({ promptIds, completions }: PromptedCompletions): number {
  const triangle = (count: number): number => (count * (count + 1)) / 2;
  return completions.reduce((sum, { length }) => sum + length * promptIds.length + triangle(length), triangle(promptIds.length));
}

/** Of attention: scores and mixing forward, four products backward. */
const attentionProducts = 6;

/**
 * Matrix-product arithmetic that no way of computing a pair's forward and backward pass can leave out: the prompt once,
 * nothing recomputed, no product with what the mask forbids, the head on target tokens.
 */
export function leastFlops({ shape }: LoadedModel, pair: PromptedCompletions, lora_r: number): number {
  const { architecture, config } = shape;
  const layout = layoutLora(architecture, config, { r: lora_r, lora_alpha: lora_r, target_modules: resolveTargets(architecture, config, 'all-linear') });
  const row = packRow([pair]);
  const attention = attentionProducts * 2 * config.heads * config.headDim * visibleKeys(pair);
  const byKind = new Map(
    distinctKinds(config).map((kind) => {
      const block = buildTrainedBlockStages(shape, kind, layout, row.used, 'products');
      return [kind, countFlops(block.forward, ['Gemm', 'MatMulNBits']) + countFlops(block.backward, ['Gemm', 'MatMulNBits']) + attention];
    }),
  );
  const head = countFlops(buildHeadSlice(shape, row.targets.length, config.vocabularySize, true));
  return config.layerKinds.reduce((sum, kind) => sum + (byKind.get(kind) as number), head);
}
