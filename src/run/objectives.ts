/**
 * @file The options of objectives, by TRL's names and with TRL's meanings and defaults where TRL has them.
 */
import { defaultsOf, flagKey, numberKey, optionalNumberKey, type ValuesOf } from './key';

export const objectiveOptions = {
  /**
   * Strength of the pull towards the reference. In `ipo` the paper's tau, in `orpo` its lambda. Losses of mean
   * log-probs want more: about 2 in `simpo`, 2 to 5 in `sigmoid_norm`.
   */
  beta: numberKey(0.1, { min: 0, above: true, typed: { max: 100 }, usual: ['0.05', '0.5'] }),
  /**
   * The share of pairs believed to be labelled the wrong way round: `robust`, `simpo`, `exo_pair` (above 0, its paper
   * recommends 0.001) and `sigmoid`, where it means conservative DPO; TRL 1.13 ignores it there.
   */
  label_smoothing: numberKey(0, { min: 0, max: 0.5, below: true, typed: { max: 0.49 }, usual: ['0', '0.2'] }),
  /** LD-DPO: weight of log-probs beyond the shorter completion's length. */
  ld_alpha: optionalNumberKey({ min: 0, max: 1, usual: ['0.4', '1'], nullIs: 1 }),
  /** Takes the reference's log-probs as 0, as the DPO authors' code does (TRL dropped it); no reference is run. */
  reference_free: flagKey(false),
  /** `discopop`: temperature of the change from the logistic to the exponential loss. */
  discopop_tau: numberKey(0.05, { min: 0, above: true, typed: { max: 10 }, usual: ['0.01', '0.1'] }),
  /** `simpo`: the reward margin to reach. */
  simpo_gamma: numberKey(0.5, { min: 0, typed: { max: 100 }, usual: ['0.5', '1.5'] }),
  /** `unlikelihood`: weight of the rejected completions. (TRL's key of this name is AlphaPO's.) */
  alpha: optionalNumberKey({ min: 0, max: 1, usual: ['0', '1'], nullIs: 1 }),
};

export type ObjectiveOptions = ValuesOf<typeof objectiveOptions>;

export const defaultObjectiveOptions: ObjectiveOptions = defaultsOf(objectiveOptions);
