/**
 * @file The one training loop, for every method: pack, forward, objective, backward, AdamW; TRL's numbers each step.
 * Not here: where pairs come from and where the adapter goes.
 */
import { breathe } from '../core/breathe';
import { AbortError, UserError, throwIfAborted } from '../core/errors';
import { Random } from '../core/random';
import { meanOf, sumOf } from '../core/statistics';
import type { LoraAdapter } from '../formats/peft';
import type { DeviceAdapter } from '../engine/device-adapter';
import { downloadAdapter, uploadAdapter, uploadRewardModel, wrapAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { initializeLora, layoutLora, resolveLayers, resolveTargets, type LoraLayout } from '../models/lora';
import { pairWeight } from '../objectives/log-ratio';
import type { MicroBatch, PairTokenLogps, Survey } from '../objectives/objective';
import { chooseObjective, needsScores, type AnyObjective } from '../run/choose-objective';
import type { EncodedPair } from '../text/encode-pair';
import type { DeviceTensor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import { AdamW } from './adamw';
import type { TrainingCheckpoint } from '../run/training-checkpoint';
import { requireFit } from './checkpoint';
import type { RunConfig } from '../run/config';
import type { Evaluation } from './evaluation';
import { asEvaluation, isDue, isOver, withEvaluation } from './evaluation';
import type { StepMetrics } from '../run/metrics';
import type { PackedRow, PromptedCompletions } from './packing';
import {
  addSlopes,
  completionsOf,
  countTargets,
  gatherByPrompt,
  groupIntoRows,
  packRow,
  shortRowCapacity,
} from './packing';
import { RowRunner, savePolicyOf, type Tape } from './row-runner';
import { Ppo } from './ppo';
import { drawsAnswers, rollOut, type Answering, type Rollout } from './rollouts';
import { packScores, scoredCompletions } from './scored-rows';
import type { StepBatch } from './schedule';
import { batchesCountAnswers, countSteps, promptsAtOnce, stepsPerEpoch } from '../run/steps';
import { chunks, learningRate, planSteps } from './schedule';
import type { StartingPoint } from '../run/reports';
import { mismatch, type Mismatched } from './mismatch';
import { StepTally } from './step-tally';
import { freshValueHead, requireWidth } from './value-head';
import { refuseNonFinite } from './refuse-non-finite';
import { proveStart, requireNumbers, requireSameForward, sameAdapter } from './starting-point';

export type TrainingEvent =
  | { readonly kind: 'reference'; readonly done: number; readonly total: number }
  | { readonly kind: 'evaluating'; readonly done: number; readonly total: number }
  /** Step 0, where the policy is its own reference. */
  | ({ readonly kind: 'start' } & StartingPoint)
  | {
      readonly kind: 'step';
      readonly metrics: StepMetrics;
      readonly totalSteps: number;
      readonly secondsPerStep: number;
      readonly secondsLeft: number;
      /** Of this step alone, evaluation and checkpoints not counted. */
      readonly tokensPerSecond: number;
    };

export interface TrainingOptions {
  readonly config: RunConfig;
  /** Of an on-policy method: prompts, whose answers are not read. */
  readonly pairs: readonly EncodedPair[];
  /** What an on-policy method draws its answers by; no other method has one. */
  readonly answering?: Answering | null;
  /** Told of the answers that a step of an on-policy method is about to learn from. */
  readonly onDrawn?: ((step: number, answers: Rollout['answers']) => void) | undefined;
  /** Training starts here; without one, a fresh adapter (B = 0). */
  readonly initAdapter?: LoraAdapter | null;
  /** What PPO's value head starts from, [C + 1]; without one, zeros. */
  readonly valueHead?: Float32Array | null;
  /** The frozen reference; without one, the initial adapter as it was, or the base. `base` is the base in any case. */
  readonly refAdapter?: LoraAdapter | 'base' | null;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Pairs that are scored as training goes, and never trained on. */
  readonly evaluation?: Evaluation | null;
  /** Goes on from there instead of from the initial adapter, which stays the reference. */
  readonly resume?: TrainingCheckpoint | null;
  /** Given a checkpoint every so many steps or seconds, and one where training is stopped before its end. */
  readonly checkpoints?: {
    readonly save_steps: number;
    readonly seconds?: { readonly first: number; readonly every: number };
    /** What it returns is awaited before the next step. */
    readonly onCheckpoint: (checkpoint: TrainingCheckpoint) => unknown;
  } | null;
  /** Called after each step with the adapter as it now is, and awaited: evaluation during training. */
  readonly onStep?: (step: number, adapter: DeviceAdapter) => Promise<void>;
  /** Tokens a packed row may hold before the next pair starts a new one. */
  readonly rowCapacity?: number;
  /** The token that a reward model passes over at the end of an answer (`paddingOf`); null where there is none. */
  readonly padding?: number | null;
}

export interface TrainingResult {
  readonly adapter: LoraAdapter;
  /** Of PPO what foresees rewards, [C + 1]: w and b (value-head.ts). */
  readonly valueHead: Float32Array | null;
  readonly metrics: readonly StepMetrics[];
  readonly totalSteps: number;
  readonly stopped: boolean;
  /** The step whose adapter this is, where the best evaluation's was kept. */
  readonly bestStep: number | null;
  /** Evaluation did not get better for long enough. */
  readonly endedEarly: boolean;
}

/** A pair with its weight in the step's loss and the facts of its micro-batch. */
interface WeightedPair extends PromptedCompletions {
  readonly index: number;
  /** Which of the step's micro-batches it is in. */
  readonly microBatch: number;
  readonly weight: number;
  readonly batch: MicroBatch;
}

/** Counts the tokens of a pair's sequences, with the prompt in each. */
const sequenceTokens = ({ promptIds, completions }: PromptedCompletions): number =>
  completions.reduce((sum, ids) => sum + (ids.length > 0 ? promptIds.length + ids.length : 0), 0);

const noLogps = new Float64Array(0);
/** Of the answers at a place, in nats. */
const chosenSum = (logps: readonly PairTokenLogps[], at: number): number => sumOf((logps[at] as PairTokenLogps).chosen);
const unreferenced: PairTokenLogps = { chosen: noLogps, rejected: noLogps };

/** Gives each packed item the log-probabilities of its completions. */
export function splitLogps(row: PackedRow, items: number, logps: Float64Array): PairTokenLogps[] {
  const parts = Array.from({ length: items }, (): Float64Array[] => []);
  // A stretch that several items share is copied once: all pairs of many answers would fill the memory.
  const stretches = new Map<number, Float64Array>();
  for (const { item, completion, start, length } of row.segments) {
    const stretch = (length > 0 && stretches.get(start)) || logps.slice(start, start + length);
    if (length > 0) stretches.set(start, stretch);
    (parts[item] as Float64Array[])[completion] = stretch;
  }
  return parts.map(([chosen = noLogps, rejected = noLogps]) => ({ chosen, rejected }));
}

/** How much each pair of a row counts, where its squares were asked for. */
const weightsOf = (
  row: PackedRow,
  policies: readonly PairTokenLogps[],
  { logSquares }: Pick<Tape, 'logSquares'>,
): readonly number[] | null =>
  logSquares &&
  splitLogps(row, policies.length, logSquares).map((squares, i) => pairWeight(policies[i] as PairTokenLogps, squares));

function describeBatch(indices: readonly number[], pairs: readonly EncodedPair[]): MicroBatch {
  const chosen = indices.map((index) => pairs[index] as EncodedPair);
  return {
    pairs: indices.length,
    chosenTokens: chosen.reduce(
      (sum, { promptIds, chosenIds }) => sum + countTargets({ promptIds, completions: [chosenIds] }),
      0,
    ),
  };
}

/**
 * Weighs a step's pairs as TRL averages them: for a mean over pairs each micro-batch counts the same, however many
 * pairs it has; for a mean over tokens every target token of the step counts the same.
 */
function weighPairs(
  { microBatches }: Pick<StepBatch, 'microBatches'>,
  pairs: readonly EncodedPair[],
  objective: AnyObjective,
  itemOf: (pair: EncodedPair) => PromptedCompletions,
): WeightedPair[] {
  const tokens = microBatches
    .flat()
    .reduce((sum, index) => sum + countTargets(completionsOf(pairs[index] as EncodedPair, objective)), 0);
  return microBatches.flatMap((indices, microBatch) => {
    const batch = describeBatch(indices, pairs);
    const weight = objective.meanOver === 'tokens' ? 1 / tokens : 1 / (microBatches.length * batch.pairs);
    return indices.map((index) => {
      const pair = pairs[index] as EncodedPair;
      const facts = { ...batch, scores: pair.scores ?? null, margin: pair.margin };
      return { ...itemOf(pair), index, microBatch, weight, batch: facts };
    });
  });
}

/**
 * Scores the completion tokens of pairs under an adapter (null for the base), one row at a time.
 * @returns log-probabilities in nats, in the order of the pairs
 * @throws AbortError when the signal says so
 */
export async function computeLogps(
  runner: RowRunner,
  pairs: readonly PromptedCompletions[],
  adapter: DeviceAdapter | null,
  options: {
    rowCapacity?: number;
    signal?: AbortSignal | undefined;
    onProgress?: (done: number) => void;
    pack?: typeof packRow;
  } = {},
): Promise<PairTokenLogps[]> {
  const { pack = packRow } = options;
  const gathered = gatherByPrompt(pairs);
  const scored = new Map<PromptedCompletions, PairTokenLogps>();
  let done = 0;
  for (const items of groupIntoRows(gathered, options.rowCapacity ?? shortRowCapacity)) {
    await breathe();
    throwIfAborted(options.signal);
    const row = pack(items);
    const logps = splitLogps(row, items.length, await runner.forward(row, adapter));
    items.forEach((item, i) => scored.set(item, logps[i] as PairTokenLogps));
    options.onProgress?.((done += items.length));
  }
  return pairs.map((pair) => scored.get(pair) as PairTokenLogps);
}

/** @throws UserError where the loss is one of scores and a pair has none, or of margins and only some have one */
function requireScores(config: RunConfig, pairs: readonly EncodedPair[]): void {
  const wanting = pairs.findIndex(({ margin }) => margin === undefined);
  const count = pairs.filter(({ margin }) => margin === undefined).length;
  if (config.method === 'reward' && !config.score_margins && count > 0 && count < pairs.length)
    throw new UserError('marginsPartial', { count, total: pairs.length, row: wanting + 1 });
  if (!needsScores(config)) return;
  const without = pairs.flatMap(({ scores }, index) => (scores ? [] : [index]));
  const [first] = without;
  if (first !== undefined)
    throw new UserError('scoresAbsent', { count: without.length, total: pairs.length, row: first + 1 });
}

/** The adapter that a run without an initial one starts from: B = 0, and A as the run's seed draws it. */
export function freshLora(
  { shape, blocks }: Pick<LoadedModel, 'shape' | 'blocks'>,
  config: RunConfig,
): { readonly layout: LoraLayout; readonly blocks: readonly Float32Array[] } {
  const { architecture, config: model } = shape;
  const target_modules = resolveTargets(architecture, model, config.lora_target_modules);
  const { lora_r: r, lora_alpha } = config;
  const layers_to_transform = resolveLayers(architecture, model, config.layers_to_transform, config.layers_pattern);
  const layout = layoutLora(architecture, model, { r, lora_alpha, target_modules, layers_to_transform });
  const random = new Random(config.seed);
  return { layout, blocks: blocks.map((_, layer) => initializeLora(layout, layer, random)) };
}

/** The score head that a reward model starts from, [C]: N(0, 1 / (C + 1)) (Stiennon et al. 2020, arXiv 2009.01325). */
function freshScoreHead(C: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: C }, () => random.normal() / Math.sqrt(C + 1));
}

/** One training run on a model: steps, evaluations and checkpoints, in the order of the plan. */
export class Trainer {
  readonly #objective: AnyObjective;
  readonly #totalSteps: number;
  readonly #runner: RowRunner;
  readonly #references = new Map<number, PairTokenLogps>();
  /** Summed log-probabilities of mismatched answers under the reference, by their keys: of training and evaluation. */
  readonly #mismatched = { train: new Map<string, number>(), evaluation: new Map<string, number>() };
  /** The reference's log-probabilities of the evaluation's pairs, in order. */
  #evaluationReferences: readonly PairTokenLogps[] = [];
  #best: TrainingCheckpoint['best'] = null;
  /** The answers that an on-policy method is training on. */
  #rollout: Rollout | null = null;
  /** What steps with a value head are taken by; null for every other method. */
  readonly #ppo: Ppo | null;
  /** The reference of an on-policy method, as long as answers are still to be scored; null is the base. */
  #keptReference: DeviceAdapter | null = null;
  /**
   * Whether the first row of the first step, before any update, is still to show that policy and reference are one
   * model.
   */
  #startIsOpen = false;

  constructor(
    private readonly model: LoadedModel,
    private readonly options: TrainingOptions,
    runner?: RowRunner,
  ) {
    const { config, pairs } = options;
    if (pairs.length === 0) throw new UserError('noPairFits');
    this.#objective = chooseObjective(config).objective;
    requireScores(config, pairs);
    requireScores(config, options.evaluation?.pairs ?? []);
    this.#totalSteps = countSteps(config, pairs.length);
    if (batchesCountAnswers(config.method) && stepsPerEpoch(config, pairs.length) === 0)
      throw new UserError('promptsTooFew', { count: pairs.length, wanted: promptsAtOnce(config) });
    this.#runner = runner ?? new RowRunner(model, savePolicyOf(config));
    this.#ppo =
      this.#objective.hasValueHead === true
        ? new Ppo({ model, runner: this.#runner, config, ...this.#capacity }, options.resume?.kl_coef ?? config.kl_coef)
        : null;
  }

  async run(): Promise<TrainingResult> {
    const { config, signal, onEvent, resume = null, evaluation = null, checkpoints = null } = this.options;
    const initial = this.#startAdapter();
    const metrics: StepMetrics[] = [];
    const resumedAt = resume?.step ?? 0;
    let done = resumedAt;
    let endedEarly = false;
    let optimizer: AdamW | null = null;
    try {
      const trained = [initial.tensors, initial.score ?? [], this.#ppo ? this.#startValueHead() : []].flat();
      if (resume)
        requireFit(
          resume,
          trained.map(({ shape }) => shape[0] as number),
        );
      this.#best = resume?.best ?? null;
      if (this.#objective.isOnPolicy === true) this.#keepReference();
      else if (this.#objective.usesReference) await this.#computeReferences(initial);
      this.#startIsOpen = !resume && this.#policyIsReference();
      optimizer = await AdamW.open(this.model, trained, config, resume?.optimizer ?? null);
      let saved = resumedAt;
      let savedAt = performance.now();
      let mostSeconds = checkpoints?.seconds?.first ?? Infinity;
      let isDueToSave = false;
      let num_tokens = resume?.num_tokens ?? 0;
      const save = async (from: AdamW): Promise<void> => {
        if (!checkpoints || saved === done) return;
        saved = done;
        [savedAt, mostSeconds] = [performance.now(), checkpoints.seconds?.every ?? Infinity];
        const drawn = {
          ...(this.#objective.isOnPolicy === true && { num_tokens }),
          ...(this.#ppo && { kl_coef: this.#ppo.kl_coef }),
        };
        await checkpoints.onCheckpoint({ step: done, optimizer: await from.read(), ...drawn, best: this.#best });
      };
      const started = performance.now();
      for (const batch of planSteps(config, this.options.pairs.length)) {
        if (this.#objective.isOnPolicy !== true) num_tokens += this.#tokensOf(batch);
        if (batch.step <= resumedAt) continue;
        await breathe();
        // A run rests where new answers are due: those of the step before are not kept.
        const mayRest = this.#objective.isOnPolicy !== true || drawsAnswers(config, batch.step);
        if (signal?.aborted && mayRest) break;
        const rate = learningRate(config, batch.step - 1, this.#totalSteps);
        const begun = performance.now();
        const rollout = await this.#rollOut(optimizer, initial, batch);
        if (rollout === 'aborted') break;
        const tokens = rollout?.tokens ?? this.#tokensOf(batch);
        const draws = rollout !== null && drawsAnswers(config, batch.step);
        if (draws) num_tokens += tokens;
        const numbers: StepMetrics = {
          ...(await this.#takeStep(optimizer, initial, batch, rate)),
          ...(rollout === null ? { num_tokens } : draws && { ...rollout.metrics, num_tokens }),
        };
        const tokensPerSecond = (1000 * tokens) / (performance.now() - begun);
        done = batch.step;
        const stepMetrics =
          evaluation && isDue(evaluation.settings, done, this.#totalSteps)
            ? await this.#evaluate(evaluation, optimizer, initial, numbers)
            : numbers;
        metrics.push(stepMetrics);
        const secondsPerStep = (performance.now() - started) / 1000 / (done - resumedAt);
        const secondsLeft = secondsPerStep * (this.#totalSteps - done);
        onEvent?.({
          kind: 'step',
          metrics: stepMetrics,
          totalSteps: this.#totalSteps,
          secondsPerStep,
          secondsLeft,
          tokensPerSecond,
        });
        await this.options.onStep?.(done, this.#adapterOf(initial.layout, optimizer.parameters));
        const isLong = performance.now() - savedAt >= 1000 * mostSeconds;
        isDueToSave ||= checkpoints !== null && (isLong || done % checkpoints.save_steps === 0);
        const mayRestNow = rollout === null || drawsAnswers(config, done + 1);
        if (isDueToSave && mayRestNow) {
          await save(optimizer);
          isDueToSave = false;
        }
        endedEarly = evaluation !== null && done < this.#totalSteps && isOver(this.#best, evaluation.settings);
        if (endedEarly) break;
      }
      const stopped = done < this.#totalSteps && !endedEarly;
      if (stopped) await save(optimizer);
      const best = !stopped && evaluation?.settings.load_best_model_at_end ? this.#best : null;
      const adapter = await this.#downloadAdapter(initial, optimizer, best?.parameter ?? null);
      const valueHead = this.#ppo ? ((await optimizer.read()).parameter.at(-1) ?? null) : null;
      const [bestStep, totalSteps] = [best?.step ?? null, this.#totalSteps];
      return { adapter, valueHead, metrics, totalSteps, stopped, bestStep, endedEarly };
    } finally {
      initial.dispose();
      this.#keptReference?.dispose();
      await optimizer?.dispose();
      await this.#runner.dispose();
    }
  }

  /**
   * Wraps what is trained: the LoRA of each block, and of a reward model its score head as the last. A value head is no
   * part of an adapter.
   */
  #adapterOf(layout: LoraLayout, vectors: readonly DeviceTensor[]): DeviceAdapter {
    const { length } = this.model.blocks;
    const score = this.#objective.hasScoreHead === true ? (vectors[length] ?? null) : null;
    return wrapAdapter(layout, vectors.slice(0, length), score);
  }

  #startValueHead(): DeviceTensor {
    const head = this.options.valueHead ?? freshValueHead(this.model);
    requireWidth(head, this.model);
    return this.model.executor.upload(head, [head.length]);
  }

  /** What a pair puts into a row. */
  readonly #itemOf = (pair: EncodedPair): PromptedCompletions =>
    this.#objective.hasScoreHead === true
      ? scoredCompletions(pair, this.options.padding ?? null)
      : completionsOf(pair, this.#objective);

  get #pack(): typeof packRow {
    return this.#objective.hasScoreHead === true ? packScores : packRow;
  }

  /** Downloads the adapter as it now is, or that of the given vectors. */
  async #downloadAdapter(
    { layout }: DeviceAdapter,
    optimizer: AdamW,
    vectors: readonly Float32Array[] | null,
  ): Promise<LoraAdapter> {
    if (vectors === null) return downloadAdapter(this.model, this.#adapterOf(layout, optimizer.parameters));
    const uploaded = vectors.map((vector) => this.model.executor.upload(vector, [vector.length]));
    try {
      return await downloadAdapter(this.model, this.#adapterOf(layout, uploaded));
    } finally {
      disposeAll(uploaded);
    }
  }

  /** Scores the evaluation's pairs, all as one batch, and remembers the adapter if it is the best so far. */
  async #evaluate(
    { pairs, settings, afterwards }: Evaluation,
    optimizer: AdamW,
    { layout }: DeviceAdapter,
    trained: StepMetrics,
  ): Promise<StepMetrics> {
    const { config, onEvent } = this.options;
    const adapter = this.#adapterOf(layout, optimizer.parameters);
    const batch = { microBatches: [pairs.map((_, index) => index)] };
    const weighted = gatherByPrompt(weighPairs(batch, pairs, this.#objective, this.#itemOf));
    const tally = new StepTally();
    const policies: PairTokenLogps[] = [];
    const weights: (number | null)[] = [];
    for (const items of groupIntoRows(weighted, this.#capacity.rowCapacity)) {
      await breathe();
      const row = this.#pack(items, this.#runner.roundUp);
      weights.push(...(await this.#weightsOfRow(row, items.length, adapter)));
      const logps = await this.#runner.forward(row, adapter);
      if (policies.length === 0 && this.#runner.hasTwoForwardPasses)
        requireSameForward(logps, await this.#runner.forwardOfTraining(row, adapter));
      policies.push(...splitLogps(row, items.length, logps));
      onEvent?.({ kind: 'evaluating', done: policies.length, total: pairs.length });
    }
    const scored = weighted.map(({ index }, i) => ({
      policy: policies[i] as PairTokenLogps,
      reference: this.#evaluationReferences[index] ?? unreferenced,
    }));
    const divergences = await this.#divergencesOfEvaluation(pairs, adapter);
    scored.forEach(({ policy, reference }, place) => {
      const { index, weight, batch } = weighted[place] as WeightedPair;
      const survey = this.#objective.readsSurvey === true ? { pairs: scored, place } : null;
      const facts = { ...batch, survey, divergence: divergences[index] ?? null, weight: weights[place] ?? null };
      const outcome = this.#objective.evaluate(policy, reference, config, facts);
      tally.loss += weight * outcome.loss;
      tally.addPair(this.#objective, 1 / pairs.length, { policy, reference, outcome });
    });
    const metrics: StepMetrics = {
      ...trained,
      ...asEvaluation(tally.loss, tally.means),
      ...(await afterwards?.(trained.step, adapter)),
    };
    const best = withEvaluation(this.#best, metrics, settings);
    if (best?.step === metrics.step) this.#best = { ...best, parameter: (await optimizer.read()).parameter };
    else if (best && this.#best) this.#best = { ...this.#best, since: best.since };
    return metrics;
  }

  /** The weights of a row's pairs under the policy as it is; null where nothing asks for them. */
  async #weightsOfRow(row: PackedRow, count: number, adapter: DeviceAdapter): Promise<readonly (number | null)[]> {
    if (!this.options.config.use_weighting) return new Array<null>(count).fill(null);
    const tape = await this.#runner.forwardSaving(row, adapter, { takesSquares: true });
    tape.dispose();
    return weightsOf(row, splitLogps(row, count, tape.logps), tape) ?? [];
  }

  /** The evaluation's pairs in micro-batches of the run's size, each with its own divergence, as in training. */
  get #evaluationBatches(): readonly (readonly number[])[] {
    const { config, evaluation } = this.options;
    return chunks([...(evaluation?.pairs ?? []).keys()], config.per_device_train_batch_size);
  }

  /** For each pair that is held out the divergence of its micro-batch, where the objective reads it. */
  async #divergencesOfEvaluation(pairs: readonly EncodedPair[], adapter: DeviceAdapter): Promise<readonly number[]> {
    if (this.#objective.readsDivergence !== true) return [];
    const each: number[] = [];
    for (const indices of this.#evaluationBatches) {
      const divergence = await this.#divergence(mismatch(indices, pairs, this.#limit), adapter, 'evaluation');
      each.push(...indices.map(() => divergence));
    }
    return each;
  }

  /** Tokens of prompt and completion. */
  get #limit(): number {
    return Math.min(this.options.config.max_length, this.model.shape.config.contextLength);
  }

  /** The mean log-ratio of mismatched answers, at least 0: nats an answer. */
  async #divergence(
    items: readonly Mismatched[],
    adapter: DeviceAdapter,
    part: 'train' | 'evaluation',
  ): Promise<number> {
    const logps = await computeLogps(this.#runner, items, adapter, this.#capacity);
    const ratios = items.map(({ key }, i) => chosenSum(logps, i) - (this.#mismatched[part].get(key) as number));
    return Math.max(0, meanOf(ratios));
  }

  /** Scores what the divergence is estimated by under the reference, each prompt with each answer that it will meet. */
  async #computeMismatched(reference: DeviceAdapter | null): Promise<void> {
    if (this.#objective.readsDivergence !== true) return;
    const { config, pairs, evaluation, signal } = this.options;
    const parts = {
      train: [...planSteps(config, pairs.length)].flatMap(({ microBatches }) =>
        microBatches.flatMap((indices) => mismatch(indices, pairs, this.#limit)),
      ),
      evaluation: this.#evaluationBatches.flatMap((indices) => mismatch(indices, evaluation?.pairs ?? [], this.#limit)),
    };
    for (const part of ['train', 'evaluation'] as const) {
      const items = [...new Map(parts[part].map((item) => [item.key, item])).values()];
      const logps = await computeLogps(this.#runner, items, reference, { ...this.#capacity, signal });
      items.forEach(({ key }, i) => this.#mismatched[part].set(key, chosenSum(logps, i)));
    }
  }

  #startAdapter(): DeviceAdapter {
    const { config, initAdapter } = this.options;
    if (initAdapter?.isRescaled) throw new UserError('scalesDiffer');
    const hasScoreHead = this.#objective.hasScoreHead === true;
    if (initAdapter?.score && hasScoreHead) return uploadRewardModel(this.model, initAdapter);
    const { layout, tensors } = initAdapter ? uploadAdapter(this.model, initAdapter) : this.#freshAdapter();
    if (!hasScoreHead) return wrapAdapter(layout, tensors);
    const score = freshScoreHead(this.model.shape.config.hiddenSize, config.seed);
    return wrapAdapter(layout, tensors, this.model.executor.upload(score, [score.length]));
  }

  #freshAdapter(): Pick<DeviceAdapter, 'layout' | 'tensors'> {
    const { layout, blocks } = freshLora(this.model, this.options.config);
    return { layout, tensors: blocks.map((flat) => this.model.executor.upload(flat, [layout.size])) };
  }

  /** Scores every pair that some step will see under the reference, once, before the first step. */
  async #computeReferences(initial: DeviceAdapter): Promise<void> {
    const { config, pairs, evaluation, signal, onEvent } = this.options;
    const seen = [...new Set([...planSteps(config, pairs.length)].flatMap(({ microBatches }) => microBatches.flat()))];
    const frozen = this.#frozen;
    const separate = frozen === null || frozen === this.options.initAdapter ? null : uploadAdapter(this.model, frozen);
    const reference = separate ?? (frozen && initial);
    try {
      const items = seen.map((index) => completionsOf(pairs[index] as EncodedPair, this.#objective));
      const onProgress = (done: number): void => onEvent?.({ kind: 'reference', done, total: seen.length });
      const logps = await computeLogps(this.#runner, items, reference, { ...this.#capacity, signal, onProgress });
      seen.forEach((index, i) => this.#references.set(index, logps[i] as PairTokenLogps));
      const held = (evaluation?.pairs ?? []).map((pair) => completionsOf(pair, this.#objective));
      this.#evaluationReferences = await computeLogps(this.#runner, held, reference, { ...this.#capacity, signal });
      await this.#computeMismatched(reference);
    } finally {
      separate?.dispose();
    }
  }

  /** The adapter of the reference; null: the base. */
  get #frozen(): LoraAdapter | null {
    const { initAdapter = null, refAdapter } = this.options;
    return refAdapter === 'base' ? null : (refAdapter ?? initAdapter);
  }

  /** Puts the reference on the device for the whole run: which answers it will score is not known yet. */
  #keepReference(): void {
    const frozen = this.#frozen;
    this.#keptReference = frozen ? uploadAdapter(this.model, frozen) : null;
  }

  /**
   * Draws the answers of a step, or goes on with those of the step before.
   * @returns null for a method that learns from pairs
   */
  async #rollOut(optimizer: AdamW, { layout }: DeviceAdapter, batch: StepBatch): Promise<Rollout | 'aborted' | null> {
    const { config, pairs: prompts, answering, signal, onDrawn } = this.options;
    if (this.#objective.isOnPolicy !== true) return null;
    if (this.#rollout !== null && !drawsAnswers(config, batch.step)) return this.#rollout;
    if (!answering) throw new Error(`The method ${config.method} draws answers, and nothing was given to draw them.`);
    const reference = this.#keptReference;
    const policy = this.#adapterOf(layout, optimizer.parameters);
    const scoring = (answers: readonly EncodedPair[], adapter: DeviceAdapter | null) =>
      computeLogps(
        this.#runner,
        answers.map((answer) => completionsOf(answer, this.#objective)),
        adapter,
        { ...this.#capacity, signal },
      );
    try {
      const rolling = { prompts, answering, scoring, policy, reference, signal };
      const head = optimizer.parameters[this.model.blocks.length] as DeviceTensor;
      const rollout = await (this.#ppo?.rollOut(batch, rolling, head) ?? rollOut(config, batch, rolling));
      this.#rollout = rollout;
      this.#references.clear();
      rollout.references.forEach((logps, i) => this.#references.set(i, logps));
      onDrawn?.(batch.step, rollout.answers);
      return rollout;
    } catch (error) {
      // Nothing of the step was trained yet, so that a stopped run ends before it.
      if (error instanceof AbortError) return 'aborted';
      throw error;
    }
  }

  #policyIsReference(): boolean {
    const { initAdapter, refAdapter } = this.options;
    if (!this.#objective.usesReference) return false;
    if (refAdapter === 'base') return !initAdapter;
    return !refAdapter || (initAdapter != null && sameAdapter(initAdapter, refAdapter));
  }

  #tokensOf({ microBatches }: StepBatch): number {
    return microBatches
      .flat()
      .reduce(
        (sum, index) => sum + sequenceTokens(completionsOf(this.options.pairs[index] as EncodedPair, this.#objective)),
        0,
      );
  }

  get #capacity(): { rowCapacity: number } {
    return { rowCapacity: this.options.rowCapacity ?? shortRowCapacity };
  }

  /** One step of the plan: an update, or of PPO several on the same answers. */
  async #takeStep(optimizer: AdamW, initial: DeviceAdapter, batch: StepBatch, rate: number): Promise<StepMetrics> {
    if (!this.#ppo) return this.#trainStep(optimizer, initial, batch, rate);
    const provesStart = this.#startIsOpen;
    this.#startIsOpen = false;
    return this.#ppo.train(optimizer, initial.layout, batch, { rate, provesStart });
  }

  async #trainStep(optimizer: AdamW, { layout }: DeviceAdapter, batch: StepBatch, rate: number): Promise<StepMetrics> {
    const adapter = this.#adapterOf(layout, optimizer.parameters);
    const tally = new StepTally();
    let gradients = this.#runner.zeroGradients(adapter);
    const share = 1 / batch.microBatches.flat().length;
    try {
      const weighted = gatherByPrompt(await this.#weigh(batch, adapter));
      for (const items of groupIntoRows(weighted, this.#capacity.rowCapacity)) {
        gradients = await this.#accumulate(items, adapter, gradients, tally, share);
      }
    } catch (error) {
      disposeAll(gradients);
      throw error;
    }
    const loss = tally.loss;
    if (batch.step === 1 && !Number.isFinite(loss)) {
      // Nothing was trained before the first step.
      disposeAll(gradients);
      requireNumbers([loss]);
    }
    refuseNonFinite('loss', loss, batch.step, gradients);
    const norm = await optimizer.step(gradients, rate);
    refuseNonFinite('gradient norm', norm, batch.step, []);
    await this.model.executor.settle();
    return { step: batch.step, epoch: batch.epoch, loss, grad_norm: norm, learning_rate: rate, ...tally.means };
  }

  /** The step's examples with their weights, and with what their objective must know of them. */
  async #weigh(batch: StepBatch, adapter: DeviceAdapter): Promise<readonly WeightedPair[]> {
    if (this.#rollout === null)
      return this.#survey(weighPairs(batch, this.options.pairs, this.#objective, this.#itemOf), batch, adapter);
    const { examples, facts, microBatches } = this.#rollout;
    const weighted = weighPairs({ microBatches }, examples, this.#objective, this.#itemOf);
    return weighted.map((one, i) => ({ ...one, batch: { ...one.batch, sampled: facts[i] ?? null } }));
  }

  /** Gives each pair what its objective must know of the whole micro-batch under the policy as it is. */
  async #survey(
    weighted: readonly WeightedPair[],
    { microBatches }: StepBatch,
    adapter: DeviceAdapter,
  ): Promise<readonly WeightedPair[]> {
    if (this.#objective.readsDivergence === true) {
      const divergences: number[] = [];
      for (const indices of microBatches)
        divergences.push(await this.#divergence(mismatch(indices, this.options.pairs, this.#limit), adapter, 'train'));
      return weighted.map((pair) => {
        const divergence = divergences[pair.microBatch] ?? null;
        return { ...pair, batch: { ...pair.batch, divergence } };
      });
    }
    if (this.#objective.readsSurvey !== true) return weighted;
    // Without the signal: a step that was begun is ended, so that a stopped run keeps it.
    const policies = await computeLogps(this.#runner, weighted, adapter, this.#capacity);
    const scored = weighted.map(({ index }, i) => ({
      policy: policies[i] as PairTokenLogps,
      reference: this.#references.get(index) ?? unreferenced,
    }));
    const batches = microBatches.map((_, which) => scored.filter((_, i) => weighted[i]?.microBatch === which));
    return weighted.map((pair, i) => {
      const pairs = batches[pair.microBatch] as Survey['pairs'];
      const survey = { pairs, place: pairs.indexOf(scored[i] as Survey['pairs'][number]) };
      return { ...pair, batch: { ...pair.batch, survey } };
    });
  }

  /** Runs forward pass, objective and backward pass of one row. */
  async #accumulate(
    items: readonly WeightedPair[],
    adapter: DeviceAdapter,
    gradients: DeviceTensor[],
    tally: StepTally,
    share: number,
  ): Promise<DeviceTensor[]> {
    const row = this.#pack(items, this.#runner.roundUp);
    const { config } = this.options;
    const tape = await this.#runner.forwardSaving(row, adapter, { takesSquares: config.use_weighting });
    try {
      const policies = splitLogps(row, items.length, tape.logps);
      const weights = weightsOf(row, policies, tape);
      const scored = items.map(({ index, batch }, i) => {
        const policy = policies[i] as PairTokenLogps;
        const reference = this.#references.get(index) ?? unreferenced;
        const facts = { ...batch, weight: weights?.[i] ?? null };
        return { policy, reference, outcome: this.#objective.evaluate(policy, reference, config, facts) };
      });
      if (this.#startIsOpen) this.#proveStart(scored);
      scored.forEach((pair, i) => {
        const { outcome } = pair;
        const { weight, microBatch, batch } = items[i] as WeightedPair;
        tally.loss += weight * outcome.loss;
        if (batch.divergence != null) tally.addMean('kl', weight, batch.divergence);
        tally.addPair(this.#objective, this.#objective.meanOver === 'pairs' ? weight : share, pair, microBatch);
      });
      const seeds = new Float64Array(row.targets.length);
      for (const segment of row.segments) {
        const { item, completion } = segment;
        const outcome = scored[item]?.outcome;
        const { weight } = items[item] as WeightedPair;
        const slopes = completion === 0 ? outcome?.chosen : outcome?.rejected;
        if (slopes) addSlopes(seeds, segment, weight, slopes);
      }
      return await this.#runner.backward(tape, seeds, gradients);
    } finally {
      tape.dispose();
    }
  }

  /** Without rewards of its own a loss of answers tells nothing: that of all answers to a prompt together is 0. */
  #proveStart(scored: Parameters<typeof proveStart>[1]): void {
    const start = proveStart(this.options.config, scored);
    if (this.#objective.isOnPolicy !== true || start.rewards !== null)
      this.options.onEvent?.({ kind: 'start', ...start });
    this.#startIsOpen = false;
  }
}

/**
 * Trains an adapter on the model and downloads it; a stopped run gives the adapter reached so far.
 * @throws UserError for a checkpoint or adapter that does not fit, a failed step 0, or a loss that is no number
 */
export function train(model: LoadedModel, options: TrainingOptions): Promise<TrainingResult> {
  return new Trainer(model, options).run();
}
