/**
 * @file What a run will take, from three optimiser steps of it that leave nothing behind: one on the longest batch of
 * the plan, two on a typical one. The second of these is warm and tells the seconds a row token; the plan tells how
 * many there are. An estimate: attention's share grows with a row's length, and other work on the PC is not foreseen.
 */
import type { ProbeReport } from '../run/reports';
import { UserError } from '../core/errors';
import { sumOf } from '../core/statistics';
import type { OpenedModel } from '../engine/open-model';
import { chooseObjective } from '../run/choose-objective';
import type { EncodedPair } from '../text/encode-pair';
import type { RunConfig } from '../run/config';
import { encodeDataset } from './encode-dataset';
import { encodingOf, examplesOf } from './examples';
import type { PromptedCompletions } from './packing';
import { bucketLength, completionsOf, gatherByPrompt, groupIntoRows, packedLength } from './packing';
import type { RunRequest } from './run-training';
import { rowCapacity } from './run-training';
import { countSteps } from '../run/steps';
import { planSteps } from './schedule';
import { train } from './trainer';

/** Lists the tokens of the rows that these items make, padding included. */
function rowLengths(items: readonly PromptedCompletions[], capacity: number): number[] {
  return groupIntoRows(gatherByPrompt(items), capacity).map((row) => bucketLength(packedLength(...row)));
}

/** Looks at the rows of a whole run, and finds its longest and its median batch among those that are full. */
function surveyRun(config: RunConfig, pairs: readonly EncodedPair[], held: readonly EncodedPair[], capacity: number) {
  const { objective } = chooseObjective(config);
  const packed = (pair: EncodedPair): PromptedCompletions => completionsOf(pair, objective);
  const items = pairs.map(packed);
  const batches = [...planSteps(config, pairs.length)].map(({ microBatches }) => {
    const indices = microBatches.flat();
    return {
      indices,
      pairs: indices.map((index) => pairs[index] as EncodedPair),
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
    typicalScoredTokens: sumOf(rowLengths(typical.pairs.map(packed), capacity)),
    trainedTokens: sumOf(batches.flatMap(({ rows }) => rows)),
    shapes: new Set(batches.flatMap(({ rows }) => rows)).size,
    referenceTokens: objective.usesReference ? sumOf(rowLengths([...seen, ...heldItems], capacity)) : 0,
    heldTokens: sumOf(rowLengths(heldItems, capacity)),
  };
}

type RunSurvey = ReturnType<typeof surveyRun>;

/** Seconds of the probe's three steps: on the longest batch, on the typical one, and on that with all compiled. */
interface ProbeTimes {
  readonly longest: number;
  readonly cold: number;
  readonly warm: number;
  /** From the end of the step before to the end of this one, so with the evaluation after the step before. */
  readonly untilCold: number;
  readonly untilWarm: number;
}

/** Trains three steps as the run would, each followed by an evaluation on the typical batch, and forgets them. */
async function timeThreeSteps(
  opened: OpenedModel,
  request: RunRequest,
  run: RunSurvey,
  rowCapacity: number,
): Promise<ProbeTimes> {
  const { signal } = request;
  const stepSeconds: number[] = [];
  const betweenSteps: number[] = [];
  let last = performance.now();
  let tokensBefore = 0;
  const { stopped } = await train(opened.model, {
    config: {
      ...request.config,
      max_steps: 3,
      per_device_train_batch_size: run.size,
      gradient_accumulation_steps: 1,
      shuffle: false,
    },
    pairs: [...run.longest.pairs, ...run.typical.pairs, ...run.typical.pairs],
    initAdapter: request.initAdapter ?? null,
    refAdapter: request.refAdapter ?? null,
    evaluation: {
      pairs: run.typical.pairs,
      settings: {
        eval_steps: 1,
        metric_for_best_model: 'eval_loss',
        early_stopping_patience: null,
        load_best_model_at_end: false,
      },
    },
    signal,
    rowCapacity,
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
  if (stopped) throw new UserError('probeEnded');
  const [longest = 0, cold = 0, warm = 0] = stepSeconds;
  return { longest, cold, warm, untilCold: betweenSteps[1] ?? cold, untilWarm: betweenSteps[2] ?? warm };
}

/** What the times say of the whole run: seconds a row token of training and of scoring, and to compile a row length. */
function deriveRates({ longest, cold, warm, untilCold, untilWarm }: ProbeTimes, run: RunSurvey) {
  const [longestTokens, typicalTokens] = [sumOf(run.longest.rows), sumOf(run.typical.rows)];
  // The least of the three: a pause of the PC must not stand for the whole run.
  const trained = Math.min(warm / typicalTokens, cold / typicalTokens, longest / longestTokens);
  const evaluated = Math.max(0, Math.min(untilCold - cold, untilWarm - warm));
  const compilingLongest = Math.max(0, longest - trained * longestTokens) / new Set(run.longest.rows).size;
  return {
    trained,
    scored: evaluated / run.typicalScoredTokens,
    compiled: Math.max(compilingLongest, cold - warm, 0),
  };
}

/**
 * Trains three steps as the run would and forgets them; the model, and what comes after, stay as they were.
 * @throws UserError where no pair can be trained on, or the steps were stopped
 */
export async function probeRun(opened: OpenedModel, request: RunRequest): Promise<ProbeReport> {
  const { config, signal, evaluation = null } = request;
  const { executor } = opened.model;
  const capacity = rowCapacity(executor.device, opened.model.shape);
  const encode = async (list: RunRequest['pairs']) =>
    examplesOf(config, (await encodeDataset(opened, list, config.max_length, { signal, ...encodingOf(config) })).pairs);
  const pairs = await encode(request.pairs);
  if (pairs.length === 0) throw new UserError('nothingToProbe', { count: request.pairs.length });
  const held = evaluation ? await encode(evaluation.pairs) : [];
  const run = surveyRun(config, pairs, held, capacity);
  executor.restartPeak();
  const seconds = deriveRates(await timeThreeSteps(opened, request, run, capacity), run);
  const totalSteps = countSteps(config, pairs.length);
  const evaluations = evaluation && held.length > 0 ? Math.ceil(totalSteps / evaluation.settings.eval_steps) : 0;
  const trainingSeconds = seconds.trained * run.trainedTokens;
  const evaluationSeconds = evaluations * seconds.scored * run.heldTokens;
  const preparing = run.shapes * seconds.compiled + seconds.scored * run.referenceTokens;
  const { peakDeviceBytes, wasmHeapBytes } = executor.memory();
  return {
    totalSteps,
    secondsPerStep: trainingSeconds / totalSteps,
    seconds: preparing + trainingSeconds + evaluationSeconds,
    evaluationSeconds,
    peakBytes: peakDeviceBytes,
    wasmHeapBytes,
    longestRow: Math.max(...run.longest.rows),
  };
}
