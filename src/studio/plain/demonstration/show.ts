/**
 * @file A show of a demonstration as a state machine: each prompt is voted on blind, then its names are revealed; after
 * the last one comes the result. Pure: what was done is in the record, where the show stands is a number.
 */
import { Random } from '../../../core/random';
import type { Demonstration } from '../../../storage/demonstration-record';
import { isRevealed } from './votes';

/** What a place of the show is: a prompt without answers yet, one that is voted on, one with names, or the result. */
export type Phase = 'waiting' | 'voting' | 'revealed' | 'result';

type Staged = Pick<Demonstration, 'script' | 'answered' | 'judgements'>;

/** @param at index of a prompt, or the script's length for the result */
export function phaseOf(demonstration: Staged, at: number): Phase {
  if (at >= demonstration.script.length) return 'result';
  if (at >= demonstration.answered.length) return 'waiting';
  return isRevealed(demonstration, at) ? 'revealed' : 'voting';
}

/** What comes next: the names of the prompt at hand, or another place; null where there is nothing. */
export function stepForward(demonstration: Staged, at: number): 'reveal' | number | null {
  const phase = phaseOf(demonstration, at);
  if (phase === 'result') return null;
  return phase === 'voting' ? 'reveal' : at + 1;
}

export function stepBack(at: number): number | null {
  return at > 0 ? at - 1 : null;
}

/** Where a show goes on: the first prompt whose names are not revealed; the result where all are. */
export function firstOpen(demonstration: Staged): number {
  const open = [...demonstration.script.keys()].find((prompt) => !isRevealed(demonstration, prompt));
  return open ?? demonstration.script.length;
}

/** The columns in the order in which they stand at one prompt, by the kept seed. */
export function orderAt({ columns, orderSeed }: Pick<Demonstration, 'columns' | 'orderSeed'>, at: number) {
  return Random.ofItem(orderSeed, at).shuffled([...columns.keys()]);
}

/** What an answer is called while nobody may know whose it is, by its place from the left. */
export const letterOf = (place: number): string => String.fromCharCode('A'.charCodeAt(0) + place);

/** Whether the last thing that was done is a vote on this prompt, which can be taken back. */
export function canTakeBack({ judgements }: Pick<Demonstration, 'judgements'>, at: number): boolean {
  const last = judgements.at(-1);
  return last?.prompt === at && last.column !== null;
}
