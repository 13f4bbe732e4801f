/** @file Erases everything, in a page that has no studio: waits until other tabs have let go, erases, looks again. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { countKept, eraseKept, type EraseProblem, type Kept } from '../../storage/erase';
import { endErasing, erasingMark, erasingTopic } from '../browser/erasing';
import type { TabNews } from '../browser/tab-news';
import { countTabs, isInUse } from '../browser/tabs';

export type ErasingState =
  /** For so many tabs, or for what they had under way. */
  | { readonly phase: 'waiting'; readonly tabs: number }
  /** The database that another tab holds open; null while none does. */
  | { readonly phase: 'erasing'; readonly blockedBy: string | null }
  | { readonly phase: 'done'; readonly erased: Kept; readonly left: Kept; readonly problems: readonly EraseProblem[] }
  | { readonly phase: 'failed'; readonly reason: unknown };

export interface Erasing {
  readonly state: StoreApi<ErasingState>;
  run(): Promise<void>;
}

const askEveryMs = 500;

export const isNothing = (kept: Kept): boolean => Object.values(kept).every((count) => count === 0);

export function createErasing(news: TabNews): Erasing {
  const state = createStore<ErasingState>()(() => ({ phase: 'waiting', tabs: 0 }));

  /** Tabs are told again and again: one may have been starting. */
  async function waitForOthers(): Promise<void> {
    news.tellTabs(erasingTopic);
    while (await isInUse()) {
      state.setState({ phase: 'waiting', tabs: await countTabs() }, true);
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
      news.tellTabs(erasingTopic);
    }
  }

  async function erase(): Promise<void> {
    await waitForOthers();
    state.setState({ phase: 'erasing', blockedBy: null }, true);
    const erased = await countKept(erasingMark);
    const problems = await eraseKept((blockedBy) => state.setState({ phase: 'erasing', blockedBy }, true), erasingMark);
    const left = await countKept(erasingMark);
    if (isNothing(left)) endErasing();
    state.setState({ phase: 'done', erased, left, problems }, true);
  }

  return { state, run: () => erase().catch((reason: unknown) => state.setState({ phase: 'failed', reason }, true)) };
}
