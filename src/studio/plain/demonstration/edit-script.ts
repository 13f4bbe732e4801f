/** @file Changes of a script before the show: a prompt left out, or moved to the front of another. Pure. */
import type { Demonstration } from '../../../storage/demonstration-record';

type Script = Pick<Demonstration, 'script' | 'answered' | 'judgements'>;

/** Votes name prompts by their place, so a script with votes stays as it is. */
export function canEdit({ judgements }: Pick<Demonstration, 'judgements'>): boolean {
  return judgements.length === 0;
}

/** The demonstration without one prompt and its answers; at least one stays. */
export function withoutPrompt<T extends Script>(demonstration: T, at: number): T {
  if (!canEdit(demonstration) || demonstration.script.length < 2) return demonstration;
  const others = <Item>(items: readonly Item[]) => items.filter((_, index) => index !== at);
  return { ...demonstration, script: others(demonstration.script), answered: others(demonstration.answered) };
}

/** Whether a prompt can change places with the one before it: both have their answers, or neither has. */
export function canMoveUp(demonstration: Script, at: number): boolean {
  return canEdit(demonstration) && at > 0 && at !== demonstration.answered.length && at < demonstration.script.length;
}

export function movedUp<T extends Script>(demonstration: T, at: number): T {
  if (!canMoveUp(demonstration, at)) return demonstration;
  const swapped = <Item>(items: readonly Item[]): readonly Item[] =>
    at < items.length
      ? [...items.slice(0, at - 1), items[at] as Item, items[at - 1] as Item, ...items.slice(at + 1)]
      : items;
  return { ...demonstration, script: swapped(demonstration.script), answered: swapped(demonstration.answered) };
}
