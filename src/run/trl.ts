/**
 * @file A run as the command line of TRL 1.13 repeats it (`trl dpo`, `trl sft`, `trl kto`): which rows in which order,
 * and what it cannot run, which is refused by name and never replaced by something near.
 */
import { UserError } from '../core/errors';
import { Random } from '../core/random';
import type { PreferencePair } from '../data/preference-pair';
import { message } from '../messages/message';
import { chooseObjective } from './choose-objective';
import type { Method, RunConfig } from './config';
import type { StepMetrics } from './metrics';
import { countSteps, stepsPerEpoch } from './steps';

/**
 * A run as it was given and what came of it.
 * @typeParam Adapter how adapters are given: read, or as files
 */
export interface RunToRepeat<Adapter> {
  readonly config: RunConfig;
  /** The data set that it was given, in its order. */
  readonly pairs: readonly PreferencePair[];
  readonly metrics: readonly StepMetrics[];
  readonly initAdapter: Adapter | null;
  /** Null: the start as it was. */
  readonly refAdapter: Adapter | 'base' | null;
}

/** The loss types of TRL's DPOTrainer that Airlock has. */
const trlLosses = [
  ...['sigmoid', 'robust', 'ipo', 'hinge', 'sigmoid_norm', 'apo_zero', 'apo_down', 'nca_pair', 'bco_pair', 'exo_pair'],
  ...['discopop', 'sppo_hard', 'aot', 'aot_unpaired', 'sft'],
];

/** Losses that TRL has in a trainer of their own only, which its command line does not start. */
const ownTrainers: Readonly<Record<string, string>> = { simpo: 'CPOTrainer', orpo: 'ORPOTrainer' };

/** The methods that TRL's command line trains as Airlock does. */
export const trlMethods: readonly Method[] = ['dpo', 'sft', 'kto'];

/** Whether the answers of a micro-batch are set against each other to estimate how far the policy has moved. */
export const estimatesDivergence = (config: RunConfig): boolean =>
  chooseObjective(config).objective.readsDivergence === true;

function refuseLoss(name: string): void {
  if (trlLosses.includes(name)) return;
  const trainer = ownTrainers[name];
  throw new UserError(
    trainer === undefined ? message('trlNoLoss', { name }) : message('trlOtherTrainer', { name, trainer }),
  );
}

/**
 * Refuses a run that `trl dpo`, `trl sft` and `trl kto` cannot repeat.
 * @throws UserError that names the setting
 */
export function requireTrl(config: RunConfig): void {
  const { method, loss_type, label_smoothing, soft_labels, reference_free, lora_alpha } = config;
  if (!trlMethods.includes(method)) throw new UserError('trlNoMethod', { method });
  if (!Number.isInteger(lora_alpha)) throw new UserError('trlWholeAlpha', { alpha: lora_alpha });
  if (method === 'kto' && estimatesDivergence(config) && config.per_device_train_batch_size < 2)
    throw new UserError('trlKtoBatch');
  if (method !== 'dpo') return;
  loss_type.forEach(refuseLoss);
  if (label_smoothing !== 0 && loss_type.includes('sigmoid'))
    throw new UserError('trlNoSoftLabels', { value: label_smoothing });
  if (soft_labels) throw new UserError('trlNoScoreLabels');
  if (reference_free) throw new UserError('trlNeedsReference');
}

export interface TrainingOrder {
  /** Indices of the data set, in the order in which TRL takes them one after the other. */
  readonly rows: readonly number[];
  /** How many steps see exactly the rows that they saw here; all but for passes that are shuffled anew each. */
  readonly exactSteps: number;
  /** `max_steps` of TRL, where the rows are those of several passes; null leaves the run's own settings. */
  readonly maxSteps: number | null;
}

/** Rows of a file that holds several passes: beyond it the file grows more than it tells. */
const mostRows = 500_000;

/**
 * Lays out the rows of a run for a reader that takes them in order. Passes that are shuffled anew follow each other
 * where every one is a whole number of steps; otherwise there is the first alone, which TRL then repeats.
 * @param pairs how many the run trained on
 */
export function trainingOrder(config: RunConfig, pairs: number): TrainingOrder {
  const asTheyLie = Array.from({ length: pairs }, (_, i) => i);
  const total = countSteps(config, pairs);
  if (!config.shuffle) return { rows: asTheyLie, exactSteps: total, maxSteps: null };
  const pass = (epoch: number): readonly number[] => new Random(config.seed + epoch).shuffled(asTheyLie);
  const perPass = stepsPerEpoch(config, pairs);
  const passes = Math.ceil(total / perPass);
  if (passes <= 1) return { rows: pass(0), exactSteps: total, maxSteps: null };
  const isWhole = pairs % (config.per_device_train_batch_size * config.gradient_accumulation_steps) === 0;
  if (!isWhole || passes * pairs > mostRows) return { rows: pass(0), exactSteps: perPass, maxSteps: null };
  return {
    rows: Array.from({ length: passes }, (_, epoch) => pass(epoch)).flat(),
    exactSteps: total,
    maxSteps: total,
  };
}
