/**
 * @file A judge compares the answers that wait for it, prompt by prompt (ask-kept-judge.ts). Each preference is kept as
 * it comes.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { EngineSignal } from '../browser/engine-client';
import { rewardOfJudge } from '../plain/compare/best-of';
import { comparisonsOf, pairsToAsk, settle, type JudgedSoFar } from '../plain/compare/waiting-answers';
import { askKeptJudge, type KeptJudgeDependencies } from './ask-kept-judge';
import { progressFrom, type AnswerProgress } from './round';

/** The store of the answers, as far as a judge of them needs. */
type JudgedStore = StoreApi<
  Pick<JudgedSoFar, 'waiting'> & {
    readonly answered: JudgedSoFar['answered'] | null;
    readonly answering: AnswerProgress | null;
    readonly isJudging: boolean;
  }
>;

interface JudgeMadeAnswersDependencies extends KeptJudgeDependencies {
  /** Milliseconds. */
  readonly now?: () => number;
}

/**
 * Has the judge compare all answers that wait for it.
 * @throws as `askKeptJudge`
 */
export async function judgeWaiting(
  { getState: get, setState: set }: JudgedStore,
  dependencies: JudgeMadeAnswersDependencies,
  signal: EngineSignal,
): Promise<void> {
  // Answers that are all equal need nobody.
  const { answered, waiting } = settle({ answered: get().answered ?? [], waiting: get().waiting });
  set({ answered, waiting });
  if (waiting === null) return;
  let done = waiting.preferences.length;
  const total = comparisonsOf(waiting);
  let progress = (at: number): AnswerProgress => ({ done: at, total, secondsLeft: null });
  const toAsk = {
    reward: rewardOfJudge(waiting.judge),
    answers: waiting.drawn[0]?.answers.length ?? 0,
    onBegin: () => set({ answering: progress(done), isJudging: true }),
    portions() {
      progress = progressFrom(done, total, dependencies.now ?? Date.now);
      return pairsToAsk(waiting);
    },
    onPreference(preference: number | null) {
      const { answered: judged, waiting: rest } = get();
      if (rest === null) return;
      const preferences = [...rest.preferences, preference];
      set({
        ...settle({ answered: judged ?? [], waiting: { ...rest, preferences } }),
        answering: progress(++done),
      });
    },
  };
  await askKeptJudge(toAsk, dependencies, signal);
}
