/**
 * @file A model as judge of a prompt set: which models can be asked, what the form asks of one, how far its verdicts
 * agree with the analyst's blind ones, and what is still missing. Pure; the measures are in evaluation/judge.ts.
 */
import type { JudgeQuestion } from '../../../../data/judge-question';
import {
  agreementOf,
  fewestJudgements,
  habitsOf,
  type Choice,
  type JudgeAgreement,
  type JudgeHabits,
} from '../../../../evaluation/judge';
import type { Verdict } from '../../../../storage/judging-record';
import type { StoredModel } from '../../../../storage/models/stored-model';
import type { PromptSet, PromptSetModelJudge } from '../../../../storage/prompt-set-record';
import type { ModelSummary } from '../../../../worker/protocol';
import { parseNumber, type NumberProblem, type NumberRule } from '../../numbers';
import { answeringRuns } from '../../runs/answering-runs';
import type { Run } from '../../runs/run';
import type { PromptSetForm } from './prompt-set-form';

/** Per cent. */
export const boundRule: NumberRule = { min: 0, max: 100 };

/** A model that can be asked: the open one, an adapter of it, or a kept one that is loaded for the judging. */
export type JudgeCandidate =
  | { readonly id: string; readonly kind: 'open' }
  | { readonly id: string; readonly kind: 'run'; readonly run: Pick<Run, 'id' | 'name'> }
  | { readonly id: string; readonly kind: 'stored'; readonly stored: StoredModel };

export interface JudgeSources {
  readonly model: ModelSummary | null;
  readonly runs: readonly Run[];
  readonly stored: readonly StoredModel[];
  /** Id of the kept model that is open; null where none of them is. */
  readonly openId: string | null;
}

export function judgeCandidates({ model, runs, stored, openId }: JudgeSources): readonly JudgeCandidate[] {
  const own: readonly JudgeCandidate[] =
    model === null
      ? []
      : [
          { id: 'open', kind: 'open' },
          ...answeringRuns(runs, model.fingerprint).map((run): JudgeCandidate => ({
            id: `run ${run.id}`,
            kind: 'run',
            run,
          })),
        ];
  const isOpen = ({ id, fingerprint }: StoredModel) =>
    id === openId || (fingerprint !== undefined && fingerprint === model?.fingerprint);
  return [
    ...own,
    ...stored
      .filter((kept) => !isOpen(kept))
      .map((kept): JudgeCandidate => ({ id: `model ${kept.id}`, kind: 'stored', stored: kept })),
  ];
}

export type JudgeObstacle = 'noModel' | 'noRubric' | 'bound';

export interface JudgePlan {
  readonly who: JudgeCandidate;
  readonly asked: JudgeQuestion;
  /** A share. */
  readonly bound: number;
}

export interface ReadJudgeForm {
  /** Null while something is in the way. */
  readonly plan: JudgePlan | null;
  readonly obstacle: JudgeObstacle | null;
  readonly boundProblem: NumberProblem | null;
}

/** The candidate that the form names, or the first one where that is gone. */
export const chosenCandidate = (
  { judgeWho }: Pick<PromptSetForm, 'judgeWho'>,
  candidates: readonly JudgeCandidate[],
): JudgeCandidate | null => candidates.find(({ id }) => id === judgeWho) ?? candidates[0] ?? null;

export function readJudgeForm(form: PromptSetForm, candidates: readonly JudgeCandidate[]): ReadJudgeForm {
  const who = chosenCandidate(form, candidates);
  const bound = parseNumber(form.judgeBound, boundRule);
  const rubric = form.judgeRubric.trim();
  const stop = (obstacle: JudgeObstacle): ReadJudgeForm => ({ plan: null, obstacle, boundProblem: bound.problem });
  if (who === null) return stop('noModel');
  if (bound.value === null) return stop('bound');
  if (form.judgeQuestion === 'rubric' && rubric === '') return stop('noRubric');
  const asked = form.judgeQuestion === 'rubric' ? { rubric } : form.judgeQuestion;
  return { plan: { who, asked, bound: bound.value / 100 }, obstacle: null, boundProblem: null };
}

/** Two bad answers count as a tie, as they do in win rates. */
export const choiceOf = (verdict: Verdict): Choice => (verdict === 'bad' ? 'tie' : verdict);

/** How far the model agrees with the analyst on the comparisons that both have judged. */
export function agreementWithAnalyst(
  { judgements }: Pick<PromptSet, 'judgements'>,
  { verdicts, bound }: Pick<PromptSetModelJudge, 'verdicts' | 'bound'>,
): JudgeAgreement {
  const both = verdicts.flatMap((verdict, n): (readonly [Choice, Choice])[] => {
    const judgement = judgements[n];
    return judgement === undefined || verdict === null ? [] : [[choiceOf(judgement.verdict), verdict.choice]];
  });
  return agreementOf(both, bound);
}

/** Whether the model's verdicts count: they agree with the analyst's at least as often as asked. */
export const isAccepted = ({ judgements, modelJudge }: Pick<PromptSet, 'judgements' | 'modelJudge'>): boolean =>
  modelJudge !== null && agreementWithAnalyst({ judgements }, modelJudge).standing === 'accepted';

/** What its verdicts say of the judge; null before the first. */
export function judgeHabits({ verdicts }: Pick<PromptSetModelJudge, 'verdicts'>): JudgeHabits | null {
  const given = verdicts.flatMap((verdict) => verdict ?? []);
  return given.length === 0 ? null : habitsOf(given);
}

/** How many comparisons were too long for the judge. */
export const countTooLong = ({ verdicts }: Pick<PromptSetModelJudge, 'verdicts'>): number =>
  verdicts.filter((verdict) => verdict === null).length;

/** What keeps the agreement from being known. */
export type MissingJudgements =
  /** The set has too few comparisons, whatever is judged. */
  | { readonly kind: 'comparisons'; readonly there: number }
  /** The analyst has judged too few. */
  | { readonly kind: 'judgements'; readonly there: number; readonly toGo: number }
  /** The model has. */
  | { readonly kind: 'verdicts' };

/** Names the first thing that is missing for 20 common judgements; null where they are there. */
export function missingJudgements(
  { judgements, modelJudge }: Pick<PromptSet, 'judgements' | 'modelJudge'>,
  comparisons: number,
): MissingJudgements | null {
  const verdicts = modelJudge?.verdicts ?? [];
  const usable = comparisons - countTooLong({ verdicts });
  if (usable < fewestJudgements) return { kind: 'comparisons', there: usable };
  const there = judgements.length - countTooLong({ verdicts: verdicts.slice(0, judgements.length) });
  if (there < fewestJudgements) return { kind: 'judgements', there, toGo: fewestJudgements - there };
  return verdicts.length - countTooLong({ verdicts }) < fewestJudgements ? { kind: 'verdicts' } : null;
}

/** Whether a model judges answers that it wrote itself, which models tend to like. */
export const judgesItself = (
  { fingerprint, columns }: Pick<PromptSet, 'fingerprint' | 'columns'>,
  judge: Pick<PromptSetModelJudge, 'fingerprint' | 'runId'>,
): boolean => judge.fingerprint === fingerprint && columns.some(({ runId }) => runId === judge.runId);
