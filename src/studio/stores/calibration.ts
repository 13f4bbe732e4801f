/**
 * @file Whether a reward model is as sure as it is right: its run's held-out pairs are scored when a person asks, and
 * what comes of it is kept in the run's record.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import { fewestChoices, reportChoices } from '../../evaluation/choices';
import { withDefaults } from '../../run/config';
import type { Engine, EngineSignal } from '../browser/engine-client';
import type { Run } from '../plain/runs/run';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';

export interface CalibrationState {
  /** The run that is measured now, and how many of its pairs are scored. */
  readonly measuring: { readonly runId: string; readonly done: number; readonly total: number } | null;
  readonly isStopping: boolean;
  /** Why the last one could not be measured. */
  readonly failed: { readonly runId: string; readonly failure: Failure } | null;

  measure(runId: string): Promise<void>;
  stop(): void;
}

export type CalibrationStore = StoreApi<CalibrationState>;

export interface CalibrationDependencies {
  readonly engine: Engine;
  readonly engineTime: EngineTime;
  readonly library: LibraryStore;
}

/** @throws UserError where too few of the run's held-out pairs are kept, or can be scored */
async function measureRun(
  run: Run,
  { engine, library }: CalibrationDependencies,
  signal: EngineSignal,
  show: (done: number, total: number) => void,
): Promise<NonNullable<Run['calibration']>> {
  const pairs = (await library.getState().pairsOf(run.id))?.evaluation ?? [];
  const tooFew = (count: number) => new UserError('choicesTooFew', { run: run.name, count, fewest: fewestChoices });
  if (pairs.length < fewestChoices) throw tooFew(pairs.length);
  show(0, pairs.length);
  const rewardModel = await library.getState().adapterOf(run.id);
  const { max_length: maxLength } = withDefaults(run.config);
  const scores = await engine.call(
    'scorePairs',
    { pairs, rewardModel, maxLength },
    { signal, onProgress: (event) => event.kind === 'reference' && show(event.done, event.total) },
  );
  if (scores.length < fewestChoices) throw tooFew(scores.length);
  return reportChoices(scores);
}

export function createCalibrationStore(dependencies: CalibrationDependencies): CalibrationStore {
  const { engineTime, library } = dependencies;
  return createStore<CalibrationState>()((set, get) => ({
    measuring: null,
    isStopping: false,
    failed: null,

    async measure(runId) {
      const findRun = () => library.getState().runs.find(({ id }) => id === runId);
      const run = findRun();
      if (run === undefined || get().measuring !== null) return;
      await engineTime.run('calibrating', async (signal) => {
        const show = (done: number, total: number): void => set({ measuring: { runId, done, total } });
        show(0, 0);
        set({ isStopping: false, failed: null });
        try {
          const calibration = await measureRun(run, dependencies, signal, show);
          const now = findRun();
          if (now !== undefined) await library.getState().save({ ...now, calibration });
        } catch (error) {
          if (!isAbort(error)) set({ failed: { runId, failure: describeFailure(error) } });
        } finally {
          set({ measuring: null, isStopping: false });
        }
      });
    },

    stop() {
      if (get().measuring === null) return;
      set({ isStopping: true });
      engineTime.stop('calibrating');
    },
  }));
}
