/** @file Which run's reward model judges the answers that another run draws. */
import type { RunRecord } from '../../../storage/records';

/** Its id; null where no reward model judges. */
export function rewardModelOf({ reward }: RunRecord['config']): string | null {
  return reward && 'model' in reward ? reward.model : null;
}

/** The run as people read it: the reward model by the name of its run. @param gone what a deleted run is called */
export function withRewardName<T extends Pick<RunRecord, 'config'>>(
  run: T,
  runs: readonly RunRecord[],
  gone: string,
): T {
  const judge = rewardModelOf(run.config);
  if (judge === null) return run;
  const model = runs.find(({ id }) => id === judge)?.name ?? gone;
  return { ...run, config: { ...run.config, reward: { model } } };
}
