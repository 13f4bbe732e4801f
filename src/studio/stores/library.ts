/**
 * @file Runs, their metrics and their adapters: what is kept of training.
 * The list lives in memory and in storage; metrics and adapters are read when asked for. What could not be written
 * stays usable in memory, so that an adapter can still be downloaded when the storage is full.
 */
import { message } from '../../messages/message';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import {
  isNameFree,
  noRunNames,
  noteName,
  type RunLabels,
  type RunNames,
  type RunPairs,
  type SampleRound,
} from '../../storage/records';
import type { RunParts } from '../../storage/studio-storage';
import type { AdapterFiles } from '../../worker/protocol';
import type { TrainingCheckpoint } from '../../run/training-checkpoint';
import type { StepMetrics } from '../../run/metrics';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';
import type { PendingWrites } from './pending-writes';
import { UnwrittenRun, type WriteKind } from './unwritten-run';
import type { Storage } from '../plain/records';
import type { RunFilter } from '../plain/runs/find-runs';
import type { Run } from '../plain/runs/run';
import { firstOrder, type RunOrder } from '../plain/runs/sort-runs';

export interface RunList {
  readonly words: string;
  readonly filter: RunFilter;
  readonly order: RunOrder;
}

export interface LibraryState {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Metrics of the runs that were opened or trained in this session. */
  readonly metrics: Readonly<Record<string, readonly StepMetrics[]>>;
  /** What the model answered at each evaluation, for the same runs as the metrics. */
  readonly samples: Readonly<Record<string, readonly SampleRound[]>>;
  /** Ids of the runs laid side by side, in the order they were chosen. */
  readonly compared: readonly string[];
  /** Ids of the runs that stand first in the list, whatever its order. */
  readonly pinned: readonly string[];
  /** What the list is searched for, filtered and ordered by; until the page is closed. */
  readonly list: RunList;

  /** Lists the stored runs. */
  restore(): Promise<void>;
  /** The next name of a method, `dpo-3`, which no run ever had, deleted and renamed ones included. */
  nextName(method: Run['method']): string;
  /** Whether no run but this one has or ever had the name; null is a run that does not exist yet. */
  isNameFree(name: string, id: string | null): boolean;
  /** The name where no run ever had it, else with the first number that makes it new. */
  freeName(name: string): string;
  /**
   * Writes a run, with its metrics and adapter if given, then adds it to the list or replaces it there. What could not
   * be written is listed all the same, which is said.
   */
  save(run: Run, parts?: RunParts): Promise<void>;
  /**
   * Writes a run where it stands, with the checkpoint; `pairs` are kept with its first one.
   * @returns the steps of the checkpoints that are there: without this one where it could not be written
   */
  saveCheckpoint(
    run: Run,
    checkpoint: TrainingCheckpoint,
    pairs: RunPairs,
    made: Required<Pick<RunParts, 'metrics' | 'samples'>>,
  ): Promise<readonly number[]>;
  checkpointOf(id: string, step: number): Promise<FoundCheckpoint>;
  /** The newest checkpoint of a run that is whole; where that is not its last one, a sentence says so. */
  newestCheckpointOf(id: string): Promise<FoundCheckpoint>;
  /** Writes what is known of all runs into a storage that was cleared; what of them was only there is gone. */
  writeAnew(): Promise<void>;
  /** Changes a run's name, notes or tags; an empty name, or one that another run ever had, changes nothing. */
  label(id: string, change: Partial<RunLabels>): Promise<void>;
  /** Reads a run again that another tab wrote or deleted. */
  refresh(id: string): Promise<void>;
  setCompared(ids: readonly string[]): void;
  setPinned(ids: readonly string[]): void;
  setList(change: Partial<RunList>): void;
  /** Deletes the runs that no tab trains; one notice brings all of them back. */
  remove(...ids: readonly string[]): Promise<void>;
  loadMetrics(id: string): Promise<void>;
  adapterOf(id: string): Promise<AdapterFiles>;
  /** What a run trained on; null where that was not kept. */
  pairsOf(id: string): Promise<RunPairs | null>;
}

export interface FoundCheckpoint {
  readonly checkpoint: TrainingCheckpoint;
  readonly pairs: RunPairs;
}

export type LibraryStore = StoreApi<LibraryState>;

export interface LibraryDependencies {
  readonly storage: Pick<
    Storage,
    | 'readRuns'
    | 'readRun'
    | 'readRunNames'
    | 'writeRun'
    | 'writeLabels'
    | 'readMetrics'
    | 'readSamples'
    | 'readAdapter'
    | 'readRunPairs'
    | 'writeCheckpoint'
    | 'readCheckpoint'
    | 'putRunAway'
    | 'deleteRun'
    | 'purgeRuns'
  >;
  readonly notices: NoticeStore;
  /** Whether a run that is stored as `running` is in fact going, in another tab. */
  readonly isRunning: (runId: string) => Promise<boolean>;
  readonly onStored: () => void;
  /** Tells other tabs that a run was written. */
  readonly tellTabs?: (runId: string) => void;
  /** Does the work when no tab trains the run any more. */
  readonly whenEnded?: (runId: string, work: () => Promise<void>) => Promise<void>;
  /** Whether this tab trains the run, so that it knows more than what is stored. */
  readonly isTrainedHere?: (runId: string) => boolean;
  readonly pending?: PendingWrites;
}

/** The runs as the store shows them, and what is held of them beside the store. */
class HeldRuns {
  /** Adapters of this session, small beside the model. */
  readonly adapters = new Map<string, AdapterFiles>();
  /** Of runs of which something could not be written. */
  readonly unwritten = new Map<string, UnwrittenRun>();
  private known: RunNames = noRunNames;

  constructor(private readonly store: LibraryStore) {}

  /** The names that runs ever had. */
  names(more: RunNames = noRunNames): RunNames {
    const owners = more.owners.reduce((names, { name, runId }) => noteName(names, { id: runId, name }), this.known);
    const both = { ...owners, dpo: Math.max(more.dpo, owners.dpo), sft: Math.max(more.sft, owners.sft) };
    this.known = this.store.getState().runs.reduce(noteName, both);
    return this.known;
  }

  /** Nobody else gets the name of a run that is still to be written. */
  note(run: Run): void {
    this.known = noteName(this.known, run);
  }

  find(id: string): Run | undefined {
    return this.store.getState().runs.find((run) => run.id === id);
  }

  /** The trainer's record is old where a person has renamed the run since: labels stay as the list has them. */
  put(given: Run, labels: Partial<RunLabels> = this.find(given.id) ?? {}): void {
    this.note(given);
    const { name = given.name, notes = given.notes, tags = given.tags } = labels;
    const run: Run = { ...given, name, ...(notes !== undefined && { notes }), ...(tags !== undefined && { tags }) };
    const others = this.store.getState().runs.filter(({ id }) => id !== run.id);
    this.store.setState({ runs: [...others, run].sort((a, b) => b.startedAt.localeCompare(a.startedAt)) });
  }

  putParts(id: string, { metrics, samples, adapter }: RunParts): void {
    this.store.setState((state) => ({
      ...(metrics && { metrics: { ...state.metrics, [id]: metrics } }),
      ...(samples && { samples: { ...state.samples, [id]: samples } }),
    }));
    if (adapter) this.adapters.set(id, adapter);
  }

  forget(id: string): void {
    this.adapters.delete(id);
    this.unwritten.delete(id);
    this.store.setState(({ runs, metrics, samples, compared, pinned }) => ({
      runs: runs.filter((other) => other.id !== id),
      metrics: without(metrics, id),
      samples: without(samples, id),
      compared: compared.filter((other) => other !== id),
      pinned: pinned.filter((other) => other !== id),
    }));
  }
}

function without<T>(parts: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(parts).filter(([key]) => key !== id));
}

type InTurn = (work: () => Promise<void>) => Promise<void>;

/** Reading and writing labels takes turns: what was read before a write must not be shown after it. */
function takingTurns(notices: NoticeStore): InTurn {
  let turn: Promise<void> = Promise.resolve();
  return (work) => {
    turn = turn.then(work).catch((error: unknown) => notices.getState().tellFailure(error));
    return turn;
  };
}

/** A function that lists a stored run as it is now: one that no tab trains any more was cut off, and is marked so. */
function placing(store: LibraryStore, held: HeldRuns, dependencies: LibraryDependencies): (run: Run) => Promise<void> {
  const { storage, isRunning, whenEnded } = dependencies;
  /** Runs of other tabs whose end is waited for. */
  const awaited = new Set<string>();

  function awaitEnd(id: string): void {
    if (whenEnded === undefined || awaited.has(id)) return;
    awaited.add(id);
    void whenEnded(id, async () => {
      awaited.delete(id);
      await store.getState().refresh(id);
    });
  }

  return async (read) => {
    const isGoing = read.status === 'running' && (await isRunning(read.id));
    // A tab writes how its run ended before it lets go of it: what was read while it still went may be old by now.
    const run = read.status === 'running' && !isGoing ? await storage.readRun(read.id) : read;
    if (run === null) return held.forget(read.id);
    const cutOff = run.status === 'running' && !isGoing;
    held.put(cutOff ? { ...run, status: 'interrupted' } : run, run);
    if (cutOff) await storage.writeRun({ ...run, status: 'interrupted' });
    if (isGoing) awaitEnd(run.id);
  };
}

function reading(
  store: LibraryStore,
  held: HeldRuns,
  dependencies: LibraryDependencies,
  inTurn: InTurn,
): Pick<LibraryState, 'restore' | 'refresh' | 'loadMetrics' | 'adapterOf' | 'pairsOf'> {
  const { storage, notices, isTrainedHere = () => false } = dependencies;
  const place = placing(store, held, dependencies);

  async function readParts(id: string): Promise<void> {
    const [metrics, samples] = await Promise.all([storage.readMetrics(id), storage.readSamples(id)]);
    held.putParts(id, { metrics, samples });
  }

  return {
    async restore() {
      try {
        // What a page that was closed left so; in another tab the notice that can bring it back may still stand.
        await storage.purgeRuns(new Date(Date.now() - bringBackMs).toISOString());
        held.names(await storage.readRunNames());
        for (const run of await storage.readRuns()) if (held.find(run.id) === undefined) await place(run);
      } catch (error) {
        notices.getState().tellFailure(error);
      }
    },

    refresh: (id) =>
      inTurn(async () => {
        const run = await storage.readRun(id);
        const known = held.find(id);
        if (isTrainedHere(id)) {
          if (run !== null && known !== undefined) held.put(known, run);
          return;
        }
        // What could not be written is nowhere but here.
        if (held.unwritten.get(id)?.isEmpty === false) return;
        if (run === null) return held.forget(id);
        held.adapters.delete(id);
        held.names(await storage.readRunNames());
        await place(run);
        if (store.getState().metrics[id] !== undefined) await readParts(id);
      }),

    loadMetrics: (id) =>
      inTurn(async () => {
        if (store.getState().metrics[id] === undefined) await readParts(id);
      }),

    pairsOf: (id) => storage.readRunPairs(id),

    async adapterOf(id) {
      const files = held.adapters.get(id) ?? (await storage.readAdapter(id));
      if (files === null) throw new UserError('noAdapter', { run: held.find(id)?.name ?? id });
      held.adapters.set(id, files);
      return files;
    },
  };
}

function findingCheckpoints(
  held: HeldRuns,
  { storage, notices }: LibraryDependencies,
): Pick<LibraryState, 'checkpointOf' | 'newestCheckpointOf'> {
  return {
    async checkpointOf(id, step) {
      const found = await storage.readCheckpoint(id, step);
      if (found === null) throw new UserError('noCheckpoint', { run: held.find(id)?.name ?? id, step });
      return found;
    },

    async newestCheckpointOf(id) {
      const { name: run = id, checkpoints = [] } = held.find(id) ?? {};
      for (const step of checkpoints.toReversed()) {
        const found = await storage.readCheckpoint(id, step);
        if (found === null) continue;
        const last = checkpoints.at(-1) ?? step;
        if (step !== last) notices.getState().warn(message('olderCheckpoint', { run, step, last }));
        return found;
      }
      throw new UserError('noSoundCheckpoint', { run });
    },
  };
}

/** How long a deleted run can be brought back by the notice that says so, where its page was closed before. */
const bringBackMs = 3_600_000;

/** How many checkpoints of a run are kept, the latest ones. */
export const keptCheckpoints = 3;

/** Writes what is kept of runs, and says what could not be written. */
function tryingToWrite(
  held: HeldRuns,
  { notices, onStored, pending, tellTabs = () => {} }: LibraryDependencies,
): {
  readonly unwrittenOf: (id: string) => UnwrittenRun;
  readonly write: (id: string, kind: WriteKind, work: () => Promise<void>, loss?: string) => Promise<boolean>;
} {
  function unwrittenOf(id: string): UnwrittenRun {
    const unwritten = held.unwritten.get(id) ?? new UnwrittenRun(pending);
    held.unwritten.set(id, unwritten);
    return unwritten;
  }

  /** @param loss what it means that it could not be written */
  async function write(id: string, kind: WriteKind, work: () => Promise<void>, loss = ''): Promise<boolean> {
    const unwritten = unwrittenOf(id);
    try {
      await unwritten.write(kind, async () => {
        await work();
        tellTabs(id);
        onStored();
      });
      if (unwritten.isEmpty) held.unwritten.delete(id);
      return true;
    } catch (error) {
      notices.getState().tellFailure(error, loss);
      return false;
    }
  }

  return { unwrittenOf, write };
}

function writing(
  held: HeldRuns,
  dependencies: LibraryDependencies,
  inTurn: InTurn,
): Pick<LibraryState, 'save' | 'saveCheckpoint' | 'label'> {
  const { storage } = dependencies;
  const { unwrittenOf, write } = tryingToWrite(held, dependencies);

  return {
    async save(run, given = {}) {
      held.note(run);
      const wasThere = held.find(run.id) !== undefined;
      const unwritten = unwrittenOf(run.id);
      // What could not be written before goes with it.
      const parts = { ...unwritten.parts, ...given };
      unwritten.parts = parts;
      const loss = parts.adapter && currentText().faults.adapterNotKept;
      let isFirst = true;
      const writeRecord = async (): Promise<void> => {
        // When it is tried again the run is as the list has it by then, or is gone.
        const record = isFirst ? run : held.find(run.id);
        isFirst = false;
        if (record !== undefined) await storage.writeRun(record, parts);
        unwritten.parts = {};
      };
      await write(run.id, 'record', writeRecord, loss);
      // Written, or said that it is not; a run that was deleted meanwhile stays so.
      if (wasThere && held.find(run.id) === undefined) return;
      held.put(run);
      held.putParts(run.id, given);
    },

    async saveCheckpoint(run, checkpoint, pairs, { metrics, samples }) {
      const { id, checkpoints = [] } = run;
      held.put(run);
      const steps = [...checkpoints.filter((step) => step !== checkpoint.step), checkpoint.step].slice(
        -keptCheckpoints,
      );
      const isWritten = await write(id, 'checkpoint', async () => {
        // It may be tried again long after: the run is then as the list has it.
        const now = held.find(id);
        if (now === undefined) return;
        const written = { ...now, checkpoints: steps };
        await storage.writeCheckpoint(written, metrics, checkpoint, pairs, samples);
        held.put({ ...(held.find(id) ?? now), checkpoints: steps });
      });
      return isWritten ? steps : checkpoints;
    },

    label: (id, change) =>
      inTurn(async () => {
        const run = held.find(id);
        if (run === undefined) return;
        // Another tab may have changed the others since.
        const known = (await storage.readRun(id)) ?? run;
        const { notes = known.notes ?? '', tags = known.tags ?? [] } = change;
        const wanted = change.name?.trim() ?? '';
        const isTaken = wanted === '' || !isNameFree(held.names(), wanted, id);
        const labels: RunLabels = { name: isTaken ? known.name : wanted, notes, tags };
        await write(id, 'labels', () => storage.writeLabels(id, labels));
        const now = held.find(id);
        if (now !== undefined) held.put(now, labels);
      }),
  };
}

function writingAnew({ getState }: LibraryStore, held: HeldRuns): Pick<LibraryState, 'writeAnew'> {
  return {
    async writeAnew() {
      const { runs, metrics, samples } = getState();
      for (const run of runs) {
        const adapter = held.adapters.get(run.id);
        const parts = {
          ...(metrics[run.id] && { metrics: metrics[run.id] }),
          ...(samples[run.id] && { samples: samples[run.id] }),
          ...(adapter && { adapter }),
        } as RunParts;
        // One that trains writes its checkpoints again by itself.
        const kept = { ...run, keepsPairs: false, checkpoints: [], adapterBytes: adapter ? run.adapterBytes : 0 };
        await getState().save(kept, parts);
      }
    },
  };
}

function removing(
  { getState }: LibraryStore,
  held: HeldRuns,
  { storage, notices, isRunning, onStored, tellTabs = () => {} }: LibraryDependencies,
): Pick<LibraryState, 'remove'> {
  /** False where it is not stored, or cannot be marked: a full disk takes no mark, but lets go of what is on it. */
  const putAway = (id: string): Promise<boolean> => storage.putRunAway(id, new Date().toISOString()).catch(() => false);

  /** @returns what brings the run back; null where another tab trains it */
  async function removeRun(run: Run): Promise<(() => Promise<void>) | null> {
    const { id, name } = run;
    if (await isRunning(id)) {
      notices.getState().warn(message('trainedElsewhere', { run: name }));
      return null;
    }
    const metrics = getState().metrics[id] ?? (await storage.readMetrics(id));
    const samples = getState().samples[id] ?? (await storage.readSamples(id));
    const adapter = held.adapters.get(id) ?? (await storage.readAdapter(id));
    const isWhole = await putAway(id);
    if (!isWhole) await storage.deleteRun(id);
    held.forget(id);
    tellTabs(id);
    onStored();
    return async () => {
      if (isWhole) {
        await storage.putRunAway(id, null);
        tellTabs(id);
        return getState().refresh(id);
      }
      // Its checkpoints are gone: they are too large to be held for an undo.
      const parts = { metrics, samples, ...(adapter !== null && { adapter }) };
      await getState().save({ ...run, checkpoints: [] }, parts);
    };
  }

  return {
    async remove(...ids) {
      const removed: { readonly id: string; readonly name: string; readonly bringBack: () => Promise<void> }[] = [];
      for (const run of ids.flatMap((id) => held.find(id) ?? [])) {
        try {
          const bringBack = await removeRun(run);
          if (bringBack !== null) removed.push({ id: run.id, name: run.name, bringBack });
        } catch (error) {
          notices.getState().tellFailure(error);
        }
      }
      if (removed.length === 0) return;
      const { deleted, deletedMany } = currentText().runs;
      const [first] = removed;
      const done = removed.length === 1 && first !== undefined ? deleted(first.name) : deletedMany(removed.length);
      const tell = (error: unknown) => notices.getState().tellFailure(error);
      const bringBack = () => void Promise.all(removed.map((each) => each.bringBack())).catch(tell);
      const settle = () => void Promise.all(removed.map(({ id }) => storage.deleteRun(id))).then(onStored, tell);
      notices.getState().tellDone(done, bringBack, settle);
    },
  };
}

export function createLibraryStore(dependencies: LibraryDependencies): LibraryStore {
  const inTurn = takingTurns(dependencies.notices);
  return createStore<LibraryState>()((set, _get, store) => {
    const held = new HeldRuns(store);
    return {
      runs: [],
      metrics: {},
      samples: {},
      compared: [],
      pinned: [],
      list: { words: '', filter: 'all', order: firstOrder },

      ...reading(store, held, dependencies, inTurn),
      ...findingCheckpoints(held, dependencies),
      ...writing(held, dependencies, inTurn),
      ...writingAnew(store, held),
      ...removing(store, held, dependencies),

      nextName: (method) => `${method}-${held.names()[method] + 1}`,

      isNameFree: (name, id) => isNameFree(held.names(), name.trim(), id),

      freeName(name) {
        const isFree = (free: string) => isNameFree(held.names(), free, null);
        let free = name;
        for (let number = 2; !isFree(free); number++) free = `${name}-${number}`;
        return free;
      },

      setCompared: (compared) => set({ compared }),
      setPinned: (pinned) => set({ pinned }),
      setList: (change) => set(({ list }) => ({ list: { ...list, ...change } })),
    };
  });
}
