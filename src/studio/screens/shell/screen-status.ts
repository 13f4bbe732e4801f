/** @file How far each screen has come, in two words for the step rail: pure functions of the stores' states. */
import type { StudioStates } from '../../stores/studio-stores';
import type { Text } from '../../text/text';

export interface ScreenStatus {
  readonly words: string;
  readonly isDone?: boolean;
  readonly isBusy?: boolean;
}

/** Reads from the stores how far one screen has come. */
export type ReadStatus = (states: StudioStates, text: Text) => ScreenStatus;

export const modelStatus: ReadStatus = ({ model: { summary, loading } }, { shell: { status } }) => ({
  words: loading !== null ? status.loading : (summary?.name ?? status.noModel),
  isDone: summary !== null && loading === null,
  isBusy: loading !== null,
});

export const dataStatus: ReadStatus = (
  { dataset: { rows }, labelReview: { judging } },
  { common, shell: { status } },
) => {
  if (judging !== null) return { words: status.judgingLabels, isBusy: true };
  return { words: rows.length === 0 ? status.noPairs : common.pairs(rows.length), isDone: rows.length > 0 };
};

export const judgeStatus: ReadStatus = (
  { judge: { round, comparisons, answering } },
  { common, shell: { status } },
) => {
  if (answering !== null) return { words: status.answering, isBusy: true };
  if (round === null) return { words: status.nothingToJudge };
  const [judged, all] = [round.judgements.length, comparisons.length];
  return { words: common.ofTotal(judged, all), isDone: judged > 0 && judged === all };
};

export const trainStatus: ReadStatus = (
  { training: { active }, model, dataset, library },
  { common, shell: { status } },
) => {
  if (active !== null) {
    const step = active.metrics.at(-1)?.step ?? 0;
    return { words: step > 0 ? common.stepOf(step, active.totalSteps) : status.starting, isBusy: true };
  }
  const [hasModel, hasPairs, runs] = [model.summary !== null, dataset.rows.length > 0, library.runs.length];
  const words =
    runs > 0
      ? common.runs(runs)
      : hasModel && hasPairs
        ? status.ready
        : hasModel
          ? status.needsPairs
          : hasPairs
            ? status.needsModel
            : status.needsModelAndPairs;
  return { words, isDone: runs > 0 };
};

export const compareStatus: ReadStatus = (
  { compare: { generating, answers }, promptSet, makePairs, demonstration, sweep, starter, model },
  { shell: { status } },
) => {
  const isSetAnswered = [promptSet, makePairs, demonstration, sweep].some(({ answering }) => answering !== null);
  if (generating || isSetAnswered || starter.progress?.stage === 'answers')
    return { words: status.answering, isBusy: true };
  if (promptSet.modelJudging !== null) return { words: status.modelJudging, isBusy: true };
  const hasAnswers = Object.keys(answers).length > 0 || starter.result !== null;
  return { words: model.summary === null ? status.needsModel : status.ready, isDone: hasAnswers };
};
