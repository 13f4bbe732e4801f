/** @file The run under way as the page shows it. */
import { sentenceOf } from '../../messages/message';
import type { RunPairs, SampleRound } from '../../storage/records';
import type { Progress } from '../../worker/protocol';
import type { PreferencePair } from '../../data/preference-pair';
import type { StepMetrics } from '../../run/metrics';
import type { Method } from '../../run/config';
import type { Run } from '../plain/runs/run';
import type { AnswerLengths } from '../plain/train/doctor';
import type { Job } from '../plain/train/options';
import type { Phase } from '../plain/train/phase';

export interface ActiveRun {
  readonly id: string;
  readonly name: string;
  readonly method: Method;
  readonly config: Job['config'];
  readonly lengths: AnswerLengths | null;
  /** What it is trained on and evaluated by. */
  readonly pairs: RunPairs;
  /** 1-based place among the runs of this start. */
  readonly place: number;
  readonly places: number;
  readonly phase: Phase;
  readonly metrics: readonly StepMetrics[];
  /** The prompts that are answered at each evaluation, and the answers so far. */
  readonly prompts: readonly PreferencePair['prompt'][];
  readonly samples: readonly SampleRound[];
  readonly totalSteps: number;
  readonly secondsPerStep: number;
  readonly secondsLeft: number | null;
  readonly stopping: boolean;
  /** Whether it is stopped in order to go on later. */
  readonly pausing: boolean;
  /** Whether it can be paused, which keeps its checkpoint. */
  readonly canPause: boolean;
}

/** What the engine's event says the run is doing now; null where the event is about something else. */
export function phaseOf(event: Progress): Phase | null {
  switch (event.kind) {
    case 'loading':
      return { kind: 'preparing', detail: sentenceOf(event.what), done: event.done, total: event.total };
    case 'encoding':
    case 'reference':
    case 'evaluating':
      return { kind: event.kind, detail: '', done: event.done, total: event.total };
    case 'compiling':
      return { kind: 'compiling', detail: event.what, done: 0, total: 0 };
    case 'step':
      return { kind: 'training', detail: '', done: event.metrics.step, total: event.totalSteps };
    case 'encoded':
    case 'checkpoint':
    case 'start':
    case 'samples':
    case 'token':
    case 'writing':
    case 'mergeDistance':
    case 'answers':
    case 'drawn':
    case 'compared':
    case 'verdict':
    case 'canaries':
    case 'leakCheck':
    case 'labelMargins':
      return null;
  }
}

/** The runs of the same start before and after a run. */
interface RunsAround {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

/** A run before the engine has told anything of it. */
export function beginShowing(
  run: Run,
  { job, pairs, plan: { before, after } }: { readonly job: Job; readonly pairs: RunPairs; readonly plan: RunsAround },
  made: { readonly metrics: readonly StepMetrics[]; readonly samples: readonly SampleRound[] },
): ActiveRun {
  return {
    id: run.id,
    name: run.name,
    method: run.method,
    config: run.config,
    lengths: run.lengths ?? null,
    pairs,
    place: before.length + 1,
    places: before.length + 1 + after.length,
    metrics: made.metrics,
    samples: made.samples,
    totalSteps: run.totalSteps,
    prompts: run.samples?.prompts ?? [],
    secondsPerStep: 0,
    secondsLeft: null,
    stopping: false,
    pausing: false,
    canPause: job.save_steps !== undefined,
    phase: { kind: 'preparing', detail: '', done: 0, total: 0 },
  };
}
