/**
 * @file Puts the studio together: the stores over one engine and one storage, and what connects them.
 * Stores know only what they are given here; nothing below imports another store's instance.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { Engine } from '../browser/engine-client';
import { isAbort } from '../text/failure';
import { createCompareStore, type CompareState } from './compare';
import { createDatasetStore, type DatasetState } from './dataset';
import { EngineTime, type EngineTimeState } from './engine-time';
import { createJudgeStore, type JudgeState } from './judge';
import { createLibraryStore, type LibraryDependencies, type LibraryState } from './library';
import { createMemoryStore, type MemoryState } from './memory';
import { createOpenModelStore, type OpenModelState } from './open-model';
import { createModelShelfStore, type ModelShelfDependencies, type ModelShelfState } from './model-shelf';
import { createNoticeStore, type NoticeState } from './notices';
import { createQualityStore, type QualityState } from './quality';
import { createSetAsideStore, type SetAsideState } from './set-aside';
import { createStarterStore, type StarterState } from './starter';
import { createSpaceStore, type SpaceSource, type SpaceState } from './space';
import { scoreAnswer } from '../plain/starter/score-answer';
import type { FetchStarterFile } from '../plain/starter/manifest';
import { createTrafficStore, type TrafficState } from './traffic';
import type { MarkRunning } from './train-run';
import { createTrainingStore, type TrainingState } from './training';
import { createTrialStore, type TrialState } from './trial';
import type { TabNews } from '../browser/tab-news';
import { currentText } from '../text/text';
import { numberFields, planSettings } from '../plain/train/options';
import { draftOf, isSameDraft } from '../plain/compare/draft';
import type { Settings, Storage } from '../plain/records';
import { parseNumber } from '../plain/numbers';

export interface StudioStates {
  readonly engineTime: EngineTimeState;
  readonly model: OpenModelState;
  readonly modelShelf: ModelShelfState;
  readonly dataset: DatasetState;
  readonly quality: QualityState;
  readonly setAside: SetAsideState;
  readonly training: TrainingState;
  readonly judge: JudgeState;
  readonly compare: CompareState;
  readonly trial: TrialState;
  readonly library: LibraryState;
  readonly notices: NoticeState;
  readonly space: SpaceState;
  readonly memory: MemoryState;
  readonly traffic: TrafficState;
  readonly starter: StarterState;
}

export type Studio = { readonly [K in keyof StudioStates]: StoreApi<StudioStates[K]> };

export interface StudioDependencies {
  readonly engine: Engine;
  readonly storage: Storage;
  readonly space: SpaceSource;
  readonly storedModels: ModelShelfDependencies['stored'];
  readonly fetchServerModels: ModelShelfDependencies['fetchServerModels'];
  /** The page's address. */
  readonly base: string;
  readonly isRunning: (runId: string) => Promise<boolean>;
  readonly markRunning: MarkRunning;
  /** Where there are other tabs. */
  readonly news?: TabNews;
  readonly whenEnded?: LibraryDependencies['whenEnded'];
  readonly fetchStarterFile: FetchStarterFile;
}

/** Typing a number should not start the tokenizer at every digit, nor write to disk at every letter. */
const settleMs = 400;

function afterSettling(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, settleMs);
  };
}

/** Reads what is stored, starts the engine and returns the running studio. */
export async function openStudio(dependencies: StudioDependencies): Promise<Studio> {
  const { engine, storage, isRunning, markRunning, news, whenEnded, fetchStarterFile } = dependencies;
  const notices = createNoticeStore();
  const nameOf = (id: string) => library.getState().runs.find((run) => run.id === id)?.name ?? id;
  const onStored = () => void space.getState().stored();
  const setAside = createSetAsideStore({ storage, stored: dependencies.storedModels, notices, nameOf, onStored });
  let settings: Settings = {};
  try {
    settings = (await storage.readSettings()) ?? {};
  } catch (error) {
    notices.getState().tellFailure(error, currentText().faults.nothingKept);
  }

  const space = createSpaceStore(dependencies.space);
  const engineTime = new EngineTime();
  const model = createOpenModelStore(engine, engineTime, settings.device);
  const toldAs = (topic: string) => () => {
    news?.tell(topic);
    onStored();
  };
  const dataset = createDatasetStore({ engine, storage, notices, onStored: toldAs('dataset') });
  const quality = createQualityStore({ engine, dataset, ...settings.table });
  const library = createLibraryStore({
    storage,
    notices,
    isRunning,
    onStored,
    isTrainedHere: (id) => training.getState().active?.id === id,
    ...(news && { tellTabs: (id: string) => news.tell(id) }),
    ...(whenEnded && { whenEnded }),
  });
  const getModel = () => model.getState().summary;
  const training = createTrainingStore({
    engine,
    library,
    getModel,
    engineTime,
    markRunning,
    ...(settings.training && { form: settings.training }),
    ...settings.start,
    getPairs: () => dataset.getState().rows.map(({ pair }) => pair),
    getSplit: () => dataset.getState().split,
    getReports: () => dataset.getState().check?.reports ?? null,
  });
  const compare = createCompareStore({
    engine,
    library,
    getModel,
    engineTime,
    ...(settings.sampling && { sampling: settings.sampling }),
    ...(settings.columns && { columns: settings.columns }),
    ...(settings.comparison && { draft: settings.comparison }),
  });
  const judge = createJudgeStore({
    engine,
    storage,
    library,
    dataset,
    notices,
    getModel,
    engineTime,
    onStored: toldAs('judging'),
  });
  const starter = createStarterStore({
    engine,
    model,
    dataset,
    training,
    library,
    compare,
    engineTime,
    scoreAnswer,
    fetchFile: fetchStarterFile,
  });
  const trial = createTrialStore({
    engine,
    storage,
    library,
    dataset,
    compare,
    starter,
    notices,
    fetchStarterFile,
    getModel,
    engineTime,
    onStored: toldAs('trials'),
  });

  const modelShelf = createModelShelfStore({
    engine,
    model,
    notices,
    onStored,
    stored: dependencies.storedModels,
    fetchServerModels: dependencies.fetchServerModels,
    base: dependencies.base,
    getPlanSettings: () => planSettings(training.getState().form),
  });
  const checkSettings = afterSettling(() => void training.getState().checkSettings());
  const planAgain = afterSettling(() => void modelShelf.getState().planAgain());

  const askForCheck = engineTime.addBackground(async (signal) => {
    const maxLength = parseNumber(training.getState().form.max_length, numberFields.max_length).value;
    if (maxLength === null) return;
    const { down, summary } = model.getState();
    await dataset.getState().checkPairs(down === null ? summary : null, maxLength, signal);
  });
  model.subscribe((now, before) => {
    if (now.summary !== before.summary || now.down !== before.down) askForCheck();
    if (now.summary !== before.summary) compare.getState().clear();
    if (now.devicePreference !== before.devicePreference) saveSettings();
  });
  const checkQuality = afterSettling(() => void quality.getState().run());
  model.subscribe((now, before) => {
    if (now.summary === before.summary) return;
    quality
      .getState()
      .readTokens(now.summary)
      .catch((error: unknown) => isAbort(error) || notices.getState().tellFailure(error));
  });
  dataset.subscribe((now, before) => now.rows !== before.rows && askForCheck());
  library.subscribe((now, before) => now.compared !== before.compared && saveSettings());
  quality.subscribe((now, before) => (now.search !== before.search || now.filter !== before.filter) && saveSettings());
  dataset.subscribe((now, before) => (now.rows !== before.rows || now.split !== before.split) && checkQuality());
  compare.subscribe((now, before) => {
    if (now.sampling !== before.sampling || now.columns !== before.columns || !isSameDraft(now, before)) saveSettings();
  });
  training.subscribe((now, before) => {
    if (now.form.max_length !== before.form.max_length) askForCheck();
    if (now.startFrom !== before.startFrom || now.reference !== before.reference) saveSettings();
    if (now.form !== before.form) {
      saveSettings();
      if (now.active === null) {
        planAgain();
        checkSettings();
      }
    }
  });

  const settingsNow = (): Required<Settings> => ({
    device: model.getState().devicePreference,
    training: training.getState().form,
    start: { startFrom: training.getState().startFrom, reference: training.getState().reference },
    sampling: compare.getState().sampling,
    columns: compare.getState().columns,
    comparison: draftOf(compare.getState()),
    compared: library.getState().compared,
    table: { search: quality.getState().search, filter: quality.getState().filter },
  });
  let saved = settingsNow();
  /** Only what was changed here: another tab may have changed the rest. */
  const saveSettings = afterSettling(() => {
    const [now, before] = [settingsNow(), saved];
    saved = now;
    const changed = Object.entries(now).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof typeof now]),
    );
    if (changed.length === 0) return;
    storage.writeSettings(Object.fromEntries(changed)).catch((error: unknown) => {
      saved = before;
      notices.getState().tellFailure(error);
    });
  });

  await Promise.all([
    dataset.getState().restore(),
    library.getState().restore(),
    judge.getState().refresh(),
    trial.getState().refresh(),
  ]);
  const { runs } = library.getState();
  library.getState().setCompared((settings.compared ?? []).filter((id) => runs.some((run) => run.id === id)));
  const shared: Readonly<Record<string, () => Promise<void>>> = {
    dataset: () => dataset.getState().refresh(),
    judging: () => judge.getState().refresh(),
    trials: () => trial.getState().refresh(),
  };
  news?.listen((topic) => void (shared[topic]?.() ?? library.getState().refresh(topic)));
  const keepJudgeForm = afterSettling(() => void judge.getState().keepRound());
  judge.subscribe((now, before) => now.form !== before.form && keepJudgeForm());
  const keepTrialForm = afterSettling(() => void trial.getState().keepRound());
  trial.subscribe((now, before) => now.form !== before.form && keepTrialForm());
  void space.getState().measure();
  void setAside.getState().refresh();
  void model.getState().start();
  void starter.getState().find();
  void modelShelf.getState().restore();
  return {
    engineTime: engineTime.state,
    model,
    modelShelf,
    dataset,
    quality,
    setAside,
    training,
    judge,
    compare,
    trial,
    library,
    notices,
    space,
    starter,
    memory: createMemoryStore(engine),
    traffic: createTrafficStore(),
  };
}
