/**
 * @file Listens for the keys of a show while it is on; sliders, lists and dialogs keep their own. Escape leaves from
 * everywhere but a dialog.
 */
import { useEffect, useRef } from 'react';
import { readShowKey, type ShowAction } from '../../plain/demonstration/show-keys';
import { belongsToFocus } from '../../plain/shell/shortcuts';
import { usePreference } from '../../text/preferences';

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element) || !belongsToFocus(target)) return false;
  return key !== 'Escape' || target.closest('[role="dialog"], [role="alertdialog"]') !== null;
}

export function useShowKeys(act: (action: ShowAction) => void): void {
  const areSingleKeysOn = usePreference('shortcuts');
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    function listen(event: KeyboardEvent): void {
      if (event.defaultPrevented || isTaken(event)) return;
      const action = readShowKey(event, areSingleKeysOn);
      if (action === null) return;
      event.preventDefault();
      latest.current(action);
    }
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [areSingleKeysOn]);
}
