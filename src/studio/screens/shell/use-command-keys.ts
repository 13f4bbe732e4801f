/** @file Listens for the keys of a work area while it is shown; each says what a key means and which it leaves. */
import { useEffect, useRef } from 'react';
import { usePreference } from '../../text/preferences';

export interface CommandKeys<Action> {
  /** What a key means; null where it means nothing here. */
  readonly read: (event: KeyboardEvent, areSingleKeysOn: boolean) => Action | null;
  /** Whether what has the focus keeps the key. */
  readonly isTaken: (event: KeyboardEvent) => boolean;
}

/** @param keys the same object at every rendering */
export function useCommandKeys<Action>(keys: CommandKeys<Action>, act: (action: Action) => void): void {
  const areSingleKeysOn = usePreference('shortcuts');
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    function listen(event: KeyboardEvent): void {
      if (event.defaultPrevented || keys.isTaken(event)) return;
      const action = keys.read(event, areSingleKeysOn);
      if (action === null) return;
      event.preventDefault();
      latest.current(action);
    }
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [keys, areSingleKeysOn]);
}
