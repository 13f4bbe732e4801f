/**
 * @file The show of a demonstration: where it stands, the votes, the names, and answers written anew before the
 * audience. What was prepared plays without the engine.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { ScoredToken } from '../../run/reports';
import type { Demonstration, DemonstrationColumn, DemonstrationEvent } from '../../storage/demonstration-record';
import type { Generation, Progress } from '../../worker/protocol';
import type { EngineSignal } from '../browser/engine-client';
import { clampStrength } from '../plain/compare/columns';
import { computingObstacle } from '../plain/demonstration/computing';
import { canTakeBack, firstOpen, phaseOf, stepBack, stepForward } from '../plain/demonstration/show';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import {
  askedAt,
  scoreGenerations,
  type DemonstrationDependencies,
  type DemonstrationRound,
} from './demonstration-answers';
import { keptAnswer } from '../plain/compare/best-of';
import { variantOf } from './variants';

/** An answer that is being written before the audience, or was. */
export interface LiveAnswer {
  readonly text: string;
  /** Null while it is being written. */
  readonly finish: Generation['finish'] | null;
  readonly scored: readonly ScoredToken[] | null;
}

/** Where the show stands. */
interface ShowPlace {
  /** Index of a prompt, or the script's length for the result. */
  readonly at: number;
  /** Answers to the prompt at hand written in the show, by column, in the place of the prepared ones. */
  readonly live: Readonly<Record<number, LiveAnswer>>;
  readonly isWriting: boolean;
  /** How strongly columns act at the prompt at hand, in per cent, where that was changed in the show. */
  readonly strengths: Readonly<Record<number, number>>;
}

export interface ShowState extends ShowPlace {
  /** Goes to the first prompt whose names nobody has seen. */
  open(): void;
  /** Reveals the names, or goes on to the next prompt or the result. */
  forward(): Promise<void>;
  back(): void;
  /** Counts one vote for a column. */
  vote(column: number): Promise<void>;
  /** Takes the last vote on this prompt back. */
  takeBack(): Promise<void>;
  /** Forgets all votes, for another audience, which sees the columns in another order. */
  restart(): Promise<void>;
  /** Has all columns answer the prompt at hand again, with the same seed. */
  answerLive(): Promise<void>;
  setStrength(column: number, percent: number): void;
  /** Has one column answer the prompt at hand at the strength that is set. */
  answerAtStrength(column: number): Promise<void>;
  /** Ends what is being written. */
  leave(): void;
}

const unwritten: LiveAnswer = { text: '', finish: null, scored: null };

export const initialShow: ShowPlace = { at: 0, live: {}, isWriting: false, strengths: {} };

/** The part of the demonstration's store that the show reads and writes. */
type ShowStore = StoreApi<ShowState & { readonly round: Demonstration | null; readonly failure: Failure | null }>;

/** Voting and going on: all that the kept record tells. */
function staging(
  { getState: get, setState: set }: ShowStore,
  { engineTime }: DemonstrationDependencies,
  { setRound, changeRound }: DemonstrationRound,
  now: () => number,
): Pick<ShowState, 'open' | 'forward' | 'back' | 'vote' | 'takeBack' | 'restart' | 'leave'> {
  function leave(): void {
    engineTime.stop('showing');
    set({ live: {}, isWriting: false, strengths: {} });
  }

  function goTo(at: number): void {
    leave();
    set({ at, failure: null });
  }

  /** Adds an event where the show still allows it when its turn has come. */
  const add = (isDue: (round: Demonstration) => boolean, event: Omit<DemonstrationEvent, 'at'>) =>
    changeRound((round) =>
      isDue(round)
        ? { ...round, judgements: [...round.judgements, { ...event, at: new Date(now()).toISOString() }] }
        : null,
    );

  return {
    leave,
    open() {
      const { round } = get();
      if (round !== null) goTo(firstOpen(round));
    },
    async forward() {
      const { round, at } = get();
      const step = round === null ? null : stepForward(round, at);
      if (round === null || step === null) return;
      if (step === 'reveal') await add((later) => stepForward(later, at) === 'reveal', { prompt: at, column: null });
      else goTo(step);
    },
    back() {
      const before = stepBack(get().at);
      if (before !== null) goTo(before);
    },
    async vote(column) {
      const { at } = get();
      await add((round) => phaseOf(round, at) === 'voting' && round.columns[column] !== undefined, {
        prompt: at,
        column,
      });
    },
    async takeBack() {
      const { at } = get();
      await changeRound((round) =>
        canTakeBack(round, at) ? { ...round, judgements: round.judgements.slice(0, -1) } : null,
      );
    },
    async restart() {
      const { round } = get();
      if (round === null) return;
      // Another moment makes it another demonstration to other tabs, whose votes are of the audience before.
      await setRound({ ...round, at: new Date(now()).toISOString(), orderSeed: now() >>> 0, judgements: [] });
      goTo(0);
    },
  };
}

/** Writes the answers of these columns to one prompt, showing them as they are written, and scores their tokens. */
async function writeLive(
  { getState: get, setState: set }: ShowStore,
  dependencies: DemonstrationDependencies,
  { round, at, columns }: { readonly round: Demonstration; readonly at: number; readonly columns: readonly number[] },
  signal: EngineSignal,
): Promise<void> {
  const { engine, library } = dependencies;
  const show = (column: number, change: Partial<LiveAnswer>): void => {
    const before = get().live[column] ?? unwritten;
    if (!signal.aborted) set({ live: { ...get().live, [column]: { ...before, ...change } } });
  };
  const variants = await Promise.all(
    columns.map((index) => {
      const column = round.columns[index] as DemonstrationColumn;
      const strength = get().strengths[index] ?? column.strength;
      return variantOf({ ...column, strength }, String(index), library);
    }),
  );
  for (const column of columns) show(column, unwritten);
  const onProgress = (event: Progress): void => {
    const column = event.kind === 'token' ? columns[event.variant] : undefined;
    if (event.kind === 'token' && column !== undefined) show(column, { text: event.text });
  };
  const generations = await engine.call('generate', { ...askedAt(round, at), variants }, { signal, onProgress });
  for (const [index, { text, finish }] of generations.entries()) show(columns[index] ?? 0, { text, finish });
  const scored = await scoreGenerations(round, at, generations, dependencies, signal);
  for (const [index, column] of columns.entries()) show(column, { scored: scored[index] ?? null });
}

/** Answers written before the audience. */
function writing(
  store: ShowStore,
  dependencies: DemonstrationDependencies,
  { changeRound }: DemonstrationRound,
): Pick<ShowState, 'answerLive' | 'setStrength' | 'answerAtStrength'> {
  const { getState: get, setState: set } = store;
  const { library, engineTime, getModel } = dependencies;

  /** True when all of these columns' answers were written and scored. */
  async function write(columns: readonly number[]): Promise<boolean> {
    const { round, at } = get();
    const obstacle = round === null ? null : computingObstacle(round, library.getState().runs, getModel()?.fingerprint);
    if (round === null || obstacle !== null || at >= round.answered.length) return false;
    engineTime.stop('showing');
    await engineTime.whenEnded('showing');
    if (engineTime.state.getState().foreground.length > 0) return false;
    return engineTime.run('showing', async (signal) => {
      set({ isWriting: true, failure: null });
      try {
        await writeLive(store, dependencies, { round, at, columns }, signal);
        return !signal.aborted;
      } catch (error) {
        if (!signal.aborted) set({ live: {}, ...(isAbort(error) ? {} : { failure: describeFailure(error) }) });
        return false;
      } finally {
        if (engineTime.isNewest('showing', signal)) set({ isWriting: false });
      }
    });
  }

  /** Keeps what was written in the place of what was prepared, where nobody has voted on that yet. */
  async function keepLive(at: number): Promise<void> {
    const { round, live } = get();
    if (round === null || round.judgements.some(({ prompt }) => prompt === at)) return;
    const answers = round.columns.map((_, column) => live[column]);
    if (!answers.every((answer): answer is LiveAnswer => answer !== undefined && answer.finish !== 'stopped')) return;
    const kept = answers.map((answer) => ({ ...keptAnswer(answer), scored: answer.scored }));
    await changeRound((later) =>
      later.at === round.at ? { ...later, answered: later.answered.with(at, kept) } : null,
    );
  }

  return {
    setStrength: (column, percent) => set({ strengths: { ...get().strengths, [column]: clampStrength(percent) } }),
    async answerAtStrength(column) {
      if (get().strengths[column] !== undefined) await write([column]);
    },
    async answerLive() {
      const { round, at } = get();
      if (round === null) return;
      set({ strengths: {} });
      if ((await write([...round.columns.keys()])) && get().at === at) await keepLive(at);
    },
  };
}

export function showing(
  store: ShowStore,
  dependencies: DemonstrationDependencies,
  round: DemonstrationRound,
  now: () => number,
): Omit<ShowState, keyof ShowPlace> {
  return { ...staging(store, dependencies, round, now), ...writing(store, dependencies, round) };
}
