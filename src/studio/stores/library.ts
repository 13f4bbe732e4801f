/**
 * @file Runs, their metrics and their adapters: what is kept of training.
 * The list lives in memory and in storage; metrics and adapters are read when asked for. What could not be written
 * stays usable in memory, so that an adapter can still be downloaded when the storage is full.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { RunLabels, RunPairs, SampleRound } from '../../storage/records';
import type { StudioStorage } from '../../storage/studio-storage';
import type { AdapterFiles, TrainingCheckpoint, RunConfig, StepMetrics } from '../../worker/protocol';
import { describeFailure } from '../text/failure';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';
import type { Run } from '../plain/runs/run';

export interface LibraryState {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Metrics of the runs that were opened or trained in this session. */
  readonly metrics: Readonly<Record<string, readonly StepMetrics[]>>;

  /** Answers at evaluations, of the same runs as the metrics. */
  readonly samples: Readonly<Record<string, readonly SampleRound[]>>;
  /** Runs laid side by side, in the order they were chosen. */
  readonly compared: readonly string[];

  restore(): Promise<void>;
  /** The next free name of a method: `dpo-3`. */
  nextName(method: Run['method']): string;
  /** Adds or replaces a run in the list and writes it, with its metrics and adapter if given. */
  save(run: Run, parts?: RunParts): Promise<void>;
  /** Writes a run where it stands; `pairs` are kept with its first checkpoint. */
  saveCheckpoint(
    run: Run,
    metrics: readonly StepMetrics[],
    checkpoint: TrainingCheckpoint,
    pairs: RunPairs,
    samples: readonly SampleRound[],
  ): Promise<void>;
  checkpointOf(
    id: string,
    step: number,
  ): Promise<{ readonly checkpoint: TrainingCheckpoint; readonly pairs: RunPairs }>;
  /** Changes a run's name, notes or tags; an empty name changes nothing. */
  label(id: string, change: Partial<RunLabels>): Promise<void>;
  /** Reads a run again that another tab wrote or deleted. */
  refresh(id: string): Promise<void>;
  setCompared(ids: readonly string[]): void;
  remove(id: string): Promise<void>;
  loadMetrics(id: string): Promise<void>;
  adapterOf(id: string): Promise<AdapterFiles>;
}

/** What is kept beside a run's record. */
export interface RunParts {
  readonly metrics?: readonly StepMetrics[];
  readonly samples?: readonly SampleRound[];
  readonly adapter?: AdapterFiles;
}

export type LibraryStore = StoreApi<LibraryState>;

export type Storage = StudioStorage<Partial<RunConfig>, StepMetrics>;

export interface LibraryDependencies {
  readonly storage: Pick<
    Storage,
    | 'readRuns'
    | 'readRun'
    | 'writeRun'
    | 'writeLabels'
    | 'readMetrics'
    | 'readSamples'
    | 'readAdapter'
    | 'writeCheckpoint'
    | 'readCheckpoint'
    | 'deleteRun'
  >;
  readonly notices: NoticeStore;
  /** Whether a run that is stored as `running` is in fact going, in another tab. */
  readonly isRunning: (runId: string) => Promise<boolean>;
  readonly onStored: () => void;
  /** Tells other tabs that a run was written. */
  readonly tell?: (runId: string) => void;
  /** Does the work when no tab trains the run any more. */
  readonly whenEnded?: (runId: string, work: () => Promise<void>) => Promise<void>;
  /** This tab trains it: what it knows is newer than what is stored. */
  readonly isTrainedHere?: (runId: string) => boolean;
}

export function createLibraryStore(dependencies: LibraryDependencies): LibraryStore {
  const {
    storage,
    notices,
    isRunning,
    onStored,
    tell = () => {},
    whenEnded,
    isTrainedHere = () => false,
  } = dependencies;
  /** Adapters of this session, small beside the model. */
  const adapters = new Map<string, AdapterFiles>();

  return createStore<LibraryState>()((set, get) => {
    /** The trainer's record is old where a person has renamed the run since: labels stay as the list has them. */
    function put(given: Run, labels: Partial<RunLabels> = find(given.id) ?? {}): void {
      const { name = given.name, notes = given.notes, tags = given.tags } = labels;
      const run: Run = { ...given, name, ...(notes !== undefined && { notes }), ...(tags !== undefined && { tags }) };
      const others = get().runs.filter(({ id }) => id !== run.id);
      set({ runs: [...others, run].sort((a, b) => b.startedAt.localeCompare(a.startedAt)) });
    }

    function find(id: string): Run | undefined {
      return get().runs.find((run) => run.id === id);
    }

    function forget(id: string): void {
      adapters.delete(id);
      const left = { ...get().metrics };
      delete left[id];
      set({
        runs: get().runs.filter((other) => other.id !== id),
        metrics: left,
        compared: get().compared.filter((other) => other !== id),
      });
    }

    /** Reading and writing labels takes turns: what was read before a write must not be shown after it. */
    let turn: Promise<void> = Promise.resolve();

    function inTurn(work: () => Promise<void>): Promise<void> {
      turn = turn.then(work).catch((error: unknown) => notices.getState().warn(describeFailure(error).sentence));
      return turn;
    }

    /** Runs of other tabs whose end is waited for. */
    const awaited = new Set<string>();

    function awaitEnd(id: string): void {
      if (whenEnded === undefined || awaited.has(id)) return;
      awaited.add(id);
      void whenEnded(id, async () => {
        awaited.delete(id);
        await get().refresh(id);
      });
    }

    /** Lists a stored run; one that no tab trains any more was cut off, and is marked so. */
    async function place(run: Run): Promise<void> {
      const isGoing = run.status === 'running' && (await isRunning(run.id));
      const cutOff = run.status === 'running' && !isGoing;
      put(cutOff ? { ...run, status: 'interrupted' } : run, run);
      if (cutOff) await storage.writeRun({ ...run, status: 'interrupted' });
      if (isGoing) awaitEnd(run.id);
    }

    return {
      runs: [],
      metrics: {},
      samples: {},
      compared: [],

      async restore() {
        try {
          const { runs, problems } = await storage.readRuns();
          for (const problem of problems) notices.getState().warn(problem);
          for (const run of runs) if (find(run.id) === undefined) await place(run);
        } catch (error) {
          notices.getState().warn(describeFailure(error).sentence);
        }
      },

      nextName(method) {
        const taken = new Set(get().runs.map(({ name }) => name));
        let number = 1;
        while (taken.has(`${method}-${number}`)) number++;
        return `${method}-${number}`;
      },

      async save(run, parts = {}) {
        put(run);
        if (parts.metrics) set({ metrics: { ...get().metrics, [run.id]: parts.metrics } });
        if (parts.samples) set({ samples: { ...get().samples, [run.id]: parts.samples } });
        if (parts.adapter) adapters.set(run.id, parts.adapter);
        try {
          await storage.writeRun(run, parts);
          tell(run.id);
          onStored();
        } catch (error) {
          const loss = parts.adapter ? ` ${currentText().faults.adapterNotKept}` : '';
          notices.getState().warn(describeFailure(error).sentence + loss);
        }
      },

      async saveCheckpoint(run, metrics, checkpoint, pairs, samples) {
        put(run);
        try {
          await storage.writeCheckpoint(run, metrics, checkpoint, pairs, samples);
          tell(run.id);
          onStored();
        } catch (error) {
          notices.getState().warn(describeFailure(error).sentence);
        }
      },

      async checkpointOf(id, step) {
        const found = await storage.readCheckpoint(id, step);
        if (found === null) throw new UserError(currentText().faults.noCheckpoint(find(id)?.name ?? id, step));
        return found;
      },

      label: (id, change) =>
        inTurn(async () => {
          const run = find(id);
          if (run === undefined) return;
          // Another tab may have changed the others since.
          const known = (await storage.readRun(id)) ?? run;
          const { notes = known.notes ?? '', tags = known.tags ?? [] } = change;
          const labels: RunLabels = { name: change.name?.trim() || known.name, notes, tags };
          put(find(id) ?? run, labels);
          await storage.writeLabels(id, labels);
          tell(id);
          onStored();
        }),

      refresh: (id) =>
        inTurn(async () => {
          const run = await storage.readRun(id);
          const known = find(id);
          if (isTrainedHere(id)) {
            if (run !== null && known !== undefined) put(known, run);
            return;
          }
          if (run === null) return forget(id);
          adapters.delete(id);
          await place(run);
          if (get().metrics[id] === undefined) return;
          const [metrics, samples] = await Promise.all([storage.readMetrics(id), storage.readSamples(id)]);
          set({ metrics: { ...get().metrics, [id]: metrics }, samples: { ...get().samples, [id]: samples } });
        }),

      setCompared: (compared) => set({ compared }),

      async remove(id) {
        const run = find(id);
        if (run === undefined) return;
        try {
          if (await isRunning(id)) {
            notices.getState().warn(currentText().faults.trainedElsewhere(run.name));
            return;
          }
          const metrics = get().metrics[id] ?? (await storage.readMetrics(id));
          const samples = get().samples[id] ?? (await storage.readSamples(id));
          const adapter = adapters.get(id) ?? (await storage.readAdapter(id));
          await storage.deleteRun(id);
          forget(id);
          tell(id);
          onStored();
          notices.getState().tell(currentText().runs.deleted(run.name), () => {
            // Its checkpoints are gone: they are too large to be held for an undo.
            void get().save({ ...run, checkpoints: [] }, { metrics, samples, ...(adapter !== null && { adapter }) });
          });
        } catch (error) {
          notices.getState().warn(describeFailure(error).sentence);
        }
      },

      // In turn: what was read before another tab's last write must not be shown after it.
      loadMetrics: (id) =>
        inTurn(async () => {
          if (get().metrics[id] !== undefined) return;
          const [metrics, samples] = await Promise.all([storage.readMetrics(id), storage.readSamples(id)]);
          set({ metrics: { ...get().metrics, [id]: metrics }, samples: { ...get().samples, [id]: samples } });
        }),

      async adapterOf(id) {
        const files = adapters.get(id) ?? (await storage.readAdapter(id));
        if (files === null) throw new Error(currentText().faults.noAdapter(find(id)?.name ?? id));
        adapters.set(id, files);
        return files;
      },
    };
  });
}
