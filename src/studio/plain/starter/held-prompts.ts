/** @file The held-out prompts of a starter task. */
import type { ChatMessage, PreferencePair } from '../../../data/preference-pair';

/** Reads the first `count` prompts of a file of pairs that is shipped with Airlock. */
export function heldPrompts(jsonLines: string, count: number): readonly (string | readonly ChatMessage[])[] {
  const lines = jsonLines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, count);
  return lines.map((line) => (JSON.parse(line) as Pick<PreferencePair, 'prompt'>).prompt);
}
