/**
 * @file A step of PPO: the policy's answers are scored token by token, a value head foresees what they will be worth,
 * and both learn from them for `num_ppo_epochs` passes over mini-batches, each an update. The losses are in
 * objectives/ppo.ts; drawing and judging is as for every on-policy method (rollouts.ts).
 */
import { breathe } from '../core/breathe';
import { throwIfAborted } from '../core/errors';
import { Random } from '../core/random';
import { meanOf, sumOf } from '../core/statistics';
import { wrapAdapter, type DeviceAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import type { LoraLayout } from '../models/lora';
import type { Episode, PairOutcome } from '../objectives/objective';
import { episodesOf, nextKlCoef, ppo, valueLoss, type PlacesLoss } from '../objectives/ppo';
import type { RunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import { disposeAll, type DeviceTensor } from '../runtime/executor';
import type { AdamW } from './adamw';
import { addSlopes, groupIntoRows, packRow, type PackedRow, type PromptedCompletions } from './packing';
import { refuseNonFinite } from './refuse-non-finite';
import { drawStep, metricsOf, type Rolling, type Rollout } from './rollouts';
import type { RowRunner } from './row-runner';
import { chunks, type StepBatch } from './schedule';
import { proveStart } from './starting-point';
import { addHeadGradient, hiddenOf, valuesAt } from './value-head';

export interface PpoContext {
  readonly model: LoadedModel;
  readonly runner: RowRunner;
  readonly config: RunConfig;
  /** Tokens a packed row may hold before the next answer starts a new one. */
  readonly rowCapacity: number;
}

/** An answer that is learned from. */
interface Learned {
  readonly item: PromptedCompletions;
  readonly episode: Episode;
  /** Log-probabilities of its tokens under the reference, [n]. */
  readonly reference: Float64Array;
}

/** One of an update's answers, with the weights of its tokens and states in the update's loss. */
interface Weighted extends PromptedCompletions, Learned {
  readonly microBatch: number;
  readonly weights: { readonly token: number; readonly state: number };
}

/** Sums over a micro-batch. */
interface MicroSums {
  readonly answers: number;
  readonly tokens: number;
  readonly states: number;
  policyLoss: number;
  valueLoss: number;
  clippedTokens: number;
  clippedValues: number;
  ratios: number;
  squares: number;
}

const noRejected = new Float64Array(0);
const asPair = (chosen: Float64Array) => ({ chosen, rejected: noRejected });

/** What a row of answers is under a policy: log-probabilities and values of each item's targets. */
const itemsOf = (row: PackedRow, values: Float64Array) =>
  row.segments.map(({ start, length }) => values.slice(start, start + length));

/** Draws, scores and learns; holds the answers of the step and the price of divergence. */
export class Ppo {
  #learned: readonly Learned[] = [];
  /** Tokens of the longest answer of the step. */
  #widest = 0;

  constructor(
    private readonly context: PpoContext,
    /** Price of a nat of divergence from the reference, as it now is. */
    private klCoef: number,
  ) {}

  get kl_coef(): number {
    return this.klCoef;
  }

  /**
   * Draws a step's answers and makes of them what is learned. One that could not be judged teaches nothing. One that is
   * shorter than the longest has a state after its end, which gets its score, as in TRL, whose answers are padded.
   * @param head the value head as it now is, [C + 1]
   * @throws AbortError when the signal says so
   */
  async rollOut(batch: StepBatch, rolling: Rolling, head: DeviceTensor): Promise<Rollout> {
    const { config, model } = this.context;
    const { policy, reference, signal } = rolling;
    const target = config.kl_target ?? 0;
    const { answers: drawn, promptOf, tokens } = await drawStep(config, batch, rolling);
    this.#widest = Math.max(...drawn.map(({ ids }) => ids.length));
    const items = drawn.map((answer) => this.#itemOf(promptOf(answer).promptIds, answer.ids));
    const weights = Float64Array.from(await model.executor.gradient.read(head));
    const scored = await this.#score(items, policy, weights, signal);
    const references = await this.#score(items, reference, null, signal);
    const answers = drawn.map(({ ids, isEnded, reward }, i) => {
      const { logps, values } = scored[i] as (typeof scored)[number];
      // Without a prompt nothing predicts the first token.
      const n = logps.length - (ids.length < this.#widest ? 1 : 0);
      const [now, then] = [logps.slice(0, n), (references[i]?.logps ?? logps).slice(0, n)];
      return { item: items[i] as PromptedCompletions, logps: now, references: then, values, isEnded, reward };
    });
    const judged = answers.flatMap(({ reward, ...answer }) => (reward === null ? [] : [{ ...answer, reward }]));
    const { episodes, kls, scores } = episodesOf(judged, this.klCoef, config);
    this.#learned = judged.map(({ item, references: then }, i) => ({
      ...{ item, reference: then, episode: episodes[i] as Episode },
    }));
    const divergences = answers.map(({ logps, references: then }) => sumOf(logps) - sumOf(then));
    const policies = answers.map(({ logps }) => asPair(logps));
    const price = -this.klCoef * meanOf(kls);
    const metrics = {
      ...metricsOf(drawn, { policies, references: answers.map((answer) => asPair(answer.references)) }, []),
      ...(judged.length > 0 && {
        'objective/kl': meanOf(kls),
        'objective/entropy': -meanOf(judged.map(({ logps }) => sumOf(logps))),
        'objective/non_score_reward': price,
        'objective/rlhf_reward': price + meanOf(scores),
        'objective/scores': meanOf(scores),
      }),
      ...(target > 0 && { 'objective/kl_coef': this.klCoef }),
    };
    const measured = { target, horizon: config.kl_horizon, answers: drawn.length };
    if (target > 0) this.klCoef = nextKlCoef(this.klCoef, meanOf(divergences), measured);
    return { ...{ answers: drawn, tokens, metrics }, examples: [], microBatches: [], facts: [], references: [] };
  }

  /** What an answer puts into a row; a token more where its last one leads to a state that counts. */
  #itemOf(promptIds: readonly number[], ids: readonly number[]): PromptedCompletions {
    return { promptIds, completions: [ids.length < this.#widest ? [...ids, 0] : ids] };
  }

  /** Log-probabilities of all targets, and with a head what it foresees at each. */
  async #score(
    items: readonly PromptedCompletions[],
    adapter: DeviceAdapter | null,
    head: Float64Array | null,
    signal: AbortSignal | undefined,
  ): Promise<readonly { readonly logps: Float64Array; readonly values: Float64Array }[]> {
    const { runner, rowCapacity } = this.context;
    const scored: { logps: Float64Array; values: Float64Array }[] = [];
    for (const group of groupIntoRows(items, rowCapacity)) {
      await breathe();
      throwIfAborted(signal);
      const row = packRow(group);
      const hidden = head && hiddenOf(row, head.length - 1);
      const logps = await runner.forward(row, adapter, hidden);
      const values = head && hidden ? valuesAt(head, hidden) : noRejected;
      const [logpsOf, valuesOf] = [itemsOf(row, logps), itemsOf(row, values)];
      group.forEach((_, i) => scored.push({ logps: logpsOf[i] as Float64Array, values: valuesOf[i] as Float64Array }));
    }
    return scored;
  }

  /** The answers of each update, in micro-batches. */
  #updates(step: number): readonly (readonly (readonly Learned[])[])[] {
    const { num_ppo_epochs, num_mini_batches, per_device_train_batch_size, shuffle, seed } = this.context.config;
    // Not the stream by which the step's answers are drawn.
    const random = Random.ofItem(seed + 1, step);
    const size = Math.max(1, Math.ceil(this.#learned.length / num_mini_batches));
    return Array.from({ length: num_ppo_epochs }, () =>
      chunks(shuffle ? random.shuffled(this.#learned) : this.#learned, size),
    )
      .flat()
      .map((mini) => chunks(mini, per_device_train_batch_size));
  }

  /**
   * Learns from the answers that were drawn.
   * @param provesStart whether the policy still is the reference, so that both must score the first row alike
   * @throws UserError where a loss or a gradient is no number
   */
  async train(
    optimizer: AdamW,
    layout: LoraLayout,
    { step, epoch }: StepBatch,
    { rate, provesStart }: { readonly rate: number; readonly provesStart: boolean },
  ): Promise<StepMetrics> {
    const { model, config } = this.context;
    const norms: number[] = [];
    const sums: MicroSums[] = [];
    for (const microBatches of this.#updates(step)) {
      const ofUpdate = microBatches.map(emptySums);
      const proves = provesStart && norms.length === 0;
      const gradients = await this.#gradientsOf(optimizer, layout, { microBatches, sums: ofUpdate, proves });
      const loss = meanOf(ofUpdate.map((micro) => lossOf(micro, config.vf_coef)));
      refuseNonFinite('loss', loss, step, gradients);
      const norm = await optimizer.step(gradients, rate);
      refuseNonFinite('gradient norm', norm, step, []);
      await model.executor.settle();
      norms.push(norm);
      sums.push(...ofUpdate);
    }
    const metrics = this.#metricsOf(sums);
    const loss = meanOf(sums.map((micro) => lossOf(micro, config.vf_coef)));
    return { step, epoch, loss, grad_norm: meanOf(norms), learning_rate: rate, ...metrics };
  }

  /** The gradients of an update: of each block's LoRA, and the value head's as the last. */
  async #gradientsOf(
    optimizer: AdamW,
    layout: LoraLayout,
    update: {
      readonly microBatches: readonly (readonly Learned[])[];
      readonly sums: readonly MicroSums[];
      readonly proves: boolean;
    },
  ): Promise<DeviceTensor[]> {
    const { model, runner, rowCapacity } = this.context;
    const { gradient } = model.executor;
    const { length: blocks } = model.blocks;
    const adapter = wrapAdapter(layout, optimizer.parameters.slice(0, blocks));
    const head = Float64Array.from(await gradient.read(optimizer.parameters[blocks] as DeviceTensor));
    const headGradient = new Float64Array(head.length);
    let gradients = runner.zeroGradients(adapter);
    let proves = update.proves;
    try {
      for (const items of groupIntoRows(weigh(update.microBatches, update.sums), rowCapacity)) {
        const tally = { sums: update.sums, head, headGradient, proves };
        gradients = await this.#accumulate(items, adapter, gradients, tally);
        proves = false;
      }
    } catch (error) {
      disposeAll(gradients);
      throw error;
    }
    return [...gradients, gradient.upload(Float32Array.from(headGradient), [head.length])];
  }

  /** Runs forward pass, both losses and backward pass of one row. */
  async #accumulate(
    items: readonly Weighted[],
    adapter: DeviceAdapter,
    gradients: DeviceTensor[],
    tally: {
      readonly sums: readonly MicroSums[];
      readonly head: Float64Array;
      readonly headGradient: Float64Array;
      readonly proves: boolean;
    },
  ): Promise<DeviceTensor[]> {
    const { runner, config } = this.context;
    const row = packRow(items, runner.roundUp);
    const hidden = hiddenOf(row, tally.head.length - 1);
    const tape = await runner.forwardSaving(row, adapter, { hidden });
    try {
      const values = valuesAt(tally.head, hidden);
      const seeds = new Float64Array(row.targets.length);
      const valueSeeds = new Float64Array(row.targets.length);
      const scored = row.segments.map(({ item, start, length }) => {
        const { episode, reference, weights, microBatch } = items[item] as Weighted;
        const logps = tape.logps.slice(start, start + episode.logps.length);
        const pair = { policy: asPair(logps), reference: asPair(reference) };
        const batch = { pairs: 1, chosenTokens: logps.length, episode };
        const outcome = ppo.evaluate(pair.policy, pair.reference, config, batch);
        const ofValues = valueLoss(values.slice(start, start + length), episode, config.cliprange_value);
        addSlopes(seeds, { start }, weights.token, outcome.chosen);
        addSlopes(valueSeeds, { start }, config.vf_coef * weights.state, ofValues.slopes);
        addSums(tally.sums[microBatch] as MicroSums, { outcome, ofValues, logps, episode });
        return { ...pair, outcome };
      });
      if (tally.proves) proveStart(config, scored);
      addHeadGradient(tally.headGradient, hidden, valueSeeds);
      return await runner.backward(tape, seeds, gradients);
    } finally {
      tape.dispose();
    }
  }

  /** What TRL logs of the updates: means over micro-batches. Ratios count the places that pad an answer, as there. */
  #metricsOf(sums: readonly MicroSums[]): Partial<StepMetrics> {
    if (sums.length === 0) return {};
    const mean = (of: (micro: MicroSums) => number): number => meanOf(sums.map(of));
    const places = ({ answers }: MicroSums): number => answers * this.#widest;
    return {
      'policy/approxkl_avg': mean((micro) => micro.squares / 2 / places(micro)),
      'policy/clipfrac_avg': mean(({ clippedTokens, tokens }) => clippedTokens / tokens),
      'loss/policy_avg': mean((micro) => micro.policyLoss / micro.tokens),
      'loss/value_avg': mean((micro) => micro.valueLoss / micro.states),
      'val/clipfrac_avg': mean(({ clippedValues, states }) => clippedValues / states),
      'val/ratio': mean((micro) => (micro.ratios + places(micro) - micro.tokens) / places(micro)),
    };
  }
}

const emptySums = (learned: readonly Learned[]): MicroSums => ({
  answers: learned.length,
  tokens: sumOf(learned.map(({ episode }) => episode.logps.length)),
  states: sumOf(learned.map(({ episode }) => episode.values.length)),
  ...{ policyLoss: 0, valueLoss: 0, clippedTokens: 0, clippedValues: 0, ratios: 0, squares: 0 },
});

/** The mean over a micro-batch's tokens, and that over its states. */
const lossOf = ({ policyLoss: ofPolicy, valueLoss: ofValues, tokens, states }: MicroSums, vf_coef: number): number =>
  ofPolicy / tokens + (vf_coef * ofValues) / states;

/** Weighs as TRL averages: over tokens or states within a micro-batch, and then over micro-batches. */
const weigh = (microBatches: readonly (readonly Learned[])[], sums: readonly MicroSums[]): Weighted[] =>
  microBatches.flatMap((learned, microBatch) => {
    const { tokens, states } = sums[microBatch] as MicroSums;
    const share = 1 / microBatches.length;
    const weights = { token: share / tokens, state: share / states };
    return learned.map((one) => ({ ...one, ...one.item, microBatch, weights }));
  });

function addSums(
  sums: MicroSums,
  {
    outcome,
    ofValues,
    logps,
    episode,
  }: {
    readonly outcome: PairOutcome;
    readonly ofValues: PlacesLoss;
    readonly logps: Float64Array;
    readonly episode: Episode;
  },
): void {
  sums.policyLoss += outcome.loss;
  sums.valueLoss += ofValues.loss;
  sums.clippedTokens += outcome.clippedTokens ?? 0;
  sums.clippedValues += ofValues.clipped;
  logps.forEach((logp, t) => {
    const moved = logp - (episode.logps[t] as number);
    sums.ratios += Math.exp(moved);
    sums.squares += moved ** 2;
  });
}
