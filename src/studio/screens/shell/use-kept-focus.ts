/**
 * @file Keyboard focus when what had it is replaced, as "Start training" is by the run's progress: without this the
 * next Tab would begin at the top of the page.
 */
import { useEffect, useRef, type RefObject } from 'react';

/**
 * Gives the focus to the element when it appears, if the focus was lost; the element needs tabIndex -1.
 * @param isElsewhere whether the element stands in another place than what had the focus, so that it has to be scrolled
 * to
 */
export function useKeptFocus<T extends HTMLElement>(isElsewhere = false): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    element.current?.focus({ preventScroll: true });
    if (isElsewhere) element.current?.scrollIntoView();
  }, [isElsewhere]);
  return element;
}
