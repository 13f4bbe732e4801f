/** @file Which run's adapter judges the answers that another run draws. */
import type { RunRecord } from '../../../storage/records';

/** Its id: a reward model's, or that of an adapter that compares; null where none judges, or the model itself. */
export function rewardModelOf({ reward }: RunRecord['config']): string | null {
  if (!reward) return null;
  return 'model' in reward ? reward.model : 'judge' in reward ? (reward.adapter ?? null) : null;
}

/** The run as people read it: what judges by the names of runs and models. @param gone what a deleted run is called */
export function withRewardName<T extends Pick<RunRecord, 'config' | 'modelName' | 'judge'>>(
  run: T,
  runs: readonly RunRecord[],
  gone: string,
): T {
  const { reward } = run.config;
  const judge = rewardModelOf(run.config);
  const name = judge === null ? null : (runs.find(({ id }) => id === judge)?.name ?? gone);
  if (!reward || !('model' in reward || 'judge' in reward)) return run;
  const named =
    'model' in reward
      ? { model: name ?? gone }
      : { ...reward, judge: run.judge?.name ?? run.modelName, ...(name !== null && { adapter: name }) };
  return { ...run, config: { ...run.config, reward: named } };
}
