/** @file Opens the studio: reads what is stored, makes the stores, connects them, and starts the engine. */
import type { TabNews } from '../browser/tab-news';
import { parseNumber } from '../plain/numbers';
import type { Settings, Storage } from '../plain/records';
import { isOnPolicyMethod } from '../../run/objectives';
import { numberFields } from '../plain/train/options';
import { isAbort, isDatabaseFault } from '../text/failure';
import { currentText } from '../text/text';
import { afterSettling } from './after-settling';
import type { EngineTime } from './engine-time';
import { onDownload } from '../browser/download';
import { writeDown } from './write-down';
import { remindOfBackup } from './backup-reminder';
import { keepStarterResult } from './keep-starter-result';
import { keepSettings } from './kept-settings';
import { createNoticeStore, type NoticeStore } from './notices';
import { ownModel } from './open-model';
import { createSetAsideStore } from './set-aside';
import { createSpaceStore } from './space';
import { createStudioStores, type Studio, type StudioDependencies } from './studio-stores';

/** Checks the pairs in the background, again whenever pairs, model or maximal length changed. */
function checkPairs({ model, dataset, training }: Studio, engineTime: EngineTime): void {
  const askForCheck = engineTime.addBackground(async (signal) => {
    const maxLength = parseNumber(training.getState().form.max_length, numberFields.max_length).value;
    if (maxLength === null) return;
    const { down, summary } = model.getState();
    await dataset.getState().checkPairs(down === null ? summary : null, maxLength, signal);
  });
  dataset.subscribe((now, before) => now.rows !== before.rows && askForCheck());
  training.subscribe((now, before) => now.form.max_length !== before.form.max_length && askForCheck());
  model.subscribe((now, before) => {
    if (now.summary !== before.summary || now.down !== before.down) askForCheck();
  });
}

/** The checks of the texts follow pairs, split and the model's special tokens. */
function checkQuality({ model, dataset, quality, notices }: Studio): void {
  const check = afterSettling(() => void quality.getState().checkRows());
  dataset.subscribe((now, before) => (now.rows !== before.rows || now.split !== before.split) && check());
  model.subscribe((now, before) => {
    if (now.summary === before.summary) return;
    quality
      .getState()
      .readTokens(now.summary)
      .catch((error: unknown) => isAbort(error) || notices.getState().tellFailure(error));
  });
}

/** The rules and the review of the labels are those of the data set that is open. */
function followDataset({ dataset, rules, labelReview }: Studio): void {
  dataset.subscribe(({ openId }, before) => {
    if (openId === before.openId) return;
    void rules.getState().follow(openId);
    void labelReview.getState().follow(openId);
  });
}

/** A file that is looked at becomes messages where the model that was opened meanwhile has a template. */
function formImports({ model, dataset }: Studio): void {
  model.subscribe((now, before) => now.summary !== before.summary && dataset.getState().formImports());
}

/** What the chosen model needs, and whether the engine would train, follow the form. */
function followForm({ training, model, rules, modelShelf }: Studio): void {
  const checkSettings = afterSettling(() => void training.getState().checkSettings());
  const planAgain = afterSettling(() => void modelShelf.getState().planAgain());
  training.subscribe((now, before) => {
    if (now.form === before.form || now.active !== null) return;
    planAgain();
    checkSettings();
  });
  // What answers need of memory is shown beside the form, which says nothing before there are a model and a reward.
  const checkDrawing = () => isOnPolicyMethod(training.getState().form.method) && checkSettings();
  model.subscribe((now, before) => now.summary !== before.summary && checkDrawing());
  rules.subscribe((now, before) => now.rules !== before.rules && checkDrawing());
  modelShelf.subscribe((now, before) => now.stored !== before.stored && checkDrawing());
}

/** What was typed for a round, a prompt set, a demonstration or a frontier is written a moment later. */
function keepForms({ judge, promptSet, demonstration, sweep, rules }: Studio): void {
  const keepJudgeForm = afterSettling(() => void judge.getState().keepRound());
  judge.subscribe((now, before) => now.form !== before.form && keepJudgeForm());
  const keepPromptSetForm = afterSettling(() => void promptSet.getState().keepRound());
  promptSet.subscribe((now, before) => now.form !== before.form && keepPromptSetForm());
  const keepDemonstrationForm = afterSettling(() => void demonstration.getState().keepRound());
  demonstration.subscribe((now, before) => now.form !== before.form && keepDemonstrationForm());
  const keepSweepForm = afterSettling(() => void sweep.getState().keepRound());
  sweep.subscribe((now, before) => now.form !== before.form && keepSweepForm());
  const keepRules = afterSettling(() => void rules.getState().keep());
  rules.subscribe((now, before) => now.rules !== before.rules && keepRules());
}

/** Reads again what another tab wrote: what tabs share, or the run of that id. */
function followTabs(
  { dataset, judge, promptSet, demonstration, sweep, rules, labelReview, library }: Studio,
  news: TabNews,
): void {
  const shared: Readonly<Record<string, () => Promise<void>>> = {
    dataset: () => dataset.getState().refresh(),
    judging: () => judge.getState().refresh(),
    trials: () => promptSet.getState().refresh(),
    demonstration: () => demonstration.getState().refresh(),
    frontier: () => sweep.getState().refresh(),
    rules: () => rules.getState().refresh(),
    'label-review': () => labelReview.getState().refresh(),
  };
  news.listen((topic) => void (shared[topic]?.() ?? library.getState().refresh(topic)));
}

async function readSettings(storage: Storage, notices: NoticeStore): Promise<Settings> {
  try {
    return (await storage.readSettings()) ?? {};
  } catch (error) {
    notices.getState().tellFailure(error, isDatabaseFault(error) ? '' : currentText().faults.nothingKept);
    return {};
  }
}

async function readStored(
  { dataset, library, judge, promptSet, demonstration, sweep, makePairs, rules, labelReview }: Studio,
  settings: Settings,
): Promise<void> {
  await Promise.all([
    dataset.getState().restore(),
    library.getState().restore(),
    judge.getState().refresh(),
    promptSet.getState().refresh(),
    demonstration.getState().refresh(),
    makePairs.getState().restore(),
    sweep.getState().refresh(),
  ]);
  const { openId } = dataset.getState();
  await Promise.all([rules.getState().follow(openId), labelReview.getState().follow(openId)]);
  const { runs } = library.getState();
  const thatExist = (ids: readonly string[] = []) => ids.filter((id) => runs.some((run) => run.id === id));
  library.getState().setCompared(thatExist(settings.compared));
  library.getState().setPinned(thatExist(settings.pinned));
}

/** Reads what is stored, starts the engine and returns the running studio. */
export async function openStudio(dependencies: StudioDependencies): Promise<Studio> {
  const { storage, storedModels, news } = dependencies;
  const notices = createNoticeStore();
  const space = createSpaceStore(dependencies.space);
  const setAside = createSetAsideStore({
    storage,
    stored: storedModels,
    notices,
    nameOf: (id) => stores.library.getState().runs.find((run) => run.id === id)?.name ?? id,
    onStored: () => void space.getState().measureStored(),
  });
  const settings = await readSettings(storage, notices);
  const { stores, engineTime } = createStudioStores(dependencies, settings, { notices, setAside, space });
  checkPairs(stores, engineTime);
  checkQuality(stores);
  formImports(stores);
  followForm(stores);
  keepSettings(stores, storage);
  const { model, dataset, compare, starter, modelShelf } = stores;
  model.subscribe((now, before) => {
    const [own, ownBefore] = [ownModel(now), ownModel(before)];
    const isBack = before.standsInFor !== null && own?.fingerprint === ownBefore?.fingerprint;
    if (own === ownBefore || isBack) return;
    compare.getState().clear();
    compare.getState().dropOthersPrompt();
  });
  const { library, training } = stores;
  model.subscribe((now, before) => now.summary !== before.summary && void training.getState().lookAtStart());
  library.subscribe((now, before) => now.runs !== before.runs && void training.getState().lookAtStart());
  dataset.subscribe((now, before) => now.rows !== before.rows && compare.getState().dropOthersPrompt());
  await readStored(stores, settings);
  remindOfBackup(stores);
  writeDown(stores, storage);
  onDownload((file) => stores.audit.getState().letOut(file));
  void stores.audit.getState().refresh();
  if (news) followTabs(stores, news);
  followDataset(stores);
  keepForms(stores);
  void space.getState().measure();
  void setAside.getState().refresh();
  const started = model.getState().start();
  const found = starter.getState().find();
  const listed = modelShelf.getState().restore();
  // The page is drawn meanwhile.
  void found.then(() => keepStarterResult(starter, storage, notices, () => engineTime.isRunning('starter')));
  void Promise.all([started, found, listed]).then(() => stores.comeBack.getState().reopen());
  return stores;
}
