/**
 * @file Listens for the keys of judging while a component is shown; where a radio or a checkbox has the focus, the
 * arrows are its own.
 */
import { useEffect, useRef } from 'react';
import { usePreference } from '../../text/preferences';
import { belongsToFocus } from '../../plain/shell/shortcuts';
import { readJudgeKey, type JudgeAction } from '../../plain/judge/judge-keys';

function isTaken({ target, key }: KeyboardEvent): boolean {
  const isChoice = target instanceof HTMLInputElement && ['radio', 'checkbox'].includes(target.type);
  return isChoice ? key.startsWith('Arrow') || belongsToFocus(target.parentElement) : belongsToFocus(target);
}

export function useJudgeKeys(act: (action: JudgeAction) => void): void {
  const areSingleKeysOn = usePreference('shortcuts');
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    function listen(event: KeyboardEvent): void {
      if (event.defaultPrevented || isTaken(event)) return;
      const action = readJudgeKey(event, areSingleKeysOn);
      if (action === null) return;
      event.preventDefault();
      latest.current(action);
    }
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [areSingleKeysOn]);
}
