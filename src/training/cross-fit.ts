/**
 * @file The implicit reward margin of every pair, by a run that has not seen its prompt: one run is trained on each
 * half of the prompts, and judges the other half. evaluation/label-doctor.ts reads wrong labels from them.
 */
import { UserError } from '../core/errors';
import { splitPairs } from '../data/split';
import type { PreferencePair, ScoredPair } from '../data/preference-pair';
import { uploadAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { bytesSource } from '../formats/byte-source';
import { readPeftAdapter, type LoraAdapter } from '../formats/peft';
import { chooseObjective } from '../run/choose-objective';
import type { RunConfig } from '../run/config';
import type { PairLogps } from '../run/reports';
import { pairLogps } from './pair-logps';
import { runTraining, type RunEvent } from './run-training';

/** The smallest half that says anything. */
const fewestPairs = 8;

export type CrossFitEvent =
  | { readonly kind: 'training'; readonly half: 1 | 2; readonly event: RunEvent }
  | { readonly kind: 'judging'; readonly half: 1 | 2; readonly done: number; readonly total: number };

export interface CrossFitRequest {
  /** Of a method whose rewards are log-ratios to the reference, which is the start of the run. */
  readonly config: RunConfig;
  readonly pairs: readonly ScoredPair[];
  readonly initAdapter?: LoraAdapter | null;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: CrossFitEvent) => void;
}

const ratio = (policy: PairLogps, reference: PairLogps): number =>
  policy.chosen_logps - reference.chosen_logps - (policy.rejected_logps - reference.rejected_logps);

/**
 * Trains a run on each half and has it judge the other.
 * @returns for each pair beta times the log-ratio of the chosen answer less that of the rejected one; null where the
 *   run was stopped
 * @throws UserError where the method has no such reward, or the prompts are too few for two halves
 */
export async function crossFit(opened: OpenedModel, request: CrossFitRequest): Promise<readonly number[] | null> {
  const { config, pairs, initAdapter = null, signal, onEvent } = request;
  const { name, objective } = chooseObjective(config);
  if (objective.rewards !== 'log-ratio' || !objective.usesReference || objective.isOfSingles === true)
    throw new UserError('crossFitNoReward', { name });
  const rows = pairs.map((pair, index) => ({ pair, index }));
  const { train, evaluation } = splitPairs(rows, { evaluationShare: 0.5, seed: config.seed });
  if (Math.min(train.length, evaluation.length) < fewestPairs)
    throw new UserError('crossFitTooFew', { count: pairs.length, wanted: fewestPairs });
  const margins = new Array<number>(pairs.length);
  const halves = [
    { half: 1, seen: train, judged: evaluation },
    { half: 2, seen: evaluation, judged: train },
  ] as const;
  const start = initAdapter === null ? null : uploadAdapter(opened.model, initAdapter);
  try {
    for (const { half, seen, judged } of halves) {
      const run = await runTraining(opened, {
        ...{ config, pairs: seen.map(({ pair }) => pair), initAdapter, signal },
        onEvent: (event) => onEvent?.({ kind: 'training', half, event }),
      });
      if (run.stopped) return null;
      const files = Object.entries(run.files).map(([file, bytes]) => [file, bytesSource(file, bytes)] as const);
      const trained = uploadAdapter(opened.model, await readPeftAdapter(new Map(files)));
      try {
        const texts: readonly PreferencePair[] = judged.map(({ pair }) => pair);
        const score = (adapter: typeof start, offset: number) =>
          pairLogps(opened, texts, adapter, config.max_length, {
            signal,
            onProgress: (done) => onEvent?.({ kind: 'judging', half, done: offset + done, total: 2 * texts.length }),
          });
        const policy = await score(trained, 0);
        const reference = await score(start, texts.length);
        judged.forEach(({ index }, i) => {
          margins[index] = config.beta * ratio(policy[i] as PairLogps, reference[i] as PairLogps);
        });
      } finally {
        trained.dispose();
      }
    }
  } finally {
    start?.dispose();
  }
  return margins;
}
