/**
 * @file What a start will do, before it does it: which pairs are trained on and which held out, how many steps that
 * makes, and how a twin run gets an equal budget of tokens. Pure.
 */
import { splitPairs, type Split } from '../../../data/split';
import type { RunPairs } from '../../../storage/records';
import type { PairReport } from '../../../run/reports';
import { hasAnswer, type PreferencePair, type ScoredPair } from '../../../data/preference-pair';
import { withDefaults, type RunConfig } from '../../../run/config';
import { isOnPolicyMethod } from '../../../run/objectives';
import { countSteps, promptsAtOnce, stepsPerEpoch } from '../../../run/steps';
import type { Job } from './options';

/** The data set's own split goes first; without one, evaluation holds out a share of the prompts. */
export function partsOf(pairs: readonly ScoredPair[], { config, evaluation }: Job, own: Split | null): RunPairs {
  const split = own ?? (evaluation ? { evaluationShare: evaluation.share, seed: config.seed ?? 0 } : null);
  const { train, evaluation: held } = splitPairs(
    pairs.map((pair) => ({ pair })),
    split,
  );
  return { train: train.map(({ pair }) => pair), evaluation: held.map(({ pair }) => pair) };
}

/** Whether a pair is not trained on for what its report says. A reward model reads an answer whole or not at all. */
function isLeftOut(report: PairReport | undefined, method: Job['method']): boolean {
  if (method === 'reward' && report?.faults.includes('cutOff') === true) return true;
  return (report?.problem ?? null) !== null;
}

/** The first pair of each different prompt: what a run on answers of its own goes over. */
function distinctPrompts<T extends PreferencePair>(pairs: readonly T[]): readonly T[] {
  return [...new Map(pairs.toReversed().map((pair) => [JSON.stringify(pair.prompt), pair])).values()].reverse();
}

/** The steps of a run over these pairs, as far as they can be told before they are encoded. */
export function stepsOver(config: RunConfig, pairs: readonly PreferencePair[]): number {
  return countSteps(config, isOnPolicyMethod(config.method) ? distinctPrompts(pairs).length : pairs.length);
}

/** Whether a prompt leaves no room for an answer. */
const fillsLength = (report: PairReport | undefined, { max_length }: RunConfig): boolean =>
  report !== undefined && report.promptTokens >= max_length;

/** How many examples a pair makes: one where it has the answers that the method needs; to KTO each answer is one. */
function examplesIn(pair: PreferencePair, method: Job['method']): number {
  const [good, bad] = [hasAnswer(pair, 'chosen'), hasAnswer(pair, 'rejected')];
  if (method === 'kto') return Number(good) + Number(bad);
  return good && (bad || method === 'sft') ? 1 : 0;
}

/** Whether a pair has the answers that a method learns from; what it draws itself no pair need have. */
export const suits = (pair: PreferencePair, method: Job['method']): boolean =>
  isOnPolicyMethod(method) || examplesIn(pair, method) > 0;

/** Mean tokens of one pair as TRL counts them: of each answer that it has, the prompt with each; SFT has one. */
function meanTokens(reports: readonly PairReport[], method: Job['method']): number {
  const tokens = reports.reduce((sum, { promptTokens, chosenTokens, rejectedTokens }) => {
    const answers = method === 'sft' ? [chosenTokens] : [chosenTokens, rejectedTokens];
    return answers.reduce((all, answer) => all + (answer === 0 ? 0 : promptTokens + answer), sum);
  }, 0);
  return tokens / Math.max(1, reports.length);
}

/** Prompts taken from the held-out pairs where none are given. */
const shownPrompts = 3;

/** What to ask at every evaluation: what was typed, in the form that the pairs have, or the first prompts held out. */
export function samplePrompts(
  typed: readonly string[],
  { train, evaluation }: RunPairs,
): readonly PreferencePair['prompt'][] {
  const isChat = typeof (train[0] ?? evaluation[0])?.prompt !== 'string';
  if (typed.length > 0) return isChat ? typed.map((content) => [{ role: 'user', content }]) : typed;
  const distinct = new Map(evaluation.map(({ prompt }) => [JSON.stringify(prompt), prompt]));
  return [...distinct.values()].slice(0, shownPrompts);
}

export interface PlannedRun {
  readonly job: Job;
  readonly steps: number;
  /** Pairs trained on; of a run on answers of its own, different prompts. */
  readonly pairs: number;
  /** Pairs held out. */
  readonly held: number;
  /**
   * Tokens trained on in all, as `num_tokens` will count them; null while the pairs are not encoded, and of answers
   * that are still to be drawn.
   */
  readonly tokens: number | null;
}

/** A run on answers of its own: how long they will be nobody knows. */
function planOfPrompts(
  job: Job,
  train: readonly PreferencePair[],
  reportOf: ReadonlyMap<unknown, PairReport | undefined>,
) {
  const config = withDefaults(job.config);
  const prompts = distinctPrompts(train).filter((pair) => !fillsLength(reportOf.get(pair), config));
  return { job, steps: countSteps(config, prompts.length), pairs: prompts.length, tokens: null };
}

/** How many different prompts a step answers that a plan has too few for; null where it has enough. */
export function promptsWanted({ job, pairs }: PlannedRun): number | null {
  const config = withDefaults(job.config);
  if (!isOnPolicyMethod(config.method)) return null;
  const wanted = promptsAtOnce(config);
  return pairs < wanted ? wanted : null;
}

/**
 * The runs of a start with their steps. A job that is to have the tokens of another gets as many steps as make them.
 * @param reports of all pairs, in their order; null while they are not encoded
 */
export function planRuns(
  jobs: readonly Job[],
  pairs: readonly ScoredPair[],
  reports: readonly PairReport[] | null,
  own: Split | null,
): readonly PlannedRun[] {
  const counted = reports?.length === pairs.length ? reports : null;
  const reportOf = new Map(pairs.map((pair, index) => [pair, counted?.[index]]));
  const plan = (job: Job): PlannedRun => {
    const { train, evaluation } = partsOf(pairs, job, own);
    if (isOnPolicyMethod(job.method)) return { ...planOfPrompts(job, train, reportOf), held: evaluation.length };
    const usable = train.filter(
      (pair) => examplesIn(pair, job.method) > 0 && !isLeftOut(reportOf.get(pair), job.method),
    );
    const config = withDefaults(job.config);
    const examples = usable.reduce((sum, pair) => sum + examplesIn(pair, job.method), 0);
    const steps = countSteps(config, examples);
    const seen = (steps * usable.length) / Math.max(1, stepsPerEpoch(config, examples));
    return {
      job,
      steps,
      pairs: usable.length,
      held: evaluation.length,
      tokens:
        counted &&
        Math.round(
          seen *
            meanTokens(
              usable.flatMap((pair) => reportOf.get(pair) ?? []),
              job.method,
            ),
        ),
    };
  };
  return jobs.map((job) => {
    const model = jobs.find(({ method }) => method === job.sameTokensAs);
    const [own, other] = [plan(job), model && plan(model)];
    if (!other || own.tokens === null || other.tokens === null) return own;
    const max_steps = Math.max(1, Math.round((own.steps * other.tokens) / Math.max(1, own.tokens)));
    return plan({ ...job, config: { ...job.config, max_steps } });
  });
}
