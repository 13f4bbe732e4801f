/**
 * @file Keys without a modifier: g and then a screen's letter, and ? for the help. They never act while text is written
 * or composed, and can be switched off (WCAG 2.1.4).
 */

/** The part of a KeyboardEvent that is read. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  readonly repeat: boolean;
}

export type Shortcut = { readonly kind: 'go'; readonly letter: string } | { readonly kind: 'help' };

/** Milliseconds after g within which its letter counts. */
export const patienceMs = 1500;

/** The Latin letter on the key, also under a Korean layout, where the key's character is a jamo. */
function letterOf({ key, code }: KeyPress): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const [, letter = ''] = /^Key([A-Z])$/.exec(code) ?? [];
  return /^[\x20-\x7e]$/.test(key) ? key : letter.toLowerCase();
}

/** Makes a function that is given key after key and answers with a shortcut once one is complete. */
export function createShortcutReader(now: () => number = Date.now): (press: KeyPress) => Shortcut | null {
  let pressedG = -Infinity;
  return (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || press.repeat) return null;
    if (press.key === '?') return { kind: 'help' };
    const letter = letterOf(press);
    const follows = now() - pressedG <= patienceMs;
    // A modifier on its way down is no letter.
    if (letter === '') return null;
    pressedG = -Infinity;
    if (follows) return { kind: 'go', letter };
    if (letter === 'g') pressedG = now();
    return null;
  };
}

/** Whether the keys are those of undo (Ctrl+Z) or redo (Ctrl+Shift+Z, Ctrl+Y); Command in place of Ctrl on a Mac. */
export function readUndoKey(press: KeyPress & { readonly shiftKey: boolean }): 'undo' | 'redo' | null {
  if (!(press.ctrlKey || press.metaKey) || press.altKey || press.isComposing) return null;
  const letter = letterOf(press);
  if (letter === 'z') return press.shiftKey ? 'redo' : 'undo';
  return letter === 'y' && !press.shiftKey ? 'redo' : null;
}

/** Says whether keys belong to what has the focus: a field, a list, or a dialog over the page. */
export function belongsToFocus(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="listbox"]') !== null
  );
}
