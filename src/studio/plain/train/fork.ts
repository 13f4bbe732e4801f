/** @file A fork: a new run from a checkpoint of another, with other settings. Pure. */
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
  const { lora_r, lora_alpha, lora_target_modules, reward } = parent.config;
  const shape = Object.entries({ lora_r, lora_alpha, lora_target_modules, reward }).filter(
    ([, value]) => value !== undefined,
  );
  const config: Job['config'] = { ...job.config, ...(Object.fromEntries(shape) as Partial<Job['config']>) };
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
