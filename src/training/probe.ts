/**
 * @file What a run will take, from three optimiser steps of it that leave nothing behind: one on the longest batch of
 * the plan, two on a typical one. The second of these is warm and tells the seconds a row token; the plan tells how
 * many there are. An estimate: attention's share grows with a row's length, and other work on the PC is not foreseen.
 */
import { UserError } from '../core/errors';
import { sumOf } from '../core/statistics';
import type { OpenedModel } from '../engine/open-model';
import { chooseObjective } from '../run/choose-objective';
import type { EncodedPair } from '../text/encode-pair';
import type { RunConfig } from '../run/config';
import { encodeDataset } from './encode-dataset';
import type { PromptedCompletions } from './packing';
import { bucketLength, completionsOf, groupIntoRows, packedLength } from './packing';
import type { RunRequest } from './run-training';
import { rowCapacity } from './run-training';
import { countSteps } from '../run/steps';
import { planSteps } from './schedule';
import { train } from './trainer';

export interface ProbeReport {
  readonly totalSteps: number;
  /** Of a typical step, its programs compiled. */
  readonly secondsPerStep: number;
  /** Of the whole run: compiling, the reference's log-probabilities, all steps and evaluations. */
  readonly seconds: number;
  /** Of these, all evaluations. */
  readonly evaluationSeconds: number;
  /** The most tensors on the device at one time, the model's weights among them. */
  readonly peakBytes: number;
  /** The WebAssembly heap after the longest batch; it never shrinks. */
  readonly wasmHeapBytes: number;
  /** Tokens of the longest row, padding included. */
  readonly longestRow: number;
}

/** Tokens of the rows that these items make, padding included. */
function rowLengths(items: readonly PromptedCompletions[], capacity: number): number[] {
  return groupIntoRows(items, capacity).map((row) => bucketLength(sumOf(row.map(packedLength))));
}

/** The rows of a whole run, and its longest and its median batch among those that are full. */
function surveyRun(config: RunConfig, pairs: readonly EncodedPair[], held: readonly EncodedPair[], capacity: number) {
  const { objective } = chooseObjective(config);
  const packed = (pair: EncodedPair): PromptedCompletions => completionsOf(pair, objective);
  const items = pairs.map(packed);
  const batches = [...planSteps(config, pairs.length)].map(({ microBatches }) => {
    const indices = microBatches.flat();
    return {
      indices,
      rows: rowLengths(
        indices.map((index) => items[index] as PromptedCompletions),
        capacity,
      ),
    };
  });
  const size = Math.max(...batches.map(({ indices }) => indices.length));
  const full = batches.filter(({ indices }) => indices.length === size);
  const longest = full.reduce((best, batch) => (Math.max(...batch.rows) > Math.max(...best.rows) ? batch : best));
  const typical = full.toSorted((a, b) => sumOf(a.rows) - sumOf(b.rows))[Math.floor(full.length / 2)] ?? longest;
  const seen = [...new Set(batches.flatMap(({ indices }) => indices))].map(
    (index) => items[index] as PromptedCompletions,
  );
  const heldItems = held.map(packed);
  return {
    size,
    longest,
    typical,
    packed,
    trainedTokens: sumOf(batches.flatMap(({ rows }) => rows)),
    shapes: new Set(batches.flatMap(({ rows }) => rows)).size,
    referenceTokens: objective.usesReference ? sumOf(rowLengths([...seen, ...heldItems], capacity)) : 0,
    heldTokens: sumOf(rowLengths(heldItems, capacity)),
  };
}

/** Trains three steps as the run would and forgets them; the model, and what comes after, stay as they were. */
export async function probeRun(opened: OpenedModel, request: RunRequest): Promise<ProbeReport> {
  const { config, signal } = request;
  const { executor } = opened.model;
  const capacity = rowCapacity(executor.device, opened.model.shape);
  const { pairs } = await encodeDataset(opened, request.pairs, config.max_length, { signal });
  if (pairs.length === 0)
    throw new UserError(
      `None of the ${request.pairs.length} pairs can be trained on, so there is nothing to probe; see the findings under Data.`,
    );
  const { evaluation = null } = request;
  const held = evaluation ? (await encodeDataset(opened, evaluation.pairs, config.max_length, { signal })).pairs : [];
  const run = surveyRun(config, pairs, held, capacity);
  const batch = (of: { readonly indices: readonly number[] }): EncodedPair[] =>
    of.indices.map((index) => pairs[index] as EncodedPair);
  const typical = batch(run.typical);

  const stepSeconds: number[] = [];
  const betweenSteps: number[] = [];
  let last = performance.now();
  let tokensBefore = 0;
  executor.restartPeak();
  const { stopped } = await train(opened.model, {
    config: {
      ...config,
      max_steps: 3,
      per_device_train_batch_size: run.size,
      gradient_accumulation_steps: 1,
      shuffle: false,
    },
    pairs: [...batch(run.longest), ...typical, ...typical],
    initAdapter: request.initAdapter ?? null,
    refAdapter: request.refAdapter ?? null,
    evaluation: {
      pairs: typical,
      settings: {
        eval_steps: 1,
        metric_for_best_model: 'eval_loss',
        early_stopping_patience: null,
        load_best_model_at_end: false,
      },
    },
    signal,
    rowCapacity: capacity,
    onEvent: (event) => {
      if (event.kind !== 'step') return;
      const { num_tokens = 0 } = event.metrics;
      stepSeconds.push((num_tokens - tokensBefore) / event.tokensPerSecond);
      tokensBefore = num_tokens;
      betweenSteps.push((performance.now() - last) / 1000);
      last = performance.now();
    },
  });
  signal?.throwIfAborted();
  const [first = 0, cold = 0, warm = 0] = stepSeconds;
  if (stopped) throw new UserError('The probe ended before its three steps; start it again.');
  // The least of the three: a pause of the PC must not stand for the whole run.
  const perToken = Math.min(
    warm / sumOf(run.typical.rows),
    cold / sumOf(run.typical.rows),
    first / sumOf(run.longest.rows),
  );
  const forward =
    Math.max(0, Math.min((betweenSteps[1] ?? cold) - cold, (betweenSteps[2] ?? warm) - warm)) /
    sumOf(rowLengths(typical.map(run.packed), capacity));
  const ofFirst = Math.max(0, first - perToken * sumOf(run.longest.rows)) / new Set(run.longest.rows).size;
  const compiling = Math.max(ofFirst, cold - warm, 0);
  const totalSteps = countSteps(config, pairs.length);
  const evaluations = evaluation && held.length > 0 ? Math.ceil(totalSteps / evaluation.settings.eval_steps) : 0;
  const evaluationSeconds = evaluations * forward * run.heldTokens;
  const { peakDeviceBytes, wasmHeapBytes } = executor.memory();
  return {
    totalSteps,
    secondsPerStep: (perToken * run.trainedTokens) / totalSteps,
    seconds: run.shapes * compiling + forward * run.referenceTokens + perToken * run.trainedTokens + evaluationSeconds,
    evaluationSeconds,
    peakBytes: peakDeviceBytes,
    wasmHeapBytes,
    longestRow: Math.max(...run.longest.rows),
  };
}
