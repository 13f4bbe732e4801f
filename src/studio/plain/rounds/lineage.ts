/**
 * @file Rounds: runs that each went on from the one before, and what the first of them was held against, which all
 * later ones are held against too. Pure.
 */
import { baseReference, type Run } from '../runs/run';

export interface Lineage {
  /** What the first round went on from; null: the base. */
  readonly start: Run | null;
  /** The first round went on from a run that is gone. */
  readonly isStartGone: boolean;
  /** In their order. */
  readonly rounds: readonly Run[];
}

/** Whether a run is a round: it learned from preferences or a reward, here. SFT before it is where rounds start. */
export const isRound = ({ method, imported }: Run): boolean =>
  method !== 'sft' && method !== 'reward' && imported === undefined;

/** Whether its answers can be judged for a next round. */
export const canHaveNext = ({ method, status, adapterBytes }: Run): boolean =>
  method !== 'reward' && status !== 'running' && adapterBytes > 0;

/** The newest round that went on from the run. */
export const roundAfter = (run: Run, runs: readonly Run[]): Run | undefined =>
  // The list has the newest first.
  runs.find((other) => other.startedFrom === run.id && isRound(other) && other.adapterBytes > 0);

/** The rounds that a run is one of, up to the newest; those before it, and none where it is a start without any. */
export function lineageOf(run: Run, runs: readonly Run[]): Lineage {
  const rounds: Run[] = isRound(run) ? [run] : [];
  const parentOf = ({ startedFrom }: Run) => runs.find(({ id }) => id === startedFrom);
  for (let first = rounds[0]; first !== undefined;) {
    const parent = parentOf(first);
    first = parent !== undefined && isRound(parent) && !rounds.includes(parent) ? parent : undefined;
    if (first !== undefined) rounds.unshift(first);
  }
  for (let next = roundAfter(run, runs); next !== undefined && !rounds.includes(next); next = roundAfter(next, runs))
    rounds.push(next);
  const [first] = rounds;
  const start = isRound(run) ? ((first && parentOf(first)) ?? null) : run;
  return { start, isStartGone: start === null && (first?.startedFrom ?? null) !== null, rounds };
}

/** The number that a round has which goes on from the run: 1 after a start. */
export function numberAfter(run: Run, runs: readonly Run[]): number {
  return lineageOf(run, runs).rounds.indexOf(run) + 2;
}

/**
 * What the round that goes on from the run is held against, as settings of a run name it: what the first round was.
 * Null takes the run itself as it is, where it is the start.
 */
export function referenceAfter(run: Run, runs: readonly Run[]): string | null {
  const [first] = lineageOf(run, runs).rounds;
  if (first === undefined || !isRound(run)) return null;
  return first.reference ?? first.startedFrom ?? baseReference;
}
