/** @file Which column's policy scores the tokens, and whether its log-ratios are rewards. */
import type { Run } from '../runs/run';
import { isLossName, losses } from '../train/losses';

/** beta where the run's loss reads log-ratios to a reference, which times beta are its rewards. */
export function rewardBetaOf({ method, config }: Pick<Run, 'method' | 'config'>): number | null {
  const loss = config.loss_type?.[0] ?? 'sigmoid';
  return method === 'dpo' && isLossName(loss) && losses[loss].usesReference ? (config.beta ?? 0.1) : null;
}

/** The column's own if it can be, else the first that can. */
export function preferredColumn(wanted: string | null, able: readonly string[]): string | null {
  return wanted !== null && able.includes(wanted) ? wanted : (able[0] ?? null);
}

/** Those whose log-ratio is a reward come first. */
export function policyOrder<T extends { readonly run: Run }>(policies: readonly T[]): readonly T[] {
  const isReward = ({ run }: T) => rewardBetaOf(run) !== null;
  return [...policies.filter(isReward), ...policies.filter((policy) => !isReward(policy))];
}
