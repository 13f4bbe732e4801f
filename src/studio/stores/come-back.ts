/**
 * @file Coming back to what was there: the model of the last visit is opened again, and a run that was cut off goes on
 * at one click. A model whose opening never ended is not opened by itself again, so that none shuts a person out.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Precision } from '../../core/dtype';
import { precisionOfRun, type Run } from '../plain/runs/run';
import { isStarterModel } from '../plain/starter/recipe';
import { currentText } from '../text/text';
import type { LibraryStore } from './library';
import type { ModelShelfStore } from './model-shelf';
import type { NoticeStore } from './notices';
import type { OpenModelStore } from './open-model';
import type { StarterStore } from './starter';

export interface ComeBackState {
  /** The model of the last visit is being opened by itself. */
  readonly isReopening: boolean;
  /** The run that is about to go on, while its model is opened. */
  readonly going: string | null;
  /** Ids of interrupted runs that a person put away. */
  readonly dismissed: readonly string[];

  /** Opens the model of the last visit, unless something keeps the engine busy, here or in another tab. */
  reopen(): Promise<void>;
  /** Ends that; the next visit does not try again by itself. */
  cancelReopening(): void;
  /** Opens the model of a run, where this browser has it. @returns whether it is open */
  openModelOf(run: Pick<Run, 'modelName' | 'modelFingerprint'>, precision?: Precision): Promise<boolean>;
  /** Opens the run's model as it was held, and goes on from the run's last checkpoint. */
  goOn(runId: string): Promise<void>;
  dismiss(runId: string): void;
}

export type ComeBackStore = StoreApi<ComeBackState>;

export interface ComeBackDependencies {
  readonly model: OpenModelStore;
  readonly modelShelf: ModelShelfStore;
  readonly library: LibraryStore;
  /** Goes on with a run whose model is open. */
  readonly resume: (runId: string) => Promise<void>;
  readonly starter: StarterStore;
  readonly notices: NoticeStore;
  readonly dismissed?: readonly string[];
}

type Opening = Pick<ComeBackState, 'reopen' | 'cancelReopening' | 'openModelOf'>;

function opening({ setState: set }: ComeBackStore, dependencies: ComeBackDependencies): Opening {
  const { model, modelShelf, library, starter, notices } = dependencies;
  const isIdle = () =>
    model.getState().summary === null &&
    model.getState().down === null &&
    !modelShelf.getState().isOpening &&
    starter.getState().progress === null;
  // Another tab that trains needs the memory more than this one.
  const isTrainedElsewhere = () => library.getState().runs.some(({ status }) => status === 'running');

  function sayWhyNot(): void {
    const { failure, candidate } = modelShelf.getState();
    const why = failure ?? model.getState().refusal;
    if (why !== null) notices.getState().warn(why.sentence);
    else if (candidate !== null && !candidate.isLoaded && candidate.inspection.plan.shortages.length > 0)
      notices.getState().warn(currentText().comeBack.notReopened(candidate.name));
  }

  return {
    async reopen() {
      const { last, stored, open } = modelShelf.getState();
      if (last?.id == null || !last.isReopened || !stored.some(({ id }) => id === last.id)) return;
      if (!isIdle() || isTrainedElsewhere()) return;
      set({ isReopening: true });
      await open(last.id);
      set({ isReopening: false });
      sayWhyNot();
    },

    cancelReopening: () => model.getState().cancelLoading(),

    async openModelOf({ modelName, modelFingerprint }, precision) {
      const isOpen = () => model.getState().summary?.fingerprint === modelFingerprint;
      if (isOpen()) return true;
      const kept = modelShelf.getState().stored.find(({ fingerprint }) => fingerprint === modelFingerprint);
      if (kept !== undefined) await modelShelf.getState().open(kept.id, precision);
      else if (isStarterModel(modelName)) await starter.getState().openModel(modelName);
      return isOpen();
    },
  };
}

function goingOn(store: ComeBackStore, dependencies: ComeBackDependencies): Pick<ComeBackState, 'goOn' | 'dismiss'> {
  const { model, modelShelf, library, resume, starter, notices } = dependencies;

  /** Whether the run's model is open as it was held; why not is said. */
  async function openAsHeld(run: Run): Promise<boolean> {
    const text = currentText().comeBack;
    const precision = precisionOfRun(run);
    if (!(await store.getState().openModelOf(run, precision))) {
      const { down, refusal } = model.getState();
      const why = down ?? refusal ?? modelShelf.getState().failure;
      notices.getState().warn(why === null ? text.needsModel(run.name, run.modelName) : why.sentence);
      return false;
    }
    if (model.getState().summary?.precision !== precision) await modelShelf.getState().choosePrecision(precision);
    if (model.getState().summary?.precision === precision) return true;
    notices.getState().warn(text.needsPrecision(run.name, run.modelName, precision));
    return false;
  }

  return {
    async goOn(runId) {
      const run = library.getState().runs.find(({ id }) => id === runId);
      if (run === undefined || store.getState().going !== null) return;
      store.setState({ going: runId });
      const isOpen = await openAsHeld(run).finally(() => store.setState({ going: null }));
      if (!isOpen) return;
      const isGuided = run.plan?.starter !== undefined;
      await (isGuided ? starter.getState().goOn(run) : resume(runId));
    },

    dismiss: (runId) => store.setState({ dismissed: [...store.getState().dismissed, runId] }),
  };
}

export function createComeBackStore(dependencies: ComeBackDependencies): ComeBackStore {
  return createStore<ComeBackState>()((_set, _get, store) => ({
    isReopening: false,
    going: null,
    dismissed: dependencies.dismissed ?? [],
    ...opening(store, dependencies),
    ...goingOn(store, dependencies),
  }));
}
