/**
 * @file What an on-policy method learns from: the policy answers a step's prompts, a reward judges the answers, and
 * each gets an advantage. Drawn anew every `num_iterations` steps, by seeds that follow from the run's seed and the
 * step alone. Not here: how answers are decoded and judged, which the caller brings along (`Answering`).
 */
import { invariant } from '../core/errors';
import { Random } from '../core/random';
import { meanOf, sumOf } from '../core/statistics';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { PairTokenLogps, SampledFacts } from '../objectives/objective';
import { advantagesOf, deviationOf } from '../objectives/rloo';
import type { RunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import type { EncodedPair } from '../text/encode-pair';
import type { StepBatch } from './schedule';

/** An answer that is asked for: the prompt's place among the run's, and what it is drawn by. */
export interface Asked {
  readonly prompt: number;
  readonly seed: number;
}

export interface DrawnAnswer {
  /** Its tokens, with the one that ended it. */
  readonly ids: readonly number[];
  readonly text: string;
  /** Whether it ended by itself and was not cut off. */
  readonly isEnded: boolean;
  /** Higher is better; null where it could not be judged. */
  readonly reward: number | null;
}

/**
 * Draws answers from the policy as it is, at temperature 1 and with nothing cut off its distribution, and judges them.
 * @throws AbortError when the signal says so
 */
export type Answering = (
  asked: readonly Asked[],
  policy: DeviceAdapter,
  signal?: AbortSignal,
) => Promise<readonly DrawnAnswer[]>;

/** Scores answers under an adapter (null for the base): the trainer's `computeLogps`. */
type Scoring = (answers: readonly EncodedPair[], adapter: DeviceAdapter | null) => Promise<readonly PairTokenLogps[]>;

/** The answers of a step, ready to be trained on. */
export interface Rollout {
  readonly examples: readonly EncodedPair[];
  readonly facts: readonly SampledFacts[];
  readonly references: readonly PairTokenLogps[];
  /** Prompt and reward of each, to be shown. */
  readonly answers: readonly (DrawnAnswer & { readonly prompt: number })[];
  /** Tokens of prompts and answers. */
  readonly tokens: number;
  readonly metrics: Partial<StepMetrics>;
}

export interface Rolling {
  readonly prompts: readonly EncodedPair[];
  readonly answering: Answering;
  readonly scoring: Scoring;
  readonly policy: DeviceAdapter;
  readonly reference: DeviceAdapter | null;
  readonly signal?: AbortSignal | undefined;
}

/** Whether a step draws answers of its own; the others go on with those of the step before. */
export const drawsAnswers = ({ num_iterations }: RunConfig, step: number): boolean => (step - 1) % num_iterations === 0;

/** Each prompt of the step `num_generations` times, side by side. */
function ask({ seed, num_generations }: RunConfig, { step, microBatches }: StepBatch): readonly Asked[] {
  const random = Random.ofItem(seed, step);
  return microBatches
    .flat()
    .flatMap((prompt) => Array.from({ length: num_generations }, () => ({ prompt, seed: random.nextUint32() })));
}

/** What TRL logs of the answers, less what it logs of each reward function where there is one. */
function metricsOf(
  answers: readonly DrawnAnswer[],
  kls: readonly number[],
  policy: readonly PairTokenLogps[],
  facts: readonly SampledFacts[],
): Partial<StepMetrics> {
  const rewards = answers.flatMap(({ reward }) => (reward === null ? [] : [reward]));
  const lengths = answers.map(({ ids }) => ids.length);
  const ended = answers.filter(({ isEnded }) => isEnded).map(({ ids }) => ids.length);
  const scored = sumOf(policy.map(({ chosen }, i) => (facts[i]?.isMasked === true ? 0 : chosen.length)));
  const all = sumOf(lengths);
  const deviation = deviationOf(rewards);
  return {
    ...(rewards.length > 0 && { reward: meanOf(rewards) }),
    ...(Number.isFinite(deviation) && { reward_std: deviation }),
    kl: sumOf(kls) / Math.max(1, scored),
    'completions/mean_length': meanOf(lengths),
    'completions/clipped_ratio': 1 - ended.length / answers.length,
    'completions/mean_terminated_length': meanOf(ended),
    'completions/mean_surprise': -sumOf(policy.map(({ chosen }) => sumOf(chosen))) / Math.max(1, all),
  };
}

/** Draws a step's answers, scores them under policy and reference, and judges them against each other. */
export async function rollOut(config: RunConfig, batch: StepBatch, rolling: Rolling): Promise<Rollout> {
  const { prompts, answering, scoring, policy, reference, signal } = rolling;
  const asked = ask(config, batch);
  const drawn = await answering(asked, policy, signal);
  invariant(drawn.length === asked.length, `${asked.length} answers were asked for, and ${drawn.length} came.`);
  const examples = drawn.map(({ ids }, i): EncodedPair => {
    const { promptIds } = prompts[asked[i]?.prompt ?? -1] as EncodedPair;
    return { promptIds, chosenIds: ids, rejectedIds: [], warnings: [], faults: [] };
  });
  const logps = await scoring(examples, policy);
  const references = await scoring(examples, reference);
  const isMasked = drawn.map(({ isEnded }) => config.mask_truncated_completions && !isEnded);
  const sums = logps.map(({ chosen }) => sumOf(chosen));
  const kls = sums.map((logp, i) => (isMasked[i] === true ? 0 : logp - sumOf(references[i]?.chosen ?? [])));
  const { advantages, shareWithoutSpread } = advantagesOf(
    drawn.map(({ reward }) => reward),
    kls,
    config,
  );
  const facts = advantages.map((advantage, i) => ({
    advantage,
    logp: sums[i] as number,
    isMasked: isMasked[i] === true,
  }));
  return {
    ...{ examples, facts, references },
    answers: drawn.map((answer, i) => ({ ...answer, prompt: asked[i]?.prompt ?? 0 })),
    tokens: sumOf(examples.map(({ promptIds, chosenIds }) => promptIds.length + chosenIds.length)),
    metrics: { ...metricsOf(drawn, kls, logps, facts), frac_reward_zero_std: shareWithoutSpread },
  };
}
