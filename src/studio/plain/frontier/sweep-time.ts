/** @file How long a sweep takes: before it begins, by what was measured of it, and what is left of it. Pure. */
import { sumOf } from '../../../core/statistics';
import type { Sweep } from '../../../storage/sweep-record';
import type { Run } from '../runs/run';
import { blockPrompts, countAnswers, countBlocks, isMeasurable } from './sweep';

/** What parts of a sweep take, in seconds. */
export interface SweepPace {
  /** A whole run. */
  readonly run: number;
  /** An answer, and its log-probabilities under two policies. */
  readonly answer: number;
  readonly scoring: number;
}

export interface SweepSeconds {
  readonly training: number;
  readonly answering: number;
}

type Size = Pick<Sweep, 'betas' | 'prompts' | 'sampling'>;

export function secondsOf({ betas, prompts, sampling }: Size, { run, answer, scoring }: SweepPace): SweepSeconds {
  return {
    training: betas.length * run,
    answering:
      prompts.length * (sampling.referenceAnswers * answer + betas.length * sampling.answers * (answer + scoring)),
  };
}

/** Blocks of the reference and of the runs that are still to come. */
function blocksLeft({ betas, prompts, answered }: Size & Pick<Sweep, 'answered'>) {
  const each = Math.ceil(prompts.length / blockPrompts);
  const reference = Math.max(0, each - answered.length);
  return { reference, runs: each * (betas.length + 1) - answered.length - reference };
}

/** @param runsLeft runs that have not ended, the one under way as the part of it that is left */
export function secondsLeft(
  sweep: Size & Pick<Sweep, 'answered'>,
  { run, answer, scoring }: SweepPace,
  runsLeft: number,
) {
  const { reference, runs } = blocksLeft(sweep);
  const promptsEach = sweep.prompts.length / Math.ceil(sweep.prompts.length / blockPrompts);
  const { answers, referenceAnswers } = sweep.sampling;
  return runsLeft * run + promptsEach * (reference * referenceAnswers * answer + runs * answers * (answer + scoring));
}

/** What is known of the pace: measured before the start, of the blocks so far, of the runs that have ended. */
export interface PaceSources {
  readonly sweep: Pick<Sweep, 'runs'>;
  readonly known: { readonly [K in keyof SweepPace]: number | null };
  readonly runs: readonly Run[];
  /** Seconds that the run under way takes as a whole, as it tells itself. */
  readonly activeSeconds: number | null;
}

/** The pace of what is left; null while some part of it is unknown. Scoring is taken to cost no more than answering. */
export function paceOf({ sweep, known, runs, activeSeconds }: PaceSources): SweepPace | null {
  const ended = runs.filter((run) => sweep.runs.includes(run.id) && isMeasurable(run)).map(({ seconds }) => seconds);
  const run = ended.length > 0 ? sumOf(ended) / ended.length : (activeSeconds ?? known.run);
  const { answer } = known;
  return run === null || answer === null ? null : { run, answer, scoring: known.scoring ?? answer };
}

/**
 * How much of a sweep is done, from 0 to 1; a run counts as much as answering it.
 * @param trained runs that have ended, and the part that is done of the one under way
 * @param answers that are there
 */
export function shareDone(sweep: Parameters<typeof countAnswers>[1], trained: number, answers: number): number {
  const all = countAnswers(countBlocks(sweep), sweep);
  const runs = sweep.betas.length;
  const each = (sweep.prompts.length * sweep.sampling.answers) / all;
  return (trained * each + answers / all) / (runs * each + 1);
}
