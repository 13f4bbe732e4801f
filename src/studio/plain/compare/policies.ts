/** @file Which column's policy scores the tokens, and whether its log-ratios are rewards. */
import { termsOf } from '../../../run/choose-objective';
import { trainedConfigOf, type Run } from '../runs/run';

type KnownSettings = Pick<Run, 'method' | 'config'>;

/** What is known of a run's settings: all of one that was trained here, what it brought along of an imported one. */
export function knownSettingsOf(run: Pick<Run, 'method' | 'config' | 'imported'>): KnownSettings {
  return { method: run.method, config: trainedConfigOf(run) ?? run.config };
}

/** Whether the settings tell what the adapter was trained by. */
export const isLossKnown = ({ config: { loss_type, beta } }: KnownSettings): boolean =>
  loss_type !== undefined && beta !== undefined;

/** beta where the run's rewards are beta times its log-ratios; null where they are not, or where nobody knows. */
export function rewardBetaOf({ method, config }: KnownSettings): number | null {
  const { loss_type, beta, reference_free = false } = config;
  if (loss_type === undefined || beta === undefined || reference_free) return null;
  const [source] = termsOf({ method, loss_type }).flatMap(({ rewards }) => rewards ?? []);
  return source === 'log-ratio' ? beta : null;
}

/** Keeps to the column that is wanted if it is able, else takes the first that is; null where none is. */
export function preferredColumn(wanted: string | null, able: readonly string[]): string | null {
  return wanted !== null && able.includes(wanted) ? wanted : (able[0] ?? null);
}

/** Sorts policies so that those whose log-ratio is a reward come first. */
export function policyOrder<T extends { readonly run: Run }>(policies: readonly T[]): readonly T[] {
  const isReward = ({ run }: T) => rewardBetaOf(knownSettingsOf(run)) !== null;
  return [...policies.filter(isReward), ...policies.filter((policy) => !isReward(policy))];
}
