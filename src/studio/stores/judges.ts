/** @file The judges that prompt sets were judged by, kept so that an accepted one can be a reward (kept-judges.ts). */
import type { PromptSet } from '../../storage/prompt-set-record';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { KeptJudge } from '../plain/compare/kept-judges';
import { withJudgeOf } from '../plain/compare/prompt-set/keep-judge';

export interface JudgesState {
  readonly judges: readonly KeptJudge[];
}

export type JudgesStore = StoreApi<JudgesState>;

export const createJudgesStore = (judges: readonly KeptJudge[] = []): JudgesStore =>
  createStore<JudgesState>()(() => ({ judges }));

/** Keeps what each prompt set shows of its judge, as it is judged. */
export function followPromptSet(
  { getState, setState }: JudgesStore,
  promptSet: StoreApi<{ readonly round: PromptSet | null }>,
): void {
  promptSet.subscribe(({ round }, before) => {
    if (round === null || round === before.round) return;
    const { judges } = getState();
    const next = withJudgeOf(judges, round);
    if (JSON.stringify(next) !== JSON.stringify(judges)) setState({ judges: next });
  });
}
