/**
 * @file The keys of a show: arrows and those that a presenter's remote sends, and single keys, which can be switched
 * off with all others.
 */
import type { KeyPress } from '../shell/shortcuts';

export type ShowAction =
  { readonly vote: number } | 'forward' | 'back' | 'undo' | 'changes' | 'live' | 'fullScreen' | 'leave';

const named: Readonly<Record<string, ShowAction>> = {
  ArrowRight: 'forward',
  PageDown: 'forward',
  ArrowLeft: 'back',
  PageUp: 'back',
  Escape: 'leave',
};

/** By their place on the keyboard, so that they act under a Korean layout too. */
const places: Readonly<Record<string, ShowAction>> = {
  Digit1: { vote: 0 },
  Numpad1: { vote: 0 },
  Digit2: { vote: 1 },
  Numpad2: { vote: 1 },
  Digit3: { vote: 2 },
  Numpad3: { vote: 2 },
  KeyU: 'undo',
  KeyW: 'changes',
  KeyL: 'live',
  KeyF: 'fullScreen',
};

/** The keys as the page shows them. */
export const showKeys = { undo: 'U', changes: 'W', live: 'L', fullScreen: 'F', leave: 'Esc' } as const;

/** Reads a key press as an action, or null. A held key counts once: else resting on 1 would be an election. */
export function readShowKey(press: KeyPress, areSingleKeysOn: boolean): ShowAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || press.repeat) return null;
  return named[press.key] ?? (areSingleKeysOn ? (places[press.code] ?? null) : null);
}
