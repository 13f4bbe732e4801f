/** @file The long work under way, for the run bar and the browser's tab: pure functions of the stores' states. */
import { formatDuration } from '../../text/format';
import { describePhaseBriefly } from '../../text/describe-phase';
import type { StudioStates } from '../../stores/studio-stores';
import type { Text } from '../../text/text';
import { addressOf, addressOfRun } from './route';

export interface LongWork {
  readonly name: string;
  /** What is being done: "step 12 of 40". */
  readonly detail: string;
  /** How much of the whole is done, in [0, 1]. */
  readonly share: number;
  /** The time left in words; null while it is not known. */
  readonly timeLeft: string | null;
  /** Where all of it is shown. */
  readonly address: string;
}

export interface WorkStates {
  readonly training: Pick<StudioStates['training'], 'active'>;
  readonly starter: Pick<StudioStates['starter'], 'progress'>;
}

/** Of a start of several runs, the share counts those before. */
export function longWorkOf({ training: { active }, starter: { progress } }: WorkStates, text: Text): LongWork | null {
  const left = (seconds: number | null) => (seconds === null ? null : text.starter.timeLeft(formatDuration(seconds)));
  if (progress !== null) {
    const { task, stage, share, secondsLeft } = progress;
    const name = text.starter.tasks[task.id].title;
    return {
      name,
      detail: text.starter.stages[stage],
      share,
      timeLeft: left(secondsLeft),
      address: addressOf('models'),
    };
  }
  if (active === null) return null;
  const { id, metrics, totalSteps, place, places, secondsLeft } = active;
  const ofRun = Math.min(1, (metrics.at(-1)?.step ?? 0) / Math.max(1, totalSteps));
  return {
    name: active.name,
    detail: describePhaseBriefly(active, text),
    share: (place - 1 + ofRun) / places,
    timeLeft: left(secondsLeft),
    address: addressOfRun(id),
  };
}
