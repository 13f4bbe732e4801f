/** @file Which build of the studio this page is, whether it is kept for a visit without its server, what is newer. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BuildRefusal, Builds, ServedBuild } from '../browser/builds';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';

export interface BuildState {
  readonly served: ServedBuild | null;
  /** Whether the build that this page is of is kept in the browser, whole and checked. */
  readonly isKept: boolean;
  /** Why a build was not kept. */
  readonly refusal: BuildRefusal | null;
  /** The build that waits for a person's word. */
  readonly next: string | null;
  /** The person has put the newer build off for this visit. */
  readonly isPutOff: boolean;

  start(): Promise<void>;
  refresh(): Promise<void>;
  putOff(): void;
  /** Goes over to the newer build and loads the page anew; not while another tab is open, which it says. */
  update(): Promise<void>;
}

export type BuildStore = StoreApi<BuildState>;

export interface BuildDependencies {
  readonly builds: Builds;
  readonly notices: NoticeStore;
  readonly reload: () => void;
}

export function createBuildStore({ builds, notices, reload }: BuildDependencies): BuildStore {
  const attempt = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => notices.getState().tellFailure(error));
  return createStore<BuildState>()((set, get) => ({
    served: null,
    isKept: false,
    refusal: null,
    next: null,
    isPutOff: false,

    start: () =>
      attempt(async () => {
        set({ served: await builds.readServed() });
        if (get().served === null) return;
        await get().refresh();
        await builds.keep({
          onKept: () => void get().refresh(),
          onRefused: (refusal) => set({ refusal }),
        });
      }),

    refresh: () =>
      attempt(async () => {
        const { chosen, next } = await builds.readKept();
        set({ isKept: chosen !== null && chosen === get().served?.id, next });
      }),

    putOff: () => set({ isPutOff: true }),

    update: () =>
      attempt(async () => {
        const { next } = get();
        if (next === null) return;
        const others = (await builds.countTabs()) - 1;
        if (others > 0) return notices.getState().warn(currentText().build.otherTabs(others));
        await builds.choose(next);
        reload();
      }),
  }));
}
