/** @file The keys of judging: digits and letters, which can be switched off with all single keys, and the arrows. */
import type { Verdict } from '../../../storage/judging-record';
import type { KeyPress } from '../shell/shortcuts';

export type JudgeAction = { readonly verdict: Verdict } | { readonly edit: 'a' | 'b' } | 'undo' | 'skip';

/** The keys as the buttons show them. */
export const judgeKeys = { a: '1', b: '2', tie: '0', bad: 'X', skip: 'S', editA: 'E', editB: 'R', undo: 'U' } as const;

const arrows: Readonly<Record<string, JudgeAction>> = { ArrowLeft: { verdict: 'a' }, ArrowRight: { verdict: 'b' } };

/** What each key does, by its place on the keyboard, so that the keys act under a Korean layout too. */
const places: Readonly<Record<string, JudgeAction>> = {
  Digit1: { verdict: 'a' },
  Numpad1: { verdict: 'a' },
  Digit2: { verdict: 'b' },
  Numpad2: { verdict: 'b' },
  Digit0: { verdict: 'tie' },
  Numpad0: { verdict: 'tie' },
  KeyX: { verdict: 'bad' },
  KeyE: { edit: 'a' },
  KeyR: { edit: 'b' },
  KeyU: 'undo',
  KeyS: 'skip',
};

/** Reads a key press as an action, or null. A held key counts once: else resting on 1 would judge the whole round. */
export function readJudgeKey(press: KeyPress, areSingleKeysOn: boolean): JudgeAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || press.repeat) return null;
  return arrows[press.key] ?? (areSingleKeysOn ? (places[press.code] ?? null) : null);
}
