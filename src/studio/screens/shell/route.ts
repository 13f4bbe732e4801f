/**
 * @file Which screen is shown, kept in the address so that a reload stays there: `#/train`, or `#/train/runs` for one
 * part of a screen, which is scrolled to and focused.
 */
import { useSyncExternalStore } from 'react';

export interface Route {
  /** As in the address; the shell takes its first screen where it knows none of that name. */
  readonly screen: string;
  /** The id of an element of the screen. */
  readonly part: string | null;
}

export function parseRoute(hash: string): Route {
  const [, screen = '', part = ''] = /^#\/([\w-]+)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  return { screen, part: part === '' ? null : part };
}

export function addressOf(screen: string, part?: string): string {
  return part === undefined ? `#/${screen}` : `#/${screen}/${part}`;
}

/** Brings what the address names into view and gives it the focus. */
export function arrive(): void {
  const { part } = parseRoute(location.hash);
  const target = part === null ? document.querySelector<HTMLElement>('main') : document.getElementById(part);
  if (part === null) scrollTo(0, 0);
  else target?.scrollIntoView();
  target?.focus({ preventScroll: true });
}

/** Goes there, also where the address says so already. */
export function goTo(screen: string, part?: string): void {
  const address = addressOf(screen, part);
  if (location.hash === address) arrive();
  else location.hash = address;
}

function follow(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function useHash(): string {
  return useSyncExternalStore(follow, () => location.hash);
}
