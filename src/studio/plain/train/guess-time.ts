/** @file How long a start will take, going by runs of the same model that were trained alike. Pure. */
import { withDefaults } from '../../../run/config';
import { isOnPolicyMethod } from '../../../run/objectives';
import type { Run } from '../runs/run';
import type { PlannedRun } from './plan';

export interface TimeGuess {
  readonly seconds: number;
  /** Name of the run that it goes by. */
  readonly by: string;
}

/** What decides the time of a step, beside the model. */
function likeness({ method, config }: Pick<Run, 'method' | 'config'>): string {
  const full = withDefaults({ ...config, method });
  const { per_device_train_batch_size, gradient_accumulation_steps, max_length } = full;
  const ofAnswers = isOnPolicyMethod(method) ? [full.num_generations, full.max_completion_length] : [];
  return [method, per_device_train_batch_size, gradient_accumulation_steps, max_length, ...ofAnswers].join(' ');
}

/** Null where some of the runs to come is like none that was trained here. */
export function guessTime(
  plan: readonly PlannedRun[],
  runs: readonly Run[],
  fingerprint: string | undefined,
): TimeGuess | null {
  const known = runs.filter(
    (run) => run.modelFingerprint === fingerprint && run.imported === undefined && run.steps > 0 && run.seconds > 0,
  );
  const guesses = plan.map(({ job, steps }) => {
    const like = known.find((run) => likeness(run) === likeness(job));
    return like && { seconds: (like.seconds / like.steps) * steps, by: like.name };
  });
  const [first] = guesses;
  if (first === undefined || guesses.includes(undefined)) return null;
  return { seconds: guesses.reduce((sum, guess) => sum + (guess?.seconds ?? 0), 0), by: first.by };
}
