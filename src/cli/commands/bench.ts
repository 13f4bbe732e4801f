/**
 * @file `bench`: the speed of a DPO step with the reference cached, on random tokens, beside the speed of the
 * runtime's own matrix product measured in the same run. Timings of one machine at one time: compare ratios only.
 */
import { UserError } from '../../core/errors';
import { Random } from '../../core/random';
import type { LoadedModel } from '../../engine/loaded-model';
import { buildRandomModel, shapeNames } from '../../engine/random-model';
import { Builder } from '../../graph/builder';
import { countFlops } from '../../graph/flops';
import { distinctKinds } from '../../models/architecture';
import { layoutLora, resolveTargets } from '../../models/lora';
import { buildHeadStages, buildTrainedBlockStages } from '../../models/stages';
import type { Executor } from '../../runtime/executor';
import { disposeAll } from '../../runtime/executor';
import { parseRunConfig } from '../../training/config';
import { estimateMemory } from '../../training/memory-plan';
import type { PromptedCompletions } from '../../training/packing';
import { groupIntoRows, packRow } from '../../training/packing';
import { rowCapacity } from '../../training/run-training';
import { train } from '../../training/trainer';
import type { EncodedPair } from '../../text/encode-pair';
import { openExecutor, openModelDirectory, showProgress, endProgress } from '../session';

export interface BenchOptions {
  readonly shape?: string;
  readonly model?: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly pairs: number;
  readonly steps: number;
  readonly loraR: number;
  readonly json?: boolean;
}

/** GFLOPS of one [size, size] product, the better of several runs. */
async function measureProduct(executor: Executor, size: number): Promise<number> {
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

/** Matrix-product arithmetic of one pair's forward and backward pass. */
function flopsOfPair(model: LoadedModel, pair: EncodedPair, lora_r: number): number {
  const { architecture, config } = model.shape;
  const layout = layoutLora(architecture, config, { r: lora_r, lora_alpha: lora_r, target_modules: resolveTargets(architecture, config, 'all-linear') });
  const row = packRow([completionsOf(pair)]);
  const flopsByKind = new Map(
    distinctKinds(config).map((kind) => {
      const block = buildTrainedBlockStages(model.shape, kind, layout, row.used, 'products');
      return [kind, countFlops(block.forward) + countFlops(block.backward)];
    }),
  );
  const head = buildHeadStages(model.shape, row.used, row.targets.length);
  return config.layerKinds.reduce((sum, kind) => sum + (flopsByKind.get(kind) as number), countFlops(head.forward));
}

const completionsOf = ({ promptIds, chosenIds, rejectedIds }: EncodedPair): PromptedCompletions => ({ promptIds, completions: [chosenIds, rejectedIds] });

export async function bench(options: BenchOptions): Promise<void> {
  if (options.model !== undefined && options.shape !== undefined) throw new UserError('--model and --shape were both given; name one of them.');
  const started = performance.now();
  const model = options.model !== undefined ? (await openModelDirectory(options.model)).model : await buildRandomModel(options.shape ?? (shapeNames[0] as string), await openExecutor());
  const { vocabularySize } = model.shape.config;
  const random = new Random(1);
  const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(vocabularySize));
  const pairs = Array.from({ length: options.pairs }, (): EncodedPair => ({
    promptIds: tokens(options.promptTokens),
    chosenIds: tokens(options.completionTokens),
    rejectedIds: tokens(options.completionTokens),
    warnings: [],
  }));
  // Before and after: on a shared machine one measurement may fall into a bad moment.
  const productBefore = await measureProduct(model.executor, 1024);
  const times: number[] = [];
  let last = 0;
  let firstStep = 0;
  const config = parseRunConfig({
    max_steps: options.steps + 1,
    per_device_train_batch_size: options.pairs,
    lora_r: options.loraR,
    lora_alpha: options.loraR,
    lora_target_modules: 'all-linear',
    learning_rate: 1e-4,
  });
  await train(model, {
    config,
    pairs,
    onEvent: (event) => {
      const now = performance.now();
      if (event.kind === 'reference') last = now;
      if (event.kind !== 'step') return;
      showProgress(`step ${event.metrics.step} of ${options.steps + 1}`);
      // The first step compiles and warms up.
      if (event.metrics.step === 1) firstStep = (now - started) / 1000;
      else times.push((now - last) / 1000);
      last = now;
    },
  });
  endProgress();
  const { peakDeviceBytes: peakTensorBytes, wasmHeapBytes: peakHeapBytes } = model.executor.memory();
  const row = packRow(groupIntoRows(pairs.map(completionsOf), rowCapacity('wasm'))[0] as PromptedCompletions[]);
  const estimate = estimateMemory(model.shape, 'wasm', config, { tokens: row.used, targets: row.targets.length });
  const productGflops = Math.max(productBefore, await measureProduct(model.executor, 1024));
  const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
  const secondsPerPair = median / options.pairs;
  const gflops = flopsOfPair(model, pairs[0] as EncodedPair, options.loraR) / secondsPerPair / 1e9;
  const report = {
    model: model.name,
    device: model.executor.device,
    prompt_tokens: options.promptTokens,
    completion_tokens: options.completionTokens,
    pairs_per_step: options.pairs,
    lora_r: options.loraR,
    seconds_per_pair: secondsPerPair,
    tokens_per_second: (options.promptTokens + 2 * options.completionTokens) / secondsPerPair,
    gflops,
    matrix_product_gflops: productGflops,
    share_of_matrix_product: gflops / productGflops,
    peak_tensor_bytes: peakTensorBytes,
    peak_wasm_heap_bytes: peakHeapBytes,
    estimated_bytes: estimate.total,
    peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
    seconds_to_first_step: firstStep,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else for (const [key, value] of Object.entries(report)) process.stdout.write(`${key.padEnd(26)}${typeof value === 'number' ? Number(value.toPrecision(4)) : value}\n`);
}
