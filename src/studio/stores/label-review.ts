/**
 * @file The labels of the open data set under review: a judge that has not learned them says which are doubtful, and a
 * person decides of each. What was judged and decided is a record of its own, which tabs share; pairs are changed by
 * the data set's own changes, so with its undo.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ScoredPair } from '../../data/preference-pair';
import type { LabelReview } from '../../storage/label-review-record';
import type { DatasetRow } from '../../storage/records';
import type { Stamped } from '../../storage/studio-storage';
import type { ModelSummary, Progress, Requests } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { judgingRuns, settingsOfRun, type JudgingRun, type LabelJudge } from '../plain/data/label-judges';
import {
  hasLabel,
  keepJudgement,
  labelKey,
  mergeReviews,
  noReview,
  withConfirmed,
  withSettled,
  withTurned,
} from '../plain/data/label-review';
import type { Storage } from '../plain/records';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import { systemClock, type Clock } from './clock';
import { undoable } from './dataset-history';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import type { PendingWrites } from './pending-writes';
import { progressFrom, type AnswerProgress } from './round';
import { shareValue, tellSharing } from './shared-value';
import { namedAdapter } from './train-run';

export type LabelDecision = 'keep' | 'flip' | 'drop';

export interface LabelReviewState extends LabelReview {
  /** The data set whose labels these are. */
  readonly datasetId: string;
  readonly judge: LabelJudge;
  /** Null while nothing is judged. */
  readonly judging: AnswerProgress | null;
  readonly stopping: boolean;
  readonly failure: Failure | null;
  /** The decisions of this visit that can be taken back, the oldest first. */
  readonly decisions: readonly LabelDecision[];

  /** Reads what is stored, also what another tab wrote. */
  refresh(): Promise<void>;
  /** Shows the review of another data set; what is being judged is given up. */
  follow(datasetId: string): Promise<void>;
  /** Writes the review into a storage that was cleared. */
  writeAnew(): Promise<void>;
  setJudge(judge: LabelJudge): void;
  /** Has the labels judged as they stand; what was decided stays. */
  start(): Promise<void>;
  stop(): void;
  /** Lets the label of a row stand, turns it round, or takes the pair out; nothing where the row is gone. */
  decide(row: DatasetRow, decision: LabelDecision): Promise<void>;
  /** Takes back the last decision of this visit. */
  undo(): Promise<void>;
}

export type LabelReviewStore = StoreApi<LabelReviewState>;

export interface LabelReviewDependencies {
  readonly engine: Engine;
  readonly engineTime: EngineTime;
  readonly storage: Pick<Storage, 'readLabelReview' | 'writeLabelReview'>;
  readonly notices: NoticeStore;
  readonly dataset: DatasetStore;
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
  /** What the form in Train asks for; null where none of its runs could judge. */
  readonly getFormRun: (model: ModelSummary) => JudgingRun | null;
  readonly onStored: () => void;
  readonly pending?: PendingWrites;
  readonly clock?: Clock;
}

type Shared = ReturnType<typeof shareReview>;

function shareReview({ getState: get, setState: set }: LabelReviewStore, dependencies: LabelReviewDependencies) {
  const { storage, notices, onStored, pending } = dependencies;
  const read = async (id: string): Promise<Stamped<LabelReview>> => {
    const { value, stamp } = await storage.readLabelReview(id);
    return { value: value ?? noReview, stamp };
  };
  const shared = shareValue<LabelReview>(
    {
      empty: noReview,
      read: () => read(get().datasetId),
      write: (value, over) => storage.writeLabelReview(get().datasetId, value, over),
      mine: () => ({ judged: get().judged, confirmed: get().confirmed }),
      show: ({ judged, confirmed }) => set({ judged, confirmed }),
      merge: mergeReviews,
      onWritten: onStored,
      ...tellSharing(notices, () => currentText().labels.notKept),
    },
    pending,
  );
  const follow = async (datasetId: string): Promise<void> => {
    if (datasetId === get().datasetId) return shared.refresh();
    await shared.switchTo(async () => {
      const { value, stamp } = await read(datasetId);
      return { value, stamp, begin: () => set({ datasetId, ...value, decisions: [], failure: null }) };
    });
  };
  return { shared, follow };
}

/** The runs that are to judge: null for the words, `none` where the choice cannot be had. */
function chosenRun(
  judge: LabelJudge,
  { getModel, getFormRun, library }: LabelReviewDependencies,
): { readonly run: JudgingRun; readonly model: string; readonly name?: string } | 'words' | 'none' {
  if (judge === 'words') return 'words';
  const model = getModel();
  if (model === null) return 'none';
  if (judge === 'form') {
    const run = getFormRun(model);
    return run === null ? 'none' : { run, model: model.name };
  }
  const run = judgingRuns(library.getState().runs, model.fingerprint).find(({ id }) => id === judge);
  return run === undefined ? 'none' : { run: settingsOfRun(run), model: model.name, name: run.name };
}

/** Has the labels judged, one judgement at a time. */
function judging(
  { getState: get, setState: set }: LabelReviewStore,
  dependencies: LabelReviewDependencies,
  { shared }: Shared,
): Pick<LabelReviewState, 'start' | 'stop'> {
  const { engine, engineTime, dataset, library, clock = systemClock } = dependencies;

  async function judge(chosen: Exclude<ReturnType<typeof chosenRun>, 'none'>, signal: EngineSignal): Promise<void> {
    const { datasetId } = get();
    const rows = dataset.getState().rows.filter(({ pair }) => hasLabel(pair));
    const pairs = rows.map(({ pair, scores }): ScoredPair => (scores ? { ...pair, scores } : pair));
    const run: Requests['labelMargins']['in']['run'] =
      chosen === 'words'
        ? null
        : { config: chosen.run.config, initAdapter: await namedAdapter(chosen.run.startFrom, library) };
    const progress = progressFrom(0, 1000, () => clock.now());
    const onProgress = (event: Progress): void => {
      if (event.kind === 'labelMargins') set({ judging: progress(event.done) });
    };
    const { margins, noise } = await engine.call('labelMargins', { pairs, run }, { signal, onProgress });
    const judgement = {
      ...(chosen === 'words' ? { by: 'words' as const } : { by: 'runs' as const, model: chosen.model }),
      ...(chosen !== 'words' && chosen.name !== undefined && { run: chosen.name }),
      ...{ at: new Date(clock.now()).toISOString(), noise },
    };
    await shared.change((review) =>
      // Another data set may have been opened meanwhile.
      get().datasetId === datasetId ? { ...review, judged: keepJudgement(judgement, pairs, margins) } : review,
    );
  }

  return {
    async start() {
      const chosen = chosenRun(get().judge, dependencies);
      if (chosen === 'none' || get().judging !== null) return;
      await engineTime.run('judgingLabels', async (signal) => {
        set({ judging: { done: 0, total: 0, secondsLeft: null }, stopping: false, failure: null });
        try {
          await judge(chosen, signal);
        } catch (error) {
          if (!isAbort(error)) set({ failure: describeFailure(error) });
        } finally {
          set({ judging: null, stopping: false });
        }
      });
    },

    stop() {
      if (get().judging === null) return;
      set({ stopping: true });
      engineTime.stop('judgingLabels');
    },
  };
}

/** What a person decides of the labels, and takes back. */
function deciding(
  { getState: get, setState: set }: LabelReviewStore,
  { dataset }: LabelReviewDependencies,
  { shared }: Shared,
): Pick<LabelReviewState, 'decide' | 'undo'> {
  /** What takes each decision of this visit back. */
  let undos: readonly (() => Promise<unknown>)[] = [];

  /** Changes the pairs. @returns the change's id; null where the row was gone */
  async function changePairs(change: () => Promise<void>): Promise<string | null> {
    const before = undoable(dataset.getState().history)?.id;
    await change();
    const after = undoable(dataset.getState().history)?.id;
    return after === undefined || after === before ? null : after;
  }

  return {
    async decide(row, decision) {
      const label = labelKey(row.pair);
      const { flip, remove, undo } = dataset.getState();
      const at = dataset.getState().rows.indexOf(row);
      if (at < 0) return;
      const before = get().confirmed;
      const settleAsBefore = (): Promise<unknown> => shared.change((review) => withSettled(review, label, before));
      let takeBack = settleAsBefore;
      if (decision === 'keep') await shared.change((review) => withConfirmed(review, label));
      else {
        const change = await changePairs(() => (decision === 'flip' ? flip(row) : remove(at)));
        if (change === null) return;
        if (decision === 'flip') await shared.change((review) => withTurned(review, label));
        takeBack = async () => {
          await undo(change);
          if (decision === 'flip') await settleAsBefore();
        };
      }
      undos = [...undos.slice(0, get().decisions.length), takeBack];
      set({ decisions: [...get().decisions, decision] });
    },

    async undo() {
      const { decisions } = get();
      const takeBack = undos[decisions.length - 1];
      if (takeBack === undefined) return;
      set({ decisions: decisions.slice(0, -1) });
      await takeBack();
    },
  };
}

export function createLabelReviewStore(dependencies: LabelReviewDependencies): LabelReviewStore {
  const { dataset, engineTime } = dependencies;
  return createStore<LabelReviewState>()((set, _get, store) => {
    const sharing = shareReview(store, dependencies);
    return {
      datasetId: dataset.getState().openId,
      ...noReview,
      judge: 'words',
      judging: null,
      stopping: false,
      failure: null,
      decisions: [],
      refresh: () => sharing.shared.refresh(),
      async follow(datasetId) {
        if (datasetId !== store.getState().datasetId) engineTime.stop('judgingLabels');
        await sharing.follow(datasetId);
      },
      writeAnew: () => sharing.shared.writeAnew(),
      setJudge: (judge) => set({ judge, failure: null }),
      ...judging(store, dependencies, sharing),
      ...deciding(store, dependencies, sharing),
    };
  });
}
