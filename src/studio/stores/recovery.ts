/**
 * @file Gets the engine going again when it went down: starts it by itself with the open model, a few times, and says
 * so; takes a run up again that lost its graphics device; waits where the browser withholds the adapter, and offers
 * WASM meanwhile. When that is not done, plain/engine/recovery.ts says.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { says } from '../../messages/message';
import type { Engine } from '../browser/engine-client';
import { remedyOf, withheldMs, type DownCause, type Fall } from '../plain/engine/recovery';
import type { Run } from '../plain/runs/run';
import { currentText } from '../text/text';
import type { ComeBackState } from './come-back';
import type { EngineTime } from './engine-time';
import type { LibraryState } from './library';
import type { NoticeStore } from './notices';
import type { OpenModelStore } from './open-model';
import { systemClock, type Clock } from './clock';
import type { TrainingState } from './training-state';

export interface RecoveryState {
  /** When the graphics device is tried again, milliseconds since 1970; null where that is not waited for. */
  readonly retryAtMs: number | null;
  /** The engine went down with its graphics device, so that WASM may be the way on. */
  readonly offersWasm: boolean;

  /** Opens the engine and its model on WASM from now on. */
  goOnWithWasm(): Promise<void>;
}

export type RecoveryStore = StoreApi<RecoveryState>;

export interface RecoveryDependencies {
  readonly engine: Pick<Engine, 'onDown'>;
  readonly engineTime: Pick<EngineTime, 'whenEnded'>;
  readonly model: OpenModelStore;
  readonly training: { getState(): Pick<TrainingState, 'last'> };
  readonly library: { getState(): Pick<LibraryState, 'runs'> };
  readonly comeBack: { getState(): Pick<ComeBackState, 'goOn'> };
  readonly notices: NoticeStore;
  readonly clock?: Clock;
}

/** The run of the last start, where the engine's end cut it off. */
function cutOffRun({ training, library }: RecoveryDependencies): Run | null {
  const id = training.getState().last?.runIds.at(-1);
  const run = library.getState().runs.find((each) => each.id === id);
  return run?.status === 'interrupted' ? run : null;
}

/** Waits for the adapter that the browser withholds, once, and tries again. */
function waiting(store: RecoveryStore, { model }: RecoveryDependencies, clock: Clock, retry: () => Promise<void>) {
  let forget: () => void = () => {};
  let hasWaited = false;
  model.subscribe(({ down, device }, before) => {
    if (down === before.down) return;
    forget();
    store.setState({ retryAtMs: null });
    if (device !== null) hasWaited = false;
    if (down === null || hasWaited || !says(down.sentence, 'adapterWithheld')) return;
    hasWaited = true;
    store.setState({ retryAtMs: clock.now() + withheldMs, offersWasm: true });
    forget = clock.after(withheldMs, () => void retry());
  });
}

export function createRecoveryStore(dependencies: RecoveryDependencies): RecoveryStore {
  const { engine, engineTime, model, comeBack, notices, clock = systemClock } = dependencies;
  const falls: Fall[] = [];
  const store = createStore<RecoveryState>()((set) => ({
    retryAtMs: null,
    offersWasm: false,

    async goOnWithWasm() {
      set({ offersWasm: false });
      await model.getState().setDevicePreference('wasm');
    },
  }));

  /** @returns whether the engine is up again */
  async function restart(cause: DownCause): Promise<boolean> {
    // What was under way has failed, and is written before another begins.
    await engineTime.whenEnded('training');
    await model.getState().restart(cause === 'deviceLost' ? { afterLoss: true } : {});
    return model.getState().down === null;
  }

  /** Starts the engine again, and the run with it where its device was lost. */
  async function recover(error: Error, cause: DownCause): Promise<void> {
    if (!(await restart(cause))) return;
    const text = currentText().recovery;
    const run = cutOffRun(dependencies);
    const goesOn = cause === 'deviceLost' && (run?.checkpoints?.length ?? 0) > 0;
    notices.getState().tellFailure(error, run !== null && goesOn ? text.goesOn(run.name) : text.restarted);
    if (run !== null && goesOn) await comeBack.getState().goOn(run.id);
  }

  engine.onDown((error, cause) => {
    falls.push({ atMs: clock.now(), cause, wasOpening: model.getState().loading !== null });
    store.setState({ offersWasm: cause === 'deviceLost' });
    if (remedyOf(falls) === 'restart') void recover(error, cause);
  });
  waiting(store, dependencies, clock, async () => void (await restart('deviceLost')));
  return store;
}
