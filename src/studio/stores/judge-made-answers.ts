/**
 * @file A judge compares the answers that wait for it, prompt by prompt. Where its model is not the open one it is
 * loaded in the place of that, which is loaded again however the judging ends. Each preference is kept as it comes.
 */
import type { StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import { rewardOfJudge } from '../plain/compare/best-of';
import type { KeptJudge } from '../plain/compare/kept-judges';
import { judgeOf, modelToLoad, rewardProblem, type RewardSources } from '../plain/compare/rewards';
import { comparisonsOf, pairsToAsk, settle, type JudgedSoFar } from '../plain/compare/waiting-answers';
import type { Engine, EngineSignal } from '../browser/engine-client';
import type { Policy } from '../../worker/protocol';
import type { JudgesStore } from './judges';
import type { LibraryStore } from './library';
import { openInstead, type OpenModels } from './open-instead';
import { progressFrom, type AnswerProgress } from './round';
import { adapterOf } from './variants';

/** The store of the answers, as far as a judge of them needs. */
type JudgedStore = StoreApi<
  Pick<JudgedSoFar, 'waiting'> & {
    readonly answered: JudgedSoFar['answered'] | null;
    readonly answering: AnswerProgress | null;
    readonly isJudging: boolean;
  }
>;

interface JudgeMadeAnswersDependencies extends OpenModels {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly judges: JudgesStore;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** The judges and reward models that there are, for answers that may be judged when all are drawn. */
export const judgeSources = ({
  library,
  judges,
  modelShelf,
}: Pick<JudgeMadeAnswersDependencies, 'library' | 'judges' | 'modelShelf'>) => ({
  runs: library.getState().runs,
  judges: judges.getState().judges,
  stored: modelShelf.getState().stored,
});

/** Asks the model that is open. */
async function compareRest(
  { getState: get, setState: set }: JudgedStore,
  { engine, now = Date.now }: JudgeMadeAnswersDependencies,
  { asked, policy }: { readonly asked: KeptJudge['asked']; readonly policy: Policy },
  signal: EngineSignal,
): Promise<void> {
  const { waiting: begun } = get();
  if (begun === null) return;
  let done = begun.preferences.length;
  const progress = progressFrom(done, comparisonsOf(begun), now);
  for (const pairs of pairsToAsk(begun)) {
    await engine.call(
      'judgePairs',
      { policy, asked, pairs },
      {
        signal,
        onProgress(event) {
          const { answered, waiting } = get();
          if (event.kind !== 'verdict' || waiting === null) return;
          const preferences = [...waiting.preferences, event.verdict.preference];
          set({
            ...settle({ answered: answered ?? [], waiting: { ...waiting, preferences } }),
            answering: progress(++done),
          });
        },
      },
    );
  }
}

/**
 * Has the judge compare all answers that wait for it.
 * @throws UserError where it cannot judge, its adapter is gone, or its model was not loaded; AbortError when it is
 *   stopped. What was judged before is kept.
 */
export async function judgeWaiting(
  store: JudgedStore,
  dependencies: JudgeMadeAnswersDependencies,
  signal: EngineSignal,
): Promise<void> {
  const { getState: get, setState: set } = store;
  const { library, model } = dependencies;
  // Answers that are all equal need nobody.
  const { answered, waiting } = settle({ answered: get().answered ?? [], waiting: get().waiting });
  set({ answered, waiting });
  if (waiting === null) return;
  const sources: RewardSources = { ...judgeSources(dependencies), model: model.getState().summary };
  const problem = rewardProblem(rewardOfJudge(waiting.judge), sources, waiting.drawn[0]?.answers.length);
  if (problem !== null) throw new UserError(problem);
  const judge = judgeOf(rewardOfJudge(waiting.judge), sources.judges) as KeptJudge;
  const answering = { done: waiting.preferences.length, total: comparisonsOf(waiting), secondsLeft: null };
  set({ answering, isJudging: true });
  const policy = { adapter: await adapterOf(judge.runId === null ? null : { id: judge.runId }, library) };
  const stored = modelToLoad(judge, sources);
  const loadBefore = stored === null ? null : await openInstead(stored, dependencies, signal);
  try {
    await compareRest(store, dependencies, { asked: judge.asked, policy }, signal);
  } finally {
    await loadBefore?.();
  }
}
