/**
 * @file The kept model of another base that compares what a run draws: which one it is, and its files for as long as
 * they are needed. A run that goes on has the judge that it began with, opened in the same way, or none.
 */
import { UserError } from '../../core/errors';
import type { MemoryNeed } from '../../run/memory-plan';
import type { ModelStore as StoredModels } from '../../storage/models/model-store';
import type { StoredModel } from '../../storage/models/stored-model';
import type { JudgeModel, ModelSummary } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import type { Run } from '../plain/runs/run';
import { rewardModelOf } from '../plain/runs/reward-model-of';
import type { Job } from '../plain/train/options';
import type { LibraryStore } from './library';

export type RunJudge = NonNullable<Run['judge']>;

/** A judge as a run keeps it, and as the engine loads it. */
export interface OpenedJudge {
  readonly record: RunJudge;
  readonly model: JudgeModel;
}

/** A kept model with its files, lent for as long as they are needed. */
interface JudgeFiles {
  readonly stored: StoredModel;
  readonly files: JudgeModel['files'];
}

export interface JudgeDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly storedModels: Pick<StoredModels, 'list' | 'open'>;
}

interface JudgedRun {
  readonly config: Job['config'];
  /** The model that is trained. */
  readonly model: Pick<ModelSummary, 'fingerprint'> | null;
  /** The judge that the run began with; absent where it is to begin. */
  readonly begun?: RunJudge | undefined;
}

async function findJudge(
  fingerprint: string,
  begun: RunJudge | undefined,
  { storedModels }: Pick<JudgeDependencies, 'storedModels'>,
): Promise<StoredModel> {
  const { models } = await storedModels.list();
  const found = models.find((each) => (begun ? each.sha256 === begun.sha256 : each.fingerprint === fingerprint));
  if (found !== undefined) return found;
  throw begun ? new UserError('runJudgeGone', { judge: begun.name }) : new UserError('judgeRewardGone');
}

/**
 * Lends the files of the model that a run's settings name as judge, where it is another one than the run's.
 * @throws UserError, before any work, where it is not kept, or not as it was
 */
export async function withJudgeFiles<T>(
  { config: { reward }, model, begun }: JudgedRun,
  dependencies: Pick<JudgeDependencies, 'storedModels'>,
  work: (judge: JudgeFiles | null) => Promise<T>,
): Promise<T> {
  if (!reward || !('judge' in reward) || model === null || reward.judge === model.fingerprint) return work(null);
  const { id } = await findJudge(reward.judge, begun, dependencies);
  const { model: stored, files, release } = await dependencies.storedModels.open(id);
  try {
    return await work({ stored, files });
  } finally {
    await release();
  }
}

/**
 * Asks the engine what a run needs of memory, and whether its settings hold at all.
 * @param judge the model that compares, where it is of another base
 * @throws UserError for settings that cannot be trained with
 */
export function askNeed(
  config: Job['config'],
  judge: JudgeFiles | null,
  { engine, library }: Pick<JudgeDependencies, 'engine' | 'library'>,
): Promise<MemoryNeed | null> {
  const adapter = rewardModelOf(config);
  const judgeBytes = library.getState().runs.find(({ id }) => id === adapter)?.adapterBytes ?? 0;
  const judgeModel = judge && { name: judge.stored.name, files: judge.files };
  return engine.call('checkConfig', { config, judgeBytes, ...(judgeModel && { judgeModel }) });
}

/**
 * Lends a run its judge of another base while it trains. At a run's beginning the engine says at which precision there
 * is room for it.
 * @throws as `withJudgeFiles`
 */
export async function withRunJudge<T>(
  run: JudgedRun,
  dependencies: JudgeDependencies,
  work: (judge: OpenedJudge | null) => Promise<T>,
): Promise<T> {
  const { config, begun } = run;
  async function settle(judge: JudgeFiles): Promise<RunJudge> {
    const { name, sha256, chatTemplate } = judge.stored;
    const precision = (await askNeed(config, judge, dependencies))?.judgePrecision;
    if (precision === undefined) throw new Error('No model is open that the judge could be held beside.');
    return { name, sha256, precision, ...(chatTemplate !== undefined && { chatTemplate }) };
  }
  return withJudgeFiles(run, dependencies, async (judge) => {
    if (judge === null) return work(null);
    const record = begun ?? (await settle(judge));
    const { name, precision, chatTemplate } = record;
    const model = { name, precision, files: judge.files, ...(chatTemplate !== undefined && { chatTemplate }) };
    return work({ record, model });
  });
}
