/** @file The round under way: what it was begun with, and where it stands. Pure. */
import { z } from '../../../core/zod';
import { mapping, maybe, type Kept } from '../../../storage/versioned';
import { rewardIdSchema, type RewardId } from '../compare/best-of';
import type { Run } from '../runs/run';
import { roundFormSchema, type RoundForm } from './round-form';

export const roundSchema = mapping({
  /** The run whose answers are judged, and that the next one goes on from. */
  runId: z.string(),
  /** ISO 8601. */
  at: z.string(),
  judge: z.union([z.literal('analyst'), rewardIdSchema]),
  /** The data set that the prompts are of. */
  source: z.string(),
  /** The form that it was begun with, where a reward judges; older rounds lack it. */
  asked: maybe(roundFormSchema),
  /** The data set of the round's pairs; null until there is one. */
  made: z.string().nullable(),
  /** The name of the round of judging, where the analyst judges. */
  judging: z.string().nullable(),
  /** A person has gone on to the training, with the pairs that there were. */
  isTraining: z.boolean(),
});
export type RoundUnderWay = Omit<Kept<typeof roundSchema>, 'asked'> & {
  readonly judge: 'analyst' | RewardId;
  readonly asked?: RoundForm;
};

export const roundSteps = ['answers', 'judging', 'training', 'comparing'] as const;
export type RoundStep = (typeof roundSteps)[number];

/** What tells where the round stands. */
export interface RoundFacts {
  /** The round of judging that is on the Judge screen; null where none is. */
  readonly judging: {
    readonly name: string;
    readonly unanswered: number;
    readonly compared: number;
    readonly judged: number;
  } | null;
  /** Pairs in the round's data set. */
  readonly pairs: number;
  /** The run that went on from the round's; null where none did since it was begun. */
  readonly next: Run | null;
  /** Whether that run was compared with the one before. */
  readonly isCompared: boolean;
}

export type RoundPlace =
  /** Answers are to come. `isLost`: they were put away, or the page was left before there were pairs. */
  | { readonly step: 'answers'; readonly isLost: boolean }
  | { readonly step: 'judging'; readonly judged: number; readonly compared: number }
  | { readonly step: 'training'; readonly run: Run | null }
  | { readonly step: 'comparing'; readonly run: Run; readonly isDone: boolean };

/** @param isAnswering whether answers are being written for the round now */
export function placeOf(round: RoundUnderWay, facts: RoundFacts, isAnswering: boolean): RoundPlace {
  const { judging, pairs, next, isCompared } = facts;
  if (next !== null && next.status !== 'running' && next.adapterBytes > 0)
    return { step: 'comparing', run: next, isDone: isCompared };
  if (next !== null || round.isTraining) return { step: 'training', run: next };
  if (round.judge !== 'analyst')
    return round.made === null ? { step: 'answers', isLost: !isAnswering } : { step: 'training', run: null };
  if (judging === null || judging.name !== round.judging)
    return pairs > 0 ? { step: 'training', run: null } : { step: 'answers', isLost: true };
  const { judged, compared, unanswered } = judging;
  if (judged < compared || unanswered === 0) return { step: 'judging', judged, compared };
  return { step: 'answers', isLost: false };
}

/** The run that went on from the round's run since the round was begun; the newest. */
export const nextOf = ({ runId, at }: RoundUnderWay, runs: readonly Run[]): Run | null =>
  runs.find(
    ({ startedFrom, startedAt, forkedFrom }) => startedFrom === runId && startedAt >= at && forkedFrom === undefined,
  ) ?? null;
