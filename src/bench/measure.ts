/**
 * @file The benchmark: a DPO step with the reference cached, on random tokens, and greedy decoding, beside the speed
 * of the device's own matrix product in the same run. Timings of one machine at one time: compare ratios only.
 */
import { Random } from '../core/random';
import { medianOf, sumOf } from '../core/statistics';
import type { LoadedModel } from '../engine/loaded-model';
import { DecodeEngine, generate } from '../generation/decoder';
import type { EncodedPair } from '../text/encode-pair';
import { parseRunConfig } from '../run/config';
import { estimateMemory } from '../training/memory-plan';
import type { PromptedCompletions } from '../training/packing';
import { completionsOf, groupIntoRows, packRow } from '../training/packing';
import { rowCapacity } from '../training/run-training';
import { train } from '../training/trainer';
import { leastFlops, measureProduct } from './arithmetic';
import type { Phase } from './timed-executor';
import { TimedExecutor } from './timed-executor';

export interface BenchSettings {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Pairs a step. */
  readonly pairs: number;
  /** Timed, after the first, which compiles and warms up. */
  readonly steps: number;
  readonly loraR: number;
  /** Tokens to decode; 0 for none. */
  readonly decode: number;
}

export interface BenchReport {
  readonly model: string;
  readonly device: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly pairs_per_step: number;
  readonly lora_r: number;
  /** Median of the steps. */
  readonly seconds_per_pair: number;
  readonly tokens_per_second: number;
  /** Useful arithmetic: what a pair takes at least. */
  readonly gflops: number;
  readonly matrix_product_gflops: number;
  /** gflops / matrix_product_gflops: 1 is the limit. */
  readonly share_of_matrix_product: number;
  /** Of a median step. On WebGPU these are the CPU's times for issuing; waiting is under transfers. */
  readonly seconds_by_phase: Readonly<Record<Phase | 'other', number>>;
  /** Of a median step, what the CPU took to issue work to the GPU; null on WASM, which does the work itself. */
  readonly share_of_step_issuing: number | null;
  readonly seconds_to_first_step: number;
  readonly prefill_tokens_per_second: number | null;
  readonly decode_tokens_per_second: number | null;
  readonly peak_tensor_bytes: number;
  readonly peak_wasm_heap_bytes: number;
  readonly estimated_bytes: number;
}

/** Greedy, batch 1, without an adapter, once to compile and once to measure. */
async function measureDecoding(
  model: LoadedModel,
  promptIds: readonly number[],
  count: number,
): Promise<{ prefill: number; decode: number }> {
  const engine = new DecodeEngine(model);
  const timesOf = async (maxNewTokens: number): Promise<number[]> => {
    const times = [performance.now()];
    const tokens = generate(engine, null, promptIds, {
      temperature: 0,
      topK: 0,
      topP: 1,
      seed: 1,
      stopIds: [],
      maxNewTokens,
    });
    while (!(await tokens.next()).done) times.push(performance.now());
    return times;
  };
  await timesOf(count + 1);
  const [started, first, ...later] = (await timesOf(count + 1)) as [number, number, ...number[]];
  await engine.dispose();
  return {
    prefill: promptIds.length / ((first - started) / 1000),
    decode: later.length / (((later.at(-1) as number) - first) / 1000),
  };
}

/** @param started `performance.now()` before the model was opened */
export async function measure(
  opened: LoadedModel,
  settings: BenchSettings,
  started: number,
  onProgress: (what: string) => void,
): Promise<BenchReport> {
  const executor = new TimedExecutor(opened.executor);
  const model: LoadedModel = { ...opened, executor };
  const random = new Random(1);
  const tokens = (count: number): number[] =>
    Array.from({ length: count }, () => random.integer(model.shape.config.vocabularySize));
  const pairs = Array.from({ length: settings.pairs }, (): EncodedPair => ({
    promptIds: tokens(settings.promptTokens),
    chosenIds: tokens(settings.completionTokens),
    rejectedIds: tokens(settings.completionTokens),
    warnings: [],
    faults: [],
  }));
  const completions = pairs.map((pair) => completionsOf(pair));
  // Before and after: on a shared machine one measurement may fall into a bad moment.
  const productBefore = await measureProduct(executor);
  const steps: { seconds: number; phases: Record<Phase, number> }[] = [];
  let last = 0;
  let firstStep = 0;
  const config = parseRunConfig({
    max_steps: settings.steps + 1,
    per_device_train_batch_size: settings.pairs,
    lora_r: settings.loraR,
    lora_alpha: settings.loraR,
    lora_target_modules: 'all-linear',
    learning_rate: 1e-4,
  });
  const capacity = rowCapacity(executor.device, model.shape);
  await train(model, {
    config,
    pairs,
    rowCapacity: capacity,
    onEvent: (event) => {
      if (event.kind !== 'step') return;
      const now = performance.now();
      const phases = executor.take();
      onProgress(`step ${event.metrics.step} of ${settings.steps + 1}`);
      if (event.metrics.step === 1) firstStep = (now - started) / 1000;
      else steps.push({ seconds: (now - last) / 1000, phases });
      last = now;
    },
  });
  const { peakDeviceBytes: peakTensorBytes, wasmHeapBytes: peakHeapBytes } = executor.memory();
  const row = packRow(groupIntoRows(completions, capacity)[0] as PromptedCompletions[]);
  const estimate = estimateMemory(model.shape, executor.device === 'webgpu' ? 'webgpu' : 'wasm', config, {
    tokens: row.used,
    targets: row.targets.length,
  });
  const productGflops = Math.max(productBefore, await measureProduct(executor));
  const decoding =
    settings.decode > 0 ? await measureDecoding(opened, (pairs[0] as EncodedPair).promptIds, settings.decode) : null;
  const secondsPerStep = medianOf(steps.map(({ seconds }) => seconds));
  const { phases } = steps.find(({ seconds }) => seconds === secondsPerStep) as (typeof steps)[number];
  const secondsPerPair = secondsPerStep / settings.pairs;
  const gflops = leastFlops(model, completions[0] as PromptedCompletions, settings.loraR) / secondsPerPair / 1e9;
  return {
    model: model.name,
    device: executor.device,
    prompt_tokens: settings.promptTokens,
    completion_tokens: settings.completionTokens,
    pairs_per_step: settings.pairs,
    lora_r: settings.loraR,
    seconds_per_pair: secondsPerPair,
    tokens_per_second: (settings.promptTokens + 2 * settings.completionTokens) / secondsPerPair,
    gflops,
    matrix_product_gflops: productGflops,
    share_of_matrix_product: gflops / productGflops,
    seconds_by_phase: {
      ...phases,
      other: secondsPerStep - sumOf(Object.values(phases)),
    },
    share_of_step_issuing:
      executor.device === 'webgpu'
        ? (phases.forward + phases.head + phases.backward + phases.optimizer) / secondsPerStep
        : null,
    seconds_to_first_step: firstStep,
    prefill_tokens_per_second: decoding?.prefill ?? null,
    decode_tokens_per_second: decoding?.decode ?? null,
    peak_tensor_bytes: peakTensorBytes,
    peak_wasm_heap_bytes: peakHeapBytes,
    estimated_bytes: estimate.total,
  };
}
