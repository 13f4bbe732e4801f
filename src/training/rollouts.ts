/**
 * @file What an on-policy method learns from: the policy answers a step's prompts, a reward judges the answers, and
 * each gets an advantage, or the two to a prompt become a pair. Drawn anew every `num_iterations` steps, by seeds that
 * follow from the run's seed and the step alone. Not here: how answers are decoded and judged, which the caller brings
 * along (`Answering`).
 */
import { invariant } from '../core/errors';
import { Random } from '../core/random';
import { meanOf, sumOf } from '../core/statistics';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { PairTokenLogps, SampledFacts } from '../objectives/objective';
import { compareAnswers } from '../objectives/online-dpo';
import { advantagesOf, deviationOf } from '../objectives/rloo';
import type { RunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import { answersAPrompt } from '../run/steps';
import type { EncodedPair } from '../text/encode-pair';
import { chunks, type StepBatch } from './schedule';

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
 * Draws answers from the policy as it is, and judges them.
 * @throws AbortError when the signal says so
 */
export type Answering = (
  asked: readonly Asked[],
  policy: DeviceAdapter,
  signal?: AbortSignal,
) => Promise<readonly DrawnAnswer[]>;

/** Scores answers under an adapter (null for the base): the trainer's `computeLogps`. */
type Scoring = (answers: readonly EncodedPair[], adapter: DeviceAdapter | null) => Promise<readonly PairTokenLogps[]>;

/** With the place of its prompt among the run's. */
type AskedAnswer = DrawnAnswer & { readonly prompt: number };

/** The answers of a step, ready to be trained on. */
export interface Rollout {
  readonly examples: readonly EncodedPair[];
  /** Places of the examples, by micro-batch. */
  readonly microBatches: readonly (readonly number[])[];
  /** One an example, where the method learns from advantages of whole answers; PPO keeps its own (ppo.ts). */
  readonly facts: readonly SampledFacts[];
  readonly references: readonly PairTokenLogps[];
  /** Prompt and reward of each, to be shown. */
  readonly answers: readonly AskedAnswer[];
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

/** Each prompt of the step so often as it is answered, side by side: twice in online DPO, which leaves it at that. */
function ask(config: RunConfig, { step, microBatches }: StepBatch): readonly Asked[] {
  const random = Random.ofItem(config.seed, step);
  return microBatches
    .flat()
    .flatMap((prompt) => Array.from({ length: answersAPrompt(config) }, () => ({ prompt, seed: random.nextUint32() })));
}

type PromptOf = (answer: AskedAnswer) => Pick<EncodedPair, 'promptIds' | 'warnings' | 'faults'>;

interface Scored {
  readonly policies: readonly PairTokenLogps[];
  readonly references: readonly PairTokenLogps[];
}

/** What a method makes of the judged answers to a step's prompts. */
interface Lesson {
  /** Of each prompt. */
  readonly examples: readonly (readonly EncodedPair[])[];
  readonly weigh: (scored: Scored) => Pick<Rollout, 'facts' | 'metrics'>;
}

/** Log-probability of a pair's answers, nats. */
const natsOf = ({ chosen, rejected }: PairTokenLogps): number => sumOf(chosen) + sumOf(rejected);

/** Each answer for itself, measured against the others to its prompt. */
function measure(config: RunConfig, groups: readonly (readonly AskedAnswer[])[], promptOf: PromptOf): Lesson {
  const answers = groups.flat();
  return {
    examples: groups.map((group) =>
      group.map((answer) => ({ ...promptOf(answer), chosenIds: answer.ids, rejectedIds: [] })),
    ),
    weigh: ({ policies, references }) => {
      const isMasked = answers.map(({ isEnded }) => config.mask_truncated_completions && !isEnded);
      const sums = policies.map(natsOf);
      const kls = sums.map((logp, i) => (isMasked[i] === true ? 0 : logp - natsOf(references[i] as PairTokenLogps)));
      const { advantages, shareWithoutSpread } = advantagesOf(
        answers.map(({ reward }) => reward),
        kls,
        config,
      );
      const facts = advantages.map((advantage, i) => ({
        ...{ advantage, logp: sums[i] as number, isMasked: isMasked[i] === true },
      }));
      return { facts, metrics: { frac_reward_zero_std: shareWithoutSpread } };
    },
  };
}

/** The two answers to a prompt as a pair; nothing is learned from a prompt that one could not be judged of. */
function compare(config: RunConfig, groups: readonly (readonly AskedAnswer[])[], promptOf: PromptOf): Lesson {
  const verdicts = groups.map((group) => compareAnswers(group, config));
  const leads = verdicts.flatMap((verdict) => (verdict === null ? [] : [verdict.lead]));
  const metrics = leads.length > 0 && {
    frac_reward_zero_std: meanOf(leads.map((lead) => (lead === 0 ? 1 : 0))),
    'objective/scores_margin': meanOf(leads),
  };
  return {
    examples: groups.map((group, i) => {
      const verdict = verdicts[i];
      if (!verdict) return [];
      const [chosen, rejected] = [group[verdict.better], group[1 - verdict.better]] as [AskedAnswer, AskedAnswer];
      return [{ ...promptOf(chosen), chosenIds: chosen.ids, rejectedIds: rejected.ids }];
    }),
    weigh: () => ({ facts: [], metrics: metrics || {} }),
  };
}

/** The examples by micro-batch, as those that their prompts are in; one without examples counts for nothing. */
function batchesOf({ microBatches }: StepBatch, { examples }: Lesson): readonly (readonly number[])[] {
  let prompt = 0;
  let next = 0;
  return microBatches
    .map((prompts) => prompts.flatMap(() => (examples[prompt++] ?? []).map(() => next++)))
    .filter(({ length }) => length > 0);
}

/** What TRL logs of the answers, less what it logs of each reward function where there is one. */
export function metricsOf(
  answers: readonly DrawnAnswer[],
  { policies, references }: Scored,
  facts: readonly SampledFacts[],
): Partial<StepMetrics> {
  const rewards = answers.flatMap(({ reward }) => (reward === null ? [] : [reward]));
  const lengths = answers.map(({ ids }) => ids.length);
  const ended = answers.filter(({ isEnded }) => isEnded).map(({ ids }) => ids.length);
  const isCounted = (_: unknown, i: number): boolean => facts[i]?.isMasked !== true;
  const nats = (logps: readonly PairTokenLogps[]): number => sumOf(logps.map(natsOf));
  const tokens = (logps: readonly PairTokenLogps[]): number =>
    sumOf(logps.map(({ chosen, rejected }) => chosen.length + rejected.length));
  const counted = policies.filter(isCounted);
  const deviation = deviationOf(rewards);
  return {
    ...(rewards.length > 0 && { reward: meanOf(rewards) }),
    ...(Number.isFinite(deviation) && { reward_std: deviation }),
    ...(tokens(counted) > 0 && { kl: (nats(counted) - nats(references.filter(isCounted))) / tokens(counted) }),
    'completions/mean_length': meanOf(lengths),
    'completions/clipped_ratio': 1 - ended.length / answers.length,
    'completions/mean_terminated_length': meanOf(ended),
    ...(tokens(policies) > 0 && { 'completions/mean_surprise': -nats(policies) / tokens(policies) }),
  };
}

/** Draws a step's answers and has them judged. */
export async function drawStep(
  config: RunConfig,
  batch: StepBatch,
  { prompts, answering, policy, signal }: Omit<Rolling, 'scoring' | 'reference'>,
) {
  const asked = ask(config, batch);
  const drawn = await answering(asked, policy, signal);
  invariant(drawn.length === asked.length, `${asked.length} answers were asked for, and ${drawn.length} came.`);
  const answers = drawn.map((answer, i) => ({ ...answer, prompt: asked[i]?.prompt ?? 0 }));
  const promptOf: PromptOf = ({ prompt }) => {
    const { promptIds } = prompts[prompt] as EncodedPair;
    return { promptIds, warnings: [], faults: [] };
  };
  const tokens = sumOf(answers.map((answer) => promptOf(answer).promptIds.length + answer.ids.length));
  return { answers, promptOf, tokens };
}

/** Draws a step's answers, judges them against each other, and scores them under policy and reference. */
export async function rollOut(config: RunConfig, batch: StepBatch, rolling: Rolling): Promise<Rollout> {
  const { scoring, policy, reference } = rolling;
  const { answers, promptOf, tokens } = await drawStep(config, batch, rolling);
  const learn = config.method === 'online_dpo' ? compare : measure;
  const lesson = learn(config, chunks(answers, config.num_generations), promptOf);
  const examples = lesson.examples.flat();
  const scored = { policies: await scoring(examples, policy), references: await scoring(examples, reference) };
  const { facts, metrics } = lesson.weigh(scored);
  return {
    ...{ examples, facts, answers, tokens, references: scored.references },
    microBatches: batchesOf(batch, lesson),
    metrics: { ...metricsOf(answers, scored, facts), ...metrics },
  };
}
