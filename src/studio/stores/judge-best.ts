/** @file Judges compare the answers of columns that wait for them, each loaded once for all of its columns. */
import type { EngineSignal } from '../browser/engine-client';
import type { AnswerSheet, Asked } from '../plain/compare/answers';
import type { RewardId } from '../plain/compare/best-of';
import {
  atRest,
  drawnOf,
  isUnjudged,
  waitingColumns,
  withPreferences,
  type UnjudgedAnswer,
} from '../plain/compare/judged-best';
import { comparisonOf, portionsToAsk } from '../plain/compare/waiting-answers';
import { askKeptJudge, type KeptJudgeDependencies } from './ask-kept-judge';
import { progressFrom } from './round';

interface Judging {
  readonly asked: Asked;
  readonly dependencies: KeptJudgeDependencies;
  readonly sheet: AnswerSheet;
  readonly signal: EngineSignal;
}

/** Has one judge compare the answers of some columns; what it has said of them stays, however that ends. */
async function judgeBy(reward: RewardId, ids: readonly string[], judging: Judging): Promise<void> {
  const { asked, dependencies, sheet, signal } = judging;
  const waiting = () =>
    ids.flatMap((id) => {
      const answer = sheet.read(id);
      return isUnjudged(answer) ? [{ id, answer }] : [];
    });
  const left = (answer: UnjudgedAnswer): number =>
    comparisonOf(drawnOf(asked, answer)).pairs.length - answer.best.preferences.length;
  const write = (
    id: string,
    answer: UnjudgedAnswer,
    preferences: readonly (number | null)[],
    secondsLeft: number | null,
  ) => {
    const judged = withPreferences(asked, answer, preferences);
    sheet.write(id, isUnjudged(judged) ? { ...judged, finish: null, best: { ...judged.best, secondsLeft } } : judged);
  };
  // Answers that are all equal need nobody.
  for (const { id, answer } of waiting()) write(id, answer, answer.best.preferences, null);
  const open = waiting();
  if (open.length === 0) return;
  const total = open.reduce((sum, { answer }) => sum + left(answer), 0);
  let done = 0;
  let progress = progressFrom(0, total, Date.now);
  const toAsk = {
    reward,
    answers: Math.max(...open.map(({ answer }) => answer.best.candidates.length)),
    portions() {
      progress = progressFrom(0, total, Date.now);
      return portionsToAsk(
        open.map(({ answer }) => ({ ...drawnOf(asked, answer), made: answer.best.preferences.length })),
      );
    },
    onPreference(preference: number | null) {
      const [first] = waiting();
      if (first === undefined) return;
      const { id, answer } = first;
      const { secondsLeft } = progress(++done);
      const own = secondsLeft && (secondsLeft * (left(answer) - 1)) / (total - done);
      write(id, answer, [...answer.best.preferences, preference], own);
    },
  };
  try {
    await askKeptJudge(toAsk, dependencies, signal);
  } finally {
    for (const { id, answer } of waiting()) sheet.write(id, atRest(answer));
  }
}

/**
 * Has the judges that columns wait for compare what is drawn.
 * @throws as `askKeptJudge`
 */
export async function judgeDrawn(ids: readonly string[], judging: Judging): Promise<void> {
  const answers = ids.flatMap((id) => {
    const answer = judging.sheet.read(id);
    return answer === undefined ? [] : [[id, answer] as const];
  });
  for (const [reward, columns] of waitingColumns(Object.fromEntries(answers))) await judgeBy(reward, columns, judging);
}
