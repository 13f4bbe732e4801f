/** @file A fork: a new run from a checkpoint of another, with other settings. Pure. */
import { shapeKeys } from '../../../run/adapter-shape';
import type { EvaluationSettings } from '../../../run/evaluation';
import type { Run } from '../runs/run';
import type { Job } from './options';

export interface ForkedRun {
  readonly run: Run;
  readonly config: Job['config'];
  /** Null where the fork is not evaluated. */
  readonly settings: EvaluationSettings | null;
}

const notInherited: readonly string[] = [
  'bestStep',
  'evaluation',
  'finalEvalLoss',
  'finalEvalAccuracy',
  'calibration',
  'finalReward',
  'curve',
  'plan',
] satisfies (keyof Run)[];

/** What a fork has of its parent, whatever the form says. */
const keptKeys: readonly string[] = [...shapeKeys, 'reward'];

/**
 * What a fork of `parent` begins as. It keeps the parent's pairs, start, reference, reward and adapter shape, and takes
 * all other settings from `job`. What the parent reached after the checkpoint, its best step among it, is not the
 * fork's. It is evaluated only where the parent was, since the pairs held out are the parent's.
 */
export function forkRun(parent: Run, step: number, job: Job, own: Pick<Run, 'id' | 'name' | 'startedAt'>): ForkedRun {
  const { evaluation } = parent;
  const kept = Object.fromEntries(
    Object.entries(parent).filter(([key]) => !notInherited.includes(key)),
  ) as unknown as Run;
  const isKept = ([key]: readonly [string, unknown]): boolean => keptKeys.includes(key);
  const config = Object.fromEntries([
    ...Object.entries(job.config).filter((entry) => !isKept(entry)),
    ...Object.entries(parent.config).filter(isKept),
  ]) as Job['config'];
  const settings = job.evaluation && evaluation ? job.evaluation.settings : null;
  const run: Run = {
    ...kept,
    ...own,
    config,
    forkedFrom: { runId: parent.id, step },
    keepsPairs: true,
    checkpoints: [],
    adapterBytes: 0,
    warnings: [],
    seconds: 0,
    ...(settings && evaluation && { evaluation: { pairs: evaluation.pairs, settings } }),
  };
  return { run, config, settings };
}
