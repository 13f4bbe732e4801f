/**
 * @file Pairs of several answers to one prompt each, by the scores that a reward gave them: the form that asks for the
 * answers, and the pairs that follow. Answers with the same score are no pair: nothing tells which is better. Pure.
 */
import { splitPairs, type Split } from '../../../data/split';
import { pairings, type MadeAnswers } from '../../../storage/made-answers-record';
import type { JudgedPrompt } from '../../../storage/judging-record';
import type { DatasetRow, RunRecord } from '../../../storage/records';
import type { ModelSummary, SamplingOptions } from '../../../worker/protocol';
import { parseNumber, type NumberProblem } from '../numbers';
import { rewardOfJudge, type Best, type RewardId } from './best-of';
import { choosePrompts, countRule, type PromptObstacle } from './choose-prompts';
import type { KeptJudge } from './kept-judges';
import { rewardProblem, type LoadableModel } from './rewards';
import type { AnsweredPrompt, JudgedSoFar, ScoredAnswer } from './waiting-answers';

export { pairings };
export type PairingKind = (typeof pairings)[number];

/** Pairs that one set of answers may make; more would not be looked at, and fill the page's memory. */
export const mostPairs = 100_000;

export interface PairsForm {
  readonly source: 'typed' | 'dataset';
  /** Prompts as typed, one a line. */
  readonly prompts: string;
  readonly count: string;
  /** The run whose adapter answers; null for the base. */
  readonly runId: string | null;
  readonly answers: Best['count'];
  readonly reward: RewardId;
}

export const initialPairsForm: PairsForm = {
  ...{ source: 'dataset', prompts: '', count: '32', runId: null, answers: 4, reward: 'rules' },
};

export interface PairsSources {
  readonly model: ModelSummary;
  readonly sampling: SamplingOptions | null;
  readonly rows: readonly DatasetRow[];
  readonly split: Split | null;
  /** Whether the rules of the data set are there and all right. */
  readonly hasRules: boolean;
  readonly runs: readonly RunRecord[];
  readonly judges: readonly KeptJudge[];
  /** The kept models: a judge of another one than the open one is loaded when all answers are drawn. */
  readonly stored: readonly LoadableModel[];
}

export type PairsObstacle = 'numbers' | 'sampling' | 'atZero' | 'noRules' | 'noJudge' | PromptObstacle;

export interface PairsPlan {
  readonly prompts: readonly JudgedPrompt[];
  readonly sampling: SamplingOptions;
}

export interface ReadPairsForm {
  readonly plan: PairsPlan | null;
  readonly obstacle: PairsObstacle | null;
  readonly countProblem: NumberProblem | undefined;
}

/** What there is of a plan; nothing where others were answered, another number of times, or for another judge. */
export function plannedOf(
  prompts: PairsPlan['prompts'],
  { answers, reward }: Pick<PairsForm, 'answers' | 'reward'>,
  { answered, waiting }: JudgedSoFar,
): JudgedSoFar {
  const there = [
    ...answered.map(({ prompt, candidates }) => ({ prompt, count: candidates.length })),
    ...(waiting?.drawn ?? []).map(({ prompt, answers: { length: count } }) => ({ prompt, count })),
  ];
  const isPlanned =
    (waiting === null || rewardOfJudge(waiting.judge) === reward) &&
    there.every(({ prompt, count }, at) => count === answers && JSON.stringify(prompt) === JSON.stringify(prompts[at]));
  return isPlanned ? { answered, waiting } : { answered: [], waiting: null };
}

/** Prompts that have their answers, judged or not. */
export const countAnswered = ({ answered, waiting }: JudgedSoFar): number =>
  answered.length + (waiting?.drawn.length ?? 0);

/** The rows whose prompts may be answered: those that are trained on, since the pairs will be too. */
export const trainedRows = (rows: readonly DatasetRow[], split: Split | null): readonly DatasetRow[] =>
  split === null ? rows : splitPairs(rows, split).train;

/** What the form asks for, or what is in the way. */
export function readPairsForm(form: PairsForm, sources: PairsSources): ReadPairsForm {
  const { value, problem } = parseNumber(form.count, countRule);
  const countProblem = form.source === 'typed' ? undefined : (problem ?? undefined);
  const stop = (obstacle: PairsObstacle): ReadPairsForm => ({ plan: null, obstacle, countProblem });
  const { sampling } = sources;
  if (countProblem !== undefined) return stop('numbers');
  if (sampling === null) return stop('sampling');
  if (sampling.temperature === 0) return stop('atZero');
  if (form.reward === 'rules' && !sources.hasRules) return stop('noRules');
  const { model, rows, split } = sources;
  if (rewardProblem(form.reward, sources, form.answers) !== null) return stop('noJudge');
  const choice = { source: form.source, prompts: form.prompts, task: 'sentiment' } as const;
  const from = { model, seed: sampling.seed, rows: trainedRows(rows, split), split: null, manifest: null };
  const chosen = choosePrompts(choice, value ?? 1, from);
  if (typeof chosen === 'string') return stop(chosen);
  return { plan: { prompts: chosen.prompts ?? [], sampling }, obstacle: null, countProblem };
}

/** The answers as they are kept. */
export const keepAnswers = ({ answered, waiting }: JudgedSoFar, kind: PairingKind): MadeAnswers => ({
  kind,
  answered: answered.map(({ prompt, candidates }) => ({
    prompt,
    answers: candidates.map(({ text, reward }) => ({ text, ...(reward !== null && { reward }) })),
  })),
  ...(waiting !== null && {
    waiting: {
      judge: waiting.judge,
      drawn: waiting.drawn.map(({ prompt, answers }) => ({ prompt, answers: [...answers] })),
      preferences: [...waiting.preferences],
    },
  }),
});

/** The answers that were kept. */
export const answersOfKept = ({ answered, waiting }: MadeAnswers): JudgedSoFar => ({
  answered: answered.map(({ prompt, answers }) => ({
    prompt,
    candidates: answers.map(({ text, reward = null }) => ({ text, reward })),
  })),
  waiting: waiting ?? null,
});

export interface MadePairs {
  readonly rows: readonly DatasetRow[];
  /** Pairs that were left out since both answers have the same score. */
  readonly ties: number;
  /** Prompts of which fewer than two answers could be scored. */
  readonly unscored: number;
  /** Pairs beyond those that one set of answers may make. */
  readonly tooMany: number;
}

type Scored = ScoredAnswer & { readonly reward: number };

function pairOf(prompt: JudgedPrompt, better: Scored, worse: Scored): Pick<DatasetRow, 'pair' | 'scores'> {
  const scores = { chosen: better.reward, rejected: worse.reward };
  if (typeof prompt === 'string') return { pair: { prompt, chosen: better.text, rejected: worse.text }, scores };
  const say = (content: string) => [{ role: 'assistant', content }];
  return { pair: { prompt: [...prompt], chosen: say(better.text), rejected: say(worse.text) }, scores };
}

/** Pairs of a prompt's answers, the better first; with equal scores where nothing tells them apart. */
function couplesOf(candidates: readonly ScoredAnswer[], kind: PairingKind): readonly (readonly [Scored, Scored])[] {
  const scored = candidates.filter((candidate): candidate is Scored => candidate.reward !== null);
  const [best, worst] = [scored[0], scored.at(-1)];
  if (scored.length < 2 || best === undefined || worst === undefined) return [];
  if (kind === 'extremes') return [[best, worst]];
  return scored.flatMap((better, at) => scored.slice(at + 1).map((worse) => [better, worse] as const));
}

/** @param file what the rows' file is called, which tells where they came from */
export function pairsOfAnswers(answered: readonly AnsweredPrompt[], kind: PairingKind, file: string): MadePairs {
  const rows: DatasetRow[] = [];
  let [ties, unscored, tooMany] = [0, 0, 0];
  for (const { prompt, candidates } of answered) {
    const couples = couplesOf(candidates, kind);
    if (couples.length === 0) unscored++;
    for (const [better, worse] of couples) {
      if (better.reward === worse.reward) ties++;
      else if (rows.length >= mostPairs) tooMany++;
      else rows.push({ ...pairOf(prompt, better, worse), file, row: rows.length + 1 });
    }
  }
  return { rows, ties, unscored, tooMany };
}
