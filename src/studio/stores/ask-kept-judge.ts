/**
 * @file A kept judge is asked about answers that are drawn already. Where its model is not the open one it is loaded in
 * the place of that, which is loaded again however the judging ends.
 */
import { UserError } from '../../core/errors';
import type { PairToJudge } from '../../evaluation/judge';
import type { Engine, EngineSignal } from '../browser/engine-client';
import type { RewardId } from '../plain/compare/best-of';
import type { KeptJudge } from '../plain/compare/kept-judges';
import { judgeOf, modelToLoad, rewardProblem, type RewardSources } from '../plain/compare/rewards';
import type { JudgesStore } from './judges';
import type { LibraryStore } from './library';
import { openInstead, type OpenModels } from './open-instead';
import { adapterOf } from './variants';

export interface KeptJudgeDependencies extends OpenModels {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly judges: JudgesStore;
}

/** The judges and reward models that there are, for answers that may be judged when all are drawn. */
export const judgeSources = ({
  library,
  judges,
  modelShelf,
}: Pick<KeptJudgeDependencies, 'library' | 'judges' | 'modelShelf'>) => ({
  runs: library.getState().runs,
  judges: judges.getState().judges,
  stored: modelShelf.getState().stored,
});

interface ToAsk {
  /** The judge as a reward. */
  readonly reward: RewardId;
  /** How many answers there are to each prompt. */
  readonly answers: number;
  /** What it is to be asked; read when it is loaded. */
  readonly portions: () => Iterable<readonly PairToJudge[]>;
  /** Is told that it is to be loaded, or asked at once. */
  readonly onBegin?: () => void;
  /** Takes what it says of one pair after the other: how probably the first answer is the better one. */
  readonly onPreference: (preference: number | null) => void;
}

/**
 * @throws UserError where it cannot judge, its adapter is gone, or its model was not loaded; AbortError when it is
 *   stopped. What was told before stands.
 */
export async function askKeptJudge(
  { reward, answers, portions, onBegin, onPreference }: ToAsk,
  dependencies: KeptJudgeDependencies,
  signal: EngineSignal,
): Promise<void> {
  const { engine, library, model } = dependencies;
  const sources: RewardSources = { ...judgeSources(dependencies), model: model.getState().summary };
  const problem = rewardProblem(reward, sources, answers);
  if (problem !== null) throw new UserError(problem);
  const judge = judgeOf(reward, sources.judges) as KeptJudge;
  onBegin?.();
  const policy = { adapter: await adapterOf(judge.runId === null ? null : { id: judge.runId }, library) };
  const stored = modelToLoad(judge, sources);
  const loadBefore = stored === null ? null : await openInstead(stored, dependencies, signal);
  try {
    for (const pairs of portions())
      await engine.call(
        'judgePairs',
        { policy, asked: judge.asked, pairs },
        {
          signal,
          onProgress: (event) => event.kind === 'verdict' && onPreference(event.verdict?.preference ?? null),
        },
      );
  } finally {
    await loadBefore?.();
  }
}
