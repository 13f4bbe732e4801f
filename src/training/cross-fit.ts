/**
 * @file The reward margin of every pair, by a run that has not seen its prompt: one run is trained on each half of the
 * prompts, and judges the other half, by a DPO run's implicit reward or by a reward model's score.
 * evaluation/label-doctor.ts reads wrong labels from the margins.
 */
import { UserError } from '../core/errors';
import { splitPairs } from '../data/split';
import type { PreferencePair, ScoredPair } from '../data/preference-pair';
import { uploadAdapter, uploadRewardModel } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { directoryOf } from '../formats/checkpoint';
import { readPeftAdapter, type LoraAdapter } from '../formats/peft';
import { chooseObjective } from '../run/choose-objective';
import type { RunConfig } from '../run/config';
import { pairLogps } from './pair-logps';
import { scorePairs } from './reward-scores';
import { runTraining, type RunEvent, type RunRequest } from './run-training';

/** The smallest half that says anything. */
const fewestPairs = 8;

export type CrossFitEvent =
  | { readonly kind: 'training'; readonly half: 1 | 2; readonly event: RunEvent }
  | { readonly kind: 'judging'; readonly half: 1 | 2; readonly share: number };

export interface CrossFitRequest {
  /** Of method `reward`, or one whose rewards are log-ratios to the reference, which is the start of the run. */
  readonly config: RunConfig;
  readonly pairs: readonly ScoredPair[];
  readonly initAdapter?: LoraAdapter | null;
  /** As a run's: refuses what cannot fit, before anything is computed. */
  readonly checkLongest?: RunRequest['checkLongest'];
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: CrossFitEvent) => void;
}

/** Who judges pairs: what was trained on the other half, or a DPO run's reference. */
interface Judging {
  readonly opened: OpenedModel;
  readonly config: RunConfig;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (share: number) => void;
}

/** The scores of a reward model: the chosen answer's less the rejected one's. */
async function scoreMargins(
  trained: LoraAdapter,
  pairs: readonly PreferencePair[],
  { opened, config, signal, onProgress }: Judging,
): Promise<readonly number[]> {
  const rewardModel = uploadRewardModel(opened.model, trained);
  try {
    const options = { signal, onProgress: (done: number, total: number) => onProgress(done / total) };
    const scored = await scorePairs(opened, pairs, rewardModel, config.max_length, options);
    return scored.map(({ rewards }) => rewards.chosen - rewards.rejected);
  } finally {
    rewardModel.dispose();
  }
}

/** beta times the log-ratio of the chosen answer to the start of the run, less that of the rejected one. */
async function ratioMargins(
  trained: LoraAdapter,
  start: LoraAdapter | null,
  pairs: readonly PreferencePair[],
  { opened, config, signal, onProgress }: Judging,
): Promise<readonly number[]> {
  const differences = async (adapter: LoraAdapter | null, from: number): Promise<readonly number[]> => {
    const uploaded = adapter && uploadAdapter(opened.model, adapter);
    try {
      const show = (done: number, total: number) => onProgress(from + done / total / 2);
      const logps = await pairLogps(opened, pairs, uploaded, config.max_length, { signal, onProgress: show });
      return logps.map(({ chosen_logps, rejected_logps }) => chosen_logps - rejected_logps);
    } finally {
      uploaded?.dispose();
    }
  };
  const policy = await differences(trained, 0);
  const reference = await differences(start, 0.5);
  return policy.map((difference, i) => config.beta * (difference - (reference[i] as number)));
}

/**
 * Trains a run on each half and has it judge the other.
 * @returns the margin of each pair; null where the run was stopped
 * @throws UserError where the method has no such reward, or the prompts are too few for two halves
 */
export async function crossFit(opened: OpenedModel, request: CrossFitRequest): Promise<readonly number[] | null> {
  const { config, pairs, initAdapter = null, checkLongest, signal, onEvent } = request;
  const { name, objective } = chooseObjective(config);
  const hasRatio = objective.rewards === 'log-ratio' && objective.usesReference && objective.isOfSingles !== true;
  if (!hasRatio && objective.hasScoreHead !== true) throw new UserError('crossFitNoReward', { name });
  const rows = pairs.map((pair, index) => ({ pair, index }));
  const { train, evaluation } = splitPairs(rows, { evaluationShare: 0.5, seed: config.seed });
  if (Math.min(train.length, evaluation.length) < fewestPairs)
    throw new UserError('crossFitTooFew', { count: pairs.length, wanted: fewestPairs });
  const margins = new Array<number>(pairs.length);
  const halves = [
    { half: 1, seen: train, judged: evaluation },
    { half: 2, seen: evaluation, judged: train },
  ] as const;
  for (const { half, seen, judged } of halves) {
    const run = await runTraining(opened, {
      ...{ config, pairs: seen.map(({ pair }) => pair), initAdapter, signal },
      ...(checkLongest && { checkLongest }),
      onEvent: (event) => onEvent?.({ kind: 'training', half, event }),
    });
    if (run.stopped) return null;
    const trained = await readPeftAdapter(directoryOf(run.files));
    const texts = judged.map(({ pair }) => pair);
    const judging = {
      opened,
      config,
      signal,
      onProgress: (share: number) => onEvent?.({ kind: 'judging', half, share }),
    };
    const found = hasRatio
      ? await ratioMargins(trained, initAdapter, texts, judging)
      : await scoreMargins(trained, texts, judging);
    judged.forEach(({ index }, i) => (margins[index] = found[i] as number));
  }
  return margins;
}
