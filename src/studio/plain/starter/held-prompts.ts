/** @file The held-out prompts of a starter task, and a prompt as its judge reads it. */
import type { ChatMessage, PreferencePair } from '../../../worker/protocol';

/** The first prompts of a file of pairs that was shipped with Airlock. */
export function heldPrompts(jsonLines: string, count: number): readonly (string | readonly ChatMessage[])[] {
  const lines = jsonLines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, count);
  return lines.map((line) => (JSON.parse(line) as Pick<PreferencePair, 'prompt'>).prompt);
}

/** The text that a judge reads: of a conversation, what was asked. */
export function askedText(prompt: string | readonly ChatMessage[]): string {
  return typeof prompt === 'string' ? prompt : (prompt.at(-1)?.content ?? '');
}
