/**
 * @file The benchmark: a DPO step with the reference cached, on random tokens, and greedy decoding, beside the speed
 * of the device's own matrix product in the same run. Timings of one machine at one time: compare ratios only.
 */
import { Random } from '../core/random';
import { medianOf, sumOf } from '../core/statistics';
import type { LoadedModel } from '../engine/loaded-model';
import type { EncodedPair } from '../text/encode-pair';
import type { RunConfig } from '../run/config';
import { parseRunConfig } from '../run/config';
import { predictMemory } from '../training/memory-plan';
import type { PromptedCompletions } from '../training/packing';
import { completionsOf, groupIntoRows, packRow } from '../training/packing';
import { rowCapacity } from '../training/run-training';
import { train } from '../training/trainer';
import { leastFlops, measureProduct, tokenFlops } from './arithmetic';
import { measureDecoding } from './decoding';
import type { Phase } from './timed-executor';
import { TimedExecutor } from './timed-executor';

export interface BenchSettings {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Number of pairs in a step. */
  readonly pairs: number;
  /** Number of steps to time, after the first, which compiles and warms up. */
  readonly steps: number;
  readonly loraR: number;
  /** Number of tokens to decode; 0 for none. */
  readonly decode: number;
  /** Sequences to decode together, beside one alone; 1 for none. */
  readonly sequences: number;
}

export interface BenchReport {
  readonly model: string;
  readonly device: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly pairs_per_step: number;
  readonly lora_r: number;
  /** Seconds of the median step, for each of its pairs. */
  readonly seconds_per_pair: number;
  readonly tokens_per_second: number;
  /** Useful arithmetic in GFLOPS: what a pair takes at least, by the time it took. */
  readonly gflops: number;
  readonly matrix_product_gflops: number;
  /** `gflops` by `matrix_product_gflops`, of which 1 is the limit. */
  readonly share_of_matrix_product: number;
  /** Seconds of the median step. On WebGPU these are the CPU's times for issuing; waiting is under transfers. */
  readonly seconds_by_phase: Readonly<Record<Phase | 'other', number>>;
  /** Share of the median step that the CPU took to issue work to the GPU; null on WASM, which does the work itself. */
  readonly share_of_step_issuing: number | null;
  readonly seconds_to_first_step: number;
  readonly prefill_tokens_per_second: number | null;
  readonly decode_tokens_per_second: number | null;
  /** Of all sequences decoded together, with how many they are and how many times the one sequence's that is. */
  readonly sequences: number;
  readonly batch_tokens_per_second: number | null;
  readonly batch_ratio: number | null;
  /** What `batch_ratio` would be with weight products at `matrix_product_gflops` and all else free. */
  readonly batch_ratio_limit: number | null;
  readonly peak_tensor_bytes: number;
  readonly peak_wasm_heap_bytes: number;
  readonly estimated_bytes: number;
}

/** Draws pairs of random tokens, the same ones in every run of the benchmark. */
function drawPairs({ pairs, promptTokens, completionTokens }: BenchSettings, vocabularySize: number): EncodedPair[] {
  const random = new Random(1);
  const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(vocabularySize));
  return Array.from({ length: pairs }, (): EncodedPair => ({
    promptIds: tokens(promptTokens),
    chosenIds: tokens(completionTokens),
    rejectedIds: tokens(completionTokens),
    warnings: [],
    faults: [],
  }));
}

interface TimedStep {
  readonly seconds: number;
  readonly phases: Readonly<Record<Phase, number>>;
}

/** Trains, and times the steps after the first; `firstEnded` is `performance.now()` after the first. */
async function timeSteps(
  model: LoadedModel & { readonly executor: TimedExecutor },
  pairs: readonly EncodedPair[],
  { config, capacity }: { readonly config: RunConfig; readonly capacity: number },
  onProgress: (what: string) => void,
): Promise<{ firstEnded: number; steps: readonly TimedStep[] }> {
  const steps: TimedStep[] = [];
  let last = 0;
  let firstEnded = 0;
  await train(model, {
    config,
    pairs,
    rowCapacity: capacity,
    onEvent: (event) => {
      if (event.kind !== 'step') return;
      const now = performance.now();
      const phases = model.executor.takeSeconds();
      onProgress(`step ${event.metrics.step} of ${event.totalSteps}`);
      if (event.metrics.step === 1) firstEnded = now;
      else steps.push({ seconds: (now - last) / 1000, phases });
      last = now;
    },
  });
  return { firstEnded, steps };
}

/** Finds the median step, and of its seconds those that no phase accounts for. */
function summarizeSteps(
  steps: readonly TimedStep[],
  device: string,
): Pick<BenchReport, 'seconds_by_phase' | 'share_of_step_issuing'> & { secondsPerStep: number } {
  const secondsPerStep = medianOf(steps.map(({ seconds }) => seconds));
  const { phases } = steps.find(({ seconds }) => seconds === secondsPerStep) as TimedStep;
  const issuing = phases.forward + phases.head + phases.backward + phases.optimizer;
  return {
    secondsPerStep,
    seconds_by_phase: { ...phases, other: secondsPerStep - sumOf(Object.values(phases)) },
    share_of_step_issuing: device === 'webgpu' ? issuing / secondsPerStep : null,
  };
}

/**
 * Trains and decodes on the model and says how fast.
 * @param started `performance.now()` before the model was opened
 */
export async function measureSpeed(
  opened: LoadedModel,
  settings: BenchSettings,
  started: number,
  onProgress: (what: string) => void,
): Promise<BenchReport> {
  const { promptTokens, completionTokens, loraR } = settings;
  const executor = new TimedExecutor(opened.executor);
  const model = { ...opened, executor };
  const pairs = drawPairs(settings, model.shape.config.vocabularySize);
  const completions = pairs.map((pair) => completionsOf(pair));
  // Before and after: on a shared machine one measurement may fall into a bad moment.
  const productBefore = await measureProduct(executor);
  const config = parseRunConfig({
    max_steps: settings.steps + 1,
    per_device_train_batch_size: settings.pairs,
    lora_r: loraR,
    lora_alpha: loraR,
    lora_target_modules: 'all-linear',
    learning_rate: 1e-4,
  });
  const capacity = rowCapacity(executor.device, model.shape);
  const { firstEnded, steps } = await timeSteps(model, pairs, { config, capacity }, onProgress);
  const { peakDeviceBytes, wasmHeapBytes } = executor.memory();
  const row = packRow(groupIntoRows(completions, capacity)[0] as PromptedCompletions[]);
  const device = executor.device === 'webgpu' ? 'webgpu' : 'wasm';
  const { savesByRuntime } = executor.gradient;
  const size = { tokens: row.used, targets: row.targets.length };
  const estimate = await predictMemory(model.shape, { device, savesByRuntime }, config, size);
  const productGflops = Math.max(productBefore, await measureProduct(executor));
  const decoding =
    settings.decode > 0
      ? await measureDecoding(opened, { promptTokens, newTokens: settings.decode, sequences: settings.sequences })
      : null;
  const together = decoding?.together ?? null;
  const { secondsPerStep, ...times } = summarizeSteps(steps, executor.device);
  const secondsPerPair = secondsPerStep / settings.pairs;
  const gflops = leastFlops(model, completions[0] as PromptedCompletions, loraR) / secondsPerPair / 1e9;
  return {
    model: model.name,
    device: executor.device,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    pairs_per_step: settings.pairs,
    lora_r: loraR,
    seconds_per_pair: secondsPerPair,
    tokens_per_second: (promptTokens + 2 * completionTokens) / secondsPerPair,
    gflops,
    matrix_product_gflops: productGflops,
    share_of_matrix_product: gflops / productGflops,
    ...times,
    seconds_to_first_step: (firstEnded - started) / 1000,
    prefill_tokens_per_second: decoding?.prefill ?? null,
    decode_tokens_per_second: decoding?.one ?? null,
    sequences: settings.sequences,
    batch_tokens_per_second: together,
    batch_ratio: decoding && together !== null ? together / decoding.one : null,
    batch_ratio_limit: decoding && together !== null ? (productGflops * 1e9) / tokenFlops(model) / decoding.one : null,
    peak_tensor_bytes: peakDeviceBytes,
    peak_wasm_heap_bytes: wasmHeapBytes,
    estimated_bytes: estimate.total,
  };
}
