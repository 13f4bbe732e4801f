/**
 * @file Makes the studio's stores over one engine and one storage, each from those before it. Stores know only what
 * they are given here.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { Engine } from '../browser/engine-client';
import type { TabNews } from '../browser/tab-news';
import type { ReadTableFile } from '../browser/table-reader';
import type { Settings, Storage } from '../plain/records';
import type { FetchStarterFile } from '../plain/starter/manifest';
import { readRuleForms } from '../plain/data/rule-form';
import { referencesOf } from '../plain/compare/best-of';
import { nameOfRows } from '../plain/data/name-of-rows';
import { describeDatasetName } from '../text/describe-dataset';
import { currentText } from '../text/text';
import { startingRuns } from '../plain/runs/answering-runs';
import { planSettings, readForm } from '../plain/train/options';
import { settingsOfJobs } from '../plain/data/label-judges';
import { scoreAnswer } from '../plain/starter/score-answer';
import type { Builds } from '../browser/builds';
import { createBuildStore, type BuildState } from './build';
import { exportPlaces, type ExportPlaces } from '../browser/export-places';
import { winRateResults } from '../plain/hand-over/win-rates';
import { openSaveTarget, type OpenSaveTarget } from '../browser/save-file';
import { noOffice, type Office } from '../plain/audit/office';
import { createAuditLog, type AuditLog } from '../../storage/audit/audit-log';
import { mapKeyValue } from '../../storage/key-value';
import { createSigningKeys, type SigningKeys } from '../../storage/signing-keys';
import { createAuditStore, type AuditState, type AuditStore } from './audit';
import { createBackupStore, type BackupState } from './backup';
import { createCourierStore, type CourierState } from './courier';
import { choosingReward, type ChooseReward } from './choose-reward';
import { createCalibrationStore, type CalibrationState } from './calibration';
import { createCompareStore, type CompareState } from './compare';
import { createComeBackStore, type ComeBackState } from './come-back';
import { createNoDatabase, type DatabaseState, type DatabaseStore } from './database';
import { createDemonstrationStore, type DemonstrationState } from './demonstration';
import { createDatasetStore, type DatasetState } from './dataset';
import { EngineTime, type EngineTimeState } from './engine-time';
import { createHandOverStore, type HandOverState } from './hand-over';
import { createJudgeStore, type JudgeState } from './judge';
import { createLibraryStore, type LibraryDependencies, type LibraryState } from './library';
import { createMakePairsStore, type MakePairsState } from './make-pairs';
import { createMemoryStore, type MemoryState } from './memory';
import { createModelShelfStore, type ModelShelfDependencies, type ModelShelfState } from './model-shelf';
import { createLabelReviewStore, type LabelReviewState } from './label-review';
import type { NoticeState, NoticeStore } from './notices';
import { createOpenModelStore, type OpenModelState } from './open-model';
import { PendingWrites, type PendingState } from './pending-writes';
import { createQualityStore, type QualityState } from './quality';
import { systemClock, type Clock } from './clock';
import { createRecoveryStore, type RecoveryState } from './recovery';
import { createJudgesStore, followPromptSet, type JudgesState } from './judges';
import { createRoundsStore, type RoundsState } from './rounds';
import { createRulesStore, type RulesState } from './rules';
import type { SetAsideState, SetAsideStore } from './set-aside';
import type { SpaceSource, SpaceState } from './space';
import { createStarterStore, type StarterState } from './starter';
import { createTrafficStore, type TrafficState } from './traffic';
import type { MarkRunning } from './train-run';
import { createTrainingStore } from './training';
import { chosenRuns, formOfStart } from './training-jobs';
import type { TrainingDependencies, TrainingState } from './training-state';
import { createPromptSetStore, type PromptSetState } from './prompt-set';
import { createSweepStore, type SweepState } from './sweep';

export interface StudioStates {
  readonly engineTime: EngineTimeState;
  readonly model: OpenModelState;
  readonly modelShelf: ModelShelfState;
  readonly dataset: DatasetState;
  readonly quality: QualityState;
  readonly rules: RulesState;
  readonly labelReview: LabelReviewState;
  readonly setAside: SetAsideState;
  readonly database: DatabaseState;
  readonly training: TrainingState;
  readonly judge: JudgeState;
  readonly compare: CompareState;
  readonly promptSet: PromptSetState;
  readonly makePairs: MakePairsState;
  readonly calibration: CalibrationState;
  readonly sweep: SweepState;
  readonly demonstration: DemonstrationState;
  readonly library: LibraryState;
  readonly rounds: RoundsState;
  readonly judges: JudgesState;
  readonly notices: NoticeState;
  readonly space: SpaceState;
  readonly memory: MemoryState;
  readonly traffic: TrafficState;
  readonly pending: PendingState;
  readonly starter: StarterState;
  readonly comeBack: ComeBackState;
  readonly recovery: RecoveryState;
  readonly build: BuildState;
  readonly backup: BackupState;
  readonly audit: AuditState;
  readonly courier: CourierState;
  readonly handOver: HandOverState;
}

export type Studio = { readonly [K in keyof StudioStates]: StoreApi<StudioStates[K]> };

export interface StudioDependencies {
  readonly engine: Engine;
  readonly storage: Storage;
  /** What becomes of the database below the storage. */
  readonly database?: DatabaseStore;
  readonly readTable: ReadTableFile;
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
  readonly clock?: Clock;
  readonly builds: Builds;
  readonly reload: () => void;
  readonly openSaveTarget?: OpenSaveTarget;
  readonly exportPlaces?: ExportPlaces;
  /** Without them what is handed over in this visit is signed by a key of this visit. */
  readonly signingKeys?: SigningKeys;
  /** Without it the log is of this visit alone. */
  readonly auditLog?: AuditLog;
  readonly office?: Office;
}

/** What all stores are made over. */
interface Ground extends StudioDependencies {
  readonly settings: Settings;
  readonly notices: NoticeStore;
  readonly engineTime: EngineTime;
  readonly onStored: () => void;
  readonly pending: PendingWrites;
  /** Called when what tabs share under this topic was written here. */
  readonly onStoredAs: (topic: string) => () => void;
}

/** The model, the pairs and the runs. */
function createSources(ground: Ground, isTrainedHere: (runId: string) => boolean) {
  const { engine, engineTime, storage, notices, settings, isRunning, news, whenEnded, onStored, pending } = ground;
  const model = createOpenModelStore(engine, engineTime, {
    ...(settings.device && { devicePreference: settings.device }),
    ...(settings.products && { products: settings.products }),
  });
  const dataset = createDatasetStore({
    ...{ engine, storage, notices, pending, readTable: ground.readTable },
    onStored: ground.onStoredAs('dataset'),
    hasTemplate: () => model.getState().summary?.hasChatTemplate ?? false,
    ...(settings.imports && { rememberedPlans: settings.imports }),
    ...(settings.dataset !== undefined && { openId: settings.dataset }),
  });
  const quality = createQualityStore({ engine, dataset, ...settings.table });
  const library = createLibraryStore({
    storage,
    notices,
    isRunning,
    onStored,
    pending,
    isTrainedHere,
    ...(news && { tellTabs: (id: string) => news.tellTabs(id) }),
    ...(whenEnded && { whenEnded }),
  });
  const judges = createJudgesStore(settings.judges);
  return { model, dataset, quality, library, judges, getModel: () => model.getState().summary };
}

type Sources = ReturnType<typeof createSources>;

/** The name that was given to the open data set, or else the files that its pairs came from. */
function dataNameOf({ sets, openId, rows }: Pick<StudioStates['dataset'], 'sets' | 'openId' | 'rows'>): string | null {
  const label = sets.find(({ id }) => id === openId)?.label;
  const isNamed = label !== undefined && (label.name !== null || label.task !== undefined);
  return isNamed ? describeDatasetName(label, currentText()) : nameOfRows(rows);
}

function createTraining(
  ground: Ground,
  { library, dataset, judges, getModel }: Sources,
  { rules, getStored }: Pick<Studio, 'rules'> & Required<Pick<TrainingDependencies, 'getStored'>>,
) {
  const { settings, engine, engineTime, markRunning, storedModels } = ground;
  return createTrainingStore({
    ...{ engine, engineTime, library, getModel, markRunning, storedModels, getStored },
    ...(settings.training && { form: settings.training }),
    ...settings.start,
    getPairs: () => dataset.getState().rows.map(({ pair, scores }) => (scores ? { ...pair, scores } : pair)),
    getDataName: () => dataNameOf(dataset.getState()),
    getSplit: () => dataset.getState().split,
    getReports: () => dataset.getState().check?.reports ?? null,
    getRules: () => readRuleForms(rules.getState().rules).rules,
    getJudges: () => judges.getState().judges,
  });
}

function createComparing(
  { engine, engineTime, settings }: Ground,
  { library, dataset, model, judges, getModel }: Sources,
  judging: Pick<Studio, 'modelShelf'> & { readonly chooseReward: ChooseReward },
) {
  return createCompareStore({
    ...{ engine, engineTime, library, model, judges, getModel },
    getData: () => dataset.getState(),
    ...judging,
    referenceOf: (prompt) => referencesOf(dataset.getState().rows)(prompt),
    ...(settings.sampling && { sampling: settings.sampling }),
    ...(settings.columns && { columns: settings.columns }),
    ...(settings.comparison && { draft: settings.comparison }),
  });
}

function createShelf(ground: Ground, { model, library, judges }: Sources, training: ReturnType<typeof createTraining>) {
  const { engine, notices, storage, storedModels, fetchServerModels, base, settings, onStored } = ground;
  return createModelShelfStore({
    engine,
    model,
    notices,
    onStored,
    stored: storedModels,
    fetchServerModels,
    base,
    getPlanSettings: () => {
      const form = formOfStart(training.getState(), model.getState().summary);
      return planSettings(form, library.getState().runs, judges.getState().judges);
    },
    last: settings.lastModel ?? null,
    keepLast: (lastModel) => storage.writeSettings({ lastModel }),
  });
}

function createRules({ storage, notices, pending, onStoredAs }: Ground, { dataset }: Sources) {
  const { openId: datasetId } = dataset.getState();
  return createRulesStore({ storage, notices, pending, datasetId, onStored: onStoredAs('rules') });
}

function createLabelReview(
  ground: Ground,
  { dataset, library, getModel }: Sources,
  { training, rules }: Pick<Studio, 'training' | 'rules'>,
  clock: Clock,
) {
  const { engine, engineTime, storage, notices, pending, onStoredAs } = ground;
  return createLabelReviewStore({
    ...{ engine, engineTime, storage, notices, pending, dataset, library, getModel, clock },
    getFormRun: (model) => {
      const { startFrom } = training.getState();
      const form = formOfStart(training.getState(), model);
      const { jobs } = readForm(form, model.linears, model.layers, readRuleForms(rules.getState().rules).rules);
      return settingsOfJobs(
        jobs,
        startingRuns(library.getState().runs, model.fingerprint).some(({ id }) => id === startFrom) ? startFrom : null,
      );
    },
    onStored: onStoredAs('label-review'),
  });
}

function createMakePairs(
  { engine, engineTime, storage, notices, onStored }: Ground,
  { library, dataset, judges, model }: Sources,
  judging: Pick<Studio, 'compare' | 'rules' | 'modelShelf'> & { readonly chooseReward: ChooseReward },
) {
  const ground = { engine, engineTime, storage, notices, onStored };
  return createMakePairsStore({ ...ground, library, dataset, judges, model, ...judging });
}

function createSweep(
  { engine, engineTime, storage, notices, pending, markRunning, onStoredAs }: Ground,
  { library, dataset, getModel }: Sources,
  { training, rules }: Pick<Studio, 'training' | 'rules'>,
) {
  return createSweepStore({
    ...{ engine, engineTime, storage, notices, pending, library, dataset, training, getModel, markRunning },
    getDataName: () => dataNameOf(dataset.getState()),
    getSources: () => {
      const { rows, split, check } = dataset.getState();
      const usable = readRuleForms(rules.getState().rules).rules;
      const { runs } = library.getState();
      const trainForm = formOfStart(training.getState(), getModel());
      return { trainForm, rows, split, runs, reports: check?.reports ?? null, rules: usable };
    },
    getStart: (model) => chosenRuns(training.getState(), [{ method: 'dpo', config: {} }], model, { library }),
    onStored: onStoredAs('frontier'),
  });
}

function createAudit({ storage, notices, settings, auditLog, office = noOffice }: Ground): AuditStore {
  const log = auditLog ?? createAuditLog(mapKeyValue(new Map()), { read: () => null, write: () => {} });
  return createAuditStore({ log, office, notices, storage, who: settings.person ?? '' });
}

function createBackup(ground: Ground, audit: AuditStore) {
  const { storage, storedModels, settings, isRunning, news } = ground;
  return createBackupStore({
    storage,
    isRunning,
    models: storedModels,
    openSaveTarget: ground.openSaveTarget ?? openSaveTarget,
    tellTabs: (topic) => news?.tellTabs(topic),
    askWhy: (name) => audit.getState().askWhy(name),
    getLabel: () => audit.getState().office.label,
    last: settings.lastBackup ?? null,
  });
}

function createCourier(
  ground: Ground,
  stores: Pick<Studio, 'judge' | 'dataset'> & { readonly audit: AuditStore },
): StoreApi<CourierState> {
  return createCourierStore({ ...stores, openSaveTarget: ground.openSaveTarget ?? openSaveTarget });
}

function createHandOver(
  ground: Ground,
  { library, audit, promptSet }: Pick<Studio, 'library' | 'audit' | 'promptSet'>,
  clock: Clock,
) {
  const { engine, engineTime } = ground;
  return createHandOverStore({
    ...{ engine, engineTime, library, audit, clock },
    places: ground.exportPlaces ?? exportPlaces,
    winRatesOf: (runId) => winRateResults(runId, promptSet.getState().round),
    keys: ground.signingKeys ?? createSigningKeys(mapKeyValue(new Map())),
  });
}

/** @param setAside was made before, since it hears of every record that is read */
export function createStudioStores(
  dependencies: StudioDependencies,
  settings: Settings,
  { notices, setAside, space }: Pick<Studio, 'space'> & { notices: NoticeStore; setAside: SetAsideStore },
): { readonly stores: Studio; readonly engineTime: EngineTime } {
  const { engine, storage, news, fetchStarterFile, clock = systemClock } = dependencies;
  const engineTime = new EngineTime();
  const onStored = () => void space.getState().measureStored();
  const onStoredAs = (topic: string) => () => {
    news?.tellTabs(topic);
    onStored();
  };
  const pending = new PendingWrites(clock, () => notices.getState().tellDone(currentText().faults.allWritten));
  const ground: Ground = { ...dependencies, settings, notices, engineTime, onStored, onStoredAs, pending };
  const sources = createSources(ground, (id) => training.getState().active?.id === id);
  const rules = createRules(ground, sources);
  const getStored = () => modelShelf.getState().stored;
  const training = createTraining(ground, sources, { rules, getStored });
  const modelShelf: Studio['modelShelf'] = createShelf(ground, sources, training);
  const chooseReward = choosingReward({ ...sources, rules, modelShelf });
  const compare = createComparing(ground, sources, { chooseReward, modelShelf });
  const judging = { compare, rules, chooseReward, modelShelf };
  const given = { engine, engineTime, storage, notices, pending, fetchStarterFile, ...judging, ...sources };
  const makePairs = createMakePairs(ground, sources, judging);
  const labelReview = createLabelReview(ground, sources, { training, rules }, clock);
  const judge = createJudgeStore({ ...given, onStored: onStoredAs('judging') });
  const due = settings.starterDue ?? null;
  const starter = createStarterStore({ ...given, training, fetchFile: fetchStarterFile, due });
  const promptSet = createPromptSetStore({ ...given, starter, onStored: onStoredAs('trials') });
  followPromptSet(sources.judges, promptSet);
  const sweep = createSweep(ground, sources, { training, rules });
  const answered = { ...given, starter, promptSet };
  const demonstration = createDemonstrationStore({ ...answered, onStored: onStoredAs('demonstration') });
  const kept = settings.rounds;
  const rounds = createRoundsStore({
    ...{ ...given, rules, training, judge, makePairs, promptSet, score: scoreAnswer },
    ...(kept && { kept }),
  });
  const comeBack = createComeBackStore({
    ...given,
    resume: (runId) => training.getState().resume(runId),
    starter,
    ...(settings.dismissed && { dismissed: settings.dismissed }),
  });
  const recovery = createRecoveryStore({ ...given, training, comeBack });
  const { model, dataset, quality, library, judges } = sources;
  const audit = createAudit(ground);
  const backup = createBackup(ground, audit);
  const courier = createCourier(ground, { judge, dataset, audit });
  const handOver = createHandOver(ground, { library, audit, promptSet }, clock);
  const [memory, traffic, build] = [createMemoryStore(engine), createTrafficStore(), createBuildStore(ground)];
  const { database = createNoDatabase() } = dependencies;
  const data = { model, modelShelf, dataset, quality, rules, labelReview, library, setAside, database };
  const calibration = createCalibrationStore(given);
  const answering = { compare, judge, promptSet, makePairs, sweep, demonstration, calibration, rounds, judges };
  const work = { engineTime: engineTime.state, training, starter, comeBack, recovery, ...answering };
  const said = { notices, space, memory, traffic, pending: pending.state, build, backup, audit, courier, handOver };
  return { engineTime, stores: { ...data, ...work, ...said } };
}
