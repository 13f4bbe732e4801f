/** @file The keys of the list of doubtful labels. They act while the list has the focus, never on what is typed. */
import type { KeyPress } from '../shell/shortcuts';

export type ReviewAction = 'keep' | 'flip' | 'drop' | 'undo' | { readonly step: number };

/** The keys as the buttons show them. */
export const reviewKeys = { keep: 'K', flip: 'F', drop: 'D', undo: 'U' } as const;

const steps: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

/** By the key's place on the keyboard, so that the keys act under a Korean layout too. */
const places: Readonly<Record<string, ReviewAction>> = { KeyK: 'keep', KeyF: 'flip', KeyD: 'drop', KeyU: 'undo' };

/** Reads a key press as an action, or null. A held letter counts once: else it would decide the whole list. */
export function readReviewKey(press: KeyPress): ReviewAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return null;
  const step = steps[press.key];
  if (step !== undefined) return { step };
  return press.repeat ? null : (places[press.code] ?? null);
}
