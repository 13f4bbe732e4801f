/**
 * @file Which screen is shown, kept in the address so that a reload stays there: `#/train`, or `#/train/runs` for one
 * part of a screen, which is scrolled to and focused.
 */
import { useSyncExternalStore } from 'react';

export interface Route {
  /** The screen's id in the address; where no screen has it, the first one is shown. */
  readonly screen: string;
  /** The id of an element of the screen that is scrolled to and focused; null for the screen as a whole. */
  readonly part: string | null;
}

/** Begins the parts that are pages of runs. */
const runPart = 'run-';

export function parseRoute(hash: string): Route {
  const [, screen = '', part = ''] = /^#\/([\w-]+)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  return { screen, part: part === '' ? null : part };
}

export function addressOf(screen: string, part?: string): string {
  return part === undefined ? `#/${screen}` : `#/${screen}/${part}`;
}

/** The part of the Train screen that is the page of a run; null for other parts. */
export function runIdOf({ screen, part }: Route): string | null {
  return screen === 'train' && part?.startsWith(runPart) === true ? part.slice(runPart.length) : null;
}

export const addressOfRun = (runId: string): string => addressOf('train', `${runPart}${runId}`);

/** Brings what the address names into view and gives it the focus. */
export function focusAddressed(): void {
  const { part } = parseRoute(location.hash);
  const target = part === null ? document.querySelector<HTMLElement>('main') : document.getElementById(part);
  if (part === null) scrollTo(0, 0);
  else target?.scrollIntoView();
  target?.focus({ preventScroll: true });
}

/** Shows a screen or a part of it, also where the address names it already but the page was scrolled away. */
export function goTo(screen: string, part?: string): void {
  const address = addressOf(screen, part);
  if (location.hash === address) focusAddressed();
  else location.hash = address;
}

function followHash(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function useHash(): string {
  return useSyncExternalStore(followHash, () => location.hash);
}
