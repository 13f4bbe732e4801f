/**
 * @file The starter: one click loads the model and the pairs that ship with Airlock, trains SFT and DPO, and has base,
 * SFT and DPO answer held-out prompts, each answer scored by the task's ground truth. It works through the other
 * stores, so that model, pairs and runs stand in their sections as if they had been chosen by hand.
 */
import { message } from '../../messages/message';
import { sumOf } from '../../core/statistics';
import { estimateSequenceKl } from '../../evaluation/kl';
import { starterKlPrompts, starterPairs, starterPrompts } from '../../run/starter-recipe';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import { sha256Hex } from '../../core/sha256';
import type { JudgedPrompt } from '../../storage/judging-record';
import type { ModelFile, Variant } from '../../worker/protocol';
import type { PreferencePair } from '../../data/preference-pair';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { describeFailure, isAbort, isEngineEnd, type Failure } from '../text/failure';
import { describePhaseBriefly } from '../text/describe-phase';
import { formatBytes } from '../text/format';
import {
  readManifest,
  type FetchStarterFile,
  type StarterManifest,
  type StarterTask,
  type TaskId,
} from '../plain/starter/manifest';
import { jobsLeft, runsOfStart } from '../plain/runs/going-on';
import type { Run } from '../plain/runs/run';
import { askedText } from '../plain/data/prompt-text';
import { firstOffered } from '../plain/starter/offered';
import { heldPrompts } from '../plain/starter/held-prompts';
import { askedBy, jobsOf, shownPairs, starterModelFolder, starterModelName } from '../plain/starter/recipe';
import type { StageKey } from '../plain/starter/stages';
import { preferences } from '../text/preferences';
import { currentText } from '../text/text';
import { answerAll } from './answer-all';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { ModelShelfStore } from './model-shelf';
import type { OpenModelStore } from './open-model';
import { StageClock, type StageReading } from './stage-clock';
import type { TrainingStore } from './training-state';
import { columnKeys, scoredPrompt, type ScoredPrompt, type StarterResult } from '../plain/starter/result';
import { roleOfMethod } from '../plain/roles';

export interface StarterProgress {
  readonly task: StarterTask;
  readonly stage: StageKey;
  /** What is being done within the stage; empty where the stage's title says it. */
  readonly detail: string;
  /** How much of the whole is done, in [0, 1); it never falls. */
  readonly share: number;
  readonly secondsLeft: number;
  readonly stopping: boolean;
}

export interface StarterState {
  /** Null where this build ships no starter. */
  readonly manifest: StarterManifest | null;
  readonly taskId: TaskId;
  readonly progress: StarterProgress | null;
  /** The first pairs of the task, to look at while it trains. */
  readonly examples: readonly PreferencePair[];
  readonly result: StarterResult | null;
  /** Whether the user ended it before all answers were there. */
  readonly stopped: boolean;
  readonly failure: Failure | null;
  /** The task of a start that has not ended, of this visit or the last; null where it has, or a person stopped it. */
  readonly due: string | null;

  /** Looks whether a starter was shipped. */
  find(): Promise<void>;
  chooseTask(taskId: TaskId): void;
  /** Opens the shipped model of this name, which is kept in this browser like any other. */
  openModel(name: string): Promise<void>;
  /** Resolves when all has ended, by itself or by stop(). */
  start(): Promise<void>;
  /** Goes on with a start whose run was cut off, to its end; the run's model is open. */
  goOn(run: Run): Promise<void>;
  stop(): void;
  /** Takes the result off the page; runs and pairs stay. */
  forget(): void;
}

export type StarterStore = StoreApi<StarterState>;

export interface StarterDependencies {
  readonly engine: Engine;
  readonly model: OpenModelStore;
  readonly modelShelf: ModelShelfStore;
  readonly dataset: DatasetStore;
  readonly training: TrainingStore;
  readonly library: LibraryStore;
  readonly compare: CompareStore;
  readonly engineTime: EngineTime;
  readonly fetchFile: FetchStarterFile;
  /** Milliseconds. */
  readonly now?: () => number;
  readonly due?: string | null;
}

/** Shows the clock's reading; what it says of the whole never falls. */
function showReading({ getState, setState }: StarterStore, task: StarterTask, reading: StageReading): void {
  const { progress } = getState();
  const { stage, detail, share, secondsLeft } = reading;
  setState({
    progress: {
      task,
      stage,
      detail: detail ?? (progress?.stage === stage ? progress.detail : ''),
      share: Math.max(progress?.share ?? 0, share),
      secondsLeft,
      stopping: progress?.stopping ?? false,
    },
  });
}

/** What the steps of one start have in common. */
interface Start {
  readonly manifest: StarterManifest;
  readonly task: StarterTask;
  readonly clock: StageClock;
  readonly signal: EngineSignal;
  /** Id of the run that it goes on with. */
  readonly from?: string | null;
}

/** The steps of a start: fetch and open, train, answer. */
class StarterSteps {
  /** Of each shipped model that was opened, by name, so that it is not fetched again for another task. */
  private readonly fingerprints = new Map<string, string>();

  constructor(
    private readonly store: StarterStore,
    private readonly dependencies: StarterDependencies,
  ) {}

  /** Fetches what was shipped; afterwards model and pairs stand in their sections. @returns the held-out prompts */
  async loadModelAndPairs({ manifest, task, clock, signal }: Start) {
    const { model, dataset } = this.dependencies;
    let bytes = 0;
    const onBytes = (more: number) => clock.showDetail(formatBytes((bytes += more)));
    const fetchOne = (path: string) => this.fetchOrRefuse(path, signal, onBytes);
    const modelName = starterModelName(task);
    const fingerprint = this.fingerprints.get(modelName);
    const isOpen = fingerprint !== undefined && model.getState().summary?.fingerprint === fingerprint;
    const [files, train, held] = await Promise.all([
      isOpen ? [] : this.fetchModel(manifest, task.model ?? 'model', signal, onBytes),
      fetchOne(task.train),
      fetchOne(task.eval),
    ]);
    if (!isOpen) {
      clock.showDetail(currentText().starter.openingModel);
      await this.openModel(modelName, files, signal);
    }
    await this.importPairs(task, train);
    const examples = dataset.getState().rows.slice(0, shownPairs);
    this.store.setState({ examples: examples.map(({ pair }) => pair) });
    return heldPrompts(await held.text(), starterPrompts);
  }

  /**
   * Trains SFT, then DPO, and moves the clock as they go.
   * @returns the ids of the runs
   * @throws where training failed or was stopped
   */
  async trainBoth({ task, clock, signal, from = null }: Start): Promise<readonly string[]> {
    const { training, library } = this.dependencies;
    const { runs } = library.getState();
    const origin = runs.find(({ id }) => id === from);
    if (origin?.status === 'finished' && jobsLeft(origin, runs).length === 0)
      return runsOfStart(origin, runs).map(({ id }) => id);
    const unfollow = training.subscribe(({ active }, before) => {
      if (active === null || active === before.active) return;
      const stage = roleOfMethod(active.method);
      if (stage === 'sft' || stage === 'dpo') clock.enter(stage);
      clock.showDetail(describePhaseBriefly(active, currentText()), active.secondsLeft);
    });
    try {
      await (from === null ? training.getState().start(jobsOf(task.id), task.id) : training.getState().resume(from));
    } finally {
      unfollow();
    }
    const { last } = training.getState();
    if (last?.failure) throw new UserError('asSaid', { sentence: last.failure.sentence });
    if (last?.stopped) throw new DOMException(currentText().faults.stoppedTraining, 'AbortError');
    signal.throwIfAborted();
    return last?.runIds ?? [];
  }

  /** Has base, SFT and DPO answer the prompts and scores the answers, showing them as they come. */
  async answerPrompts(prompts: readonly JudgedPrompt[], runIds: readonly string[], start: Start): Promise<void> {
    const { task, clock, signal } = start;
    clock.enter('answers');
    const runs = this.runsOf(runIds);
    const variants = await this.variantsOf(runs);
    const answered: ScoredPrompt[] = [];
    const show = (end: Pick<StarterResult, 'kl' | 'seconds'> = { kl: null, seconds: null }) =>
      this.store.setState({ result: { task, runs, prompts: [...answered], ...end } });
    show();
    const showDone = (done: number): void => {
      const perPrompt = done === 0 ? null : clock.secondsInStage() / done;
      const left = perPrompt === null ? null : perPrompt * (prompts.length - done);
      clock.showDetail(currentText().starter.promptOf(Math.min(done + 1, prompts.length), prompts.length), left);
    };
    showDone(0);
    await answerAll(
      this.dependencies.engine,
      { asked: askedBy(prompts), variants },
      {
        signal,
        showDone,
        onAnswers: (index, generations) => {
          const prompt = prompts[index] as JudgedPrompt;
          const texts = generations.map(({ text }) => text);
          answered.push(scoredPrompt(task.id, askedText(prompt), texts));
          show();
        },
      },
    );
    signal.throwIfAborted();
    const kl = await this.divergenceOf(prompts.slice(0, starterKlPrompts), variants, start);
    show({ kl, seconds: clock.seconds() });
  }

  /** How far DPO went from the SFT model, from its own answers at temperature 1; null where there are none. */
  private async divergenceOf(prompts: readonly JudgedPrompt[], variants: readonly Variant[], { clock, signal }: Start) {
    const { engine } = this.dependencies;
    const [sft, dpo] = [variants[columnKeys.indexOf('sft')], variants[columnKeys.indexOf('dpo')]];
    if (sft === undefined || dpo === undefined) return null;
    clock.showDetail(currentText().starter.measuringDistance);
    const written: { readonly prompt: JudgedPrompt; readonly ids: readonly number[] }[] = [];
    await answerAll(
      engine,
      { asked: askedBy(prompts, true), variants: [dpo] },
      {
        signal,
        showDone: () => {},
        onAnswers: (index, [answer]) => {
          if (answer) written.push({ prompt: prompts[index] as JudgedPrompt, ids: answer.ids });
        },
      },
    );
    const logps: { readonly policy: number; readonly reference: number }[] = [];
    for (const { prompt, ids } of written.filter(({ ids }) => ids.length > 0)) {
      signal.throwIfAborted();
      const input = { prompt, answers: [ids], policy: dpo, reference: sft };
      const [tokens = []] = await engine.call('scoreTokens', input, { signal });
      logps.push({
        policy: sumOf(tokens.map(({ logp }) => logp)),
        reference: sumOf(tokens.map(({ reference }) => reference)),
      });
    }
    if (logps.length === 0) return null;
    return estimateSequenceKl(
      logps.map(({ policy }) => policy),
      logps.map(({ reference }) => reference),
    );
  }

  private async fetchOrRefuse(path: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<Blob> {
    const file = await this.dependencies.fetchFile(path, { signal, onBytes });
    if (file === null) throw new UserError('starterFileMissing', { path });
    return file;
  }

  fetchModel(
    manifest: StarterManifest,
    folder: string,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ): Promise<readonly ModelFile[]> {
    return Promise.all(
      manifest.model.map(async (path) => ({
        path,
        blob: await this.fetchOrRefuse(`${folder}/${path}`, signal, onBytes),
      })),
    );
  }

  /** Keeps the model among the others, so that it is there without the starter, and opens it. */
  async openModel(name: string, files: readonly ModelFile[], signal: AbortSignal): Promise<void> {
    const { model, modelShelf } = this.dependencies;
    const before = model.getState().summary;
    await modelShelf.getState().addDirectory(name, files);
    signal.throwIfAborted();
    // Its settings are the starter's own, whatever the form's would need.
    const { candidate } = modelShelf.getState();
    if (candidate !== null && !candidate.isLoaded) await modelShelf.getState().loadCandidate();
    signal.throwIfAborted();
    const { summary, refusal, down } = model.getState();
    const problem = down ?? refusal ?? (summary === before ? modelShelf.getState().failure : null);
    if (problem !== null || summary === null)
      throw new UserError('asSaid', { sentence: problem?.sentence ?? message('starterNotOpened') });
    this.fingerprints.set(name, summary.fingerprint);
  }

  /** Opens the task's own data set, with its pairs in it; data sets of the person's own stay as they are. */
  private async importPairs(task: StarterTask, train: Blob): Promise<void> {
    const { dataset } = this.dependencies;
    const name = `starter-${task.id}.jsonl`;
    const pairs = new Blob([(await train.text()).split('\n').slice(0, starterPairs[task.id]).join('\n')]);
    const opened = await dataset
      .getState()
      .openStarterSet(task.id, await sha256Hex(new Uint8Array(await pairs.arrayBuffer())));
    if (opened === 'failed') throw new UserError('starterSetNotOpened');
    if (opened === 'ready') return;
    await dataset.getState().importFile(name, pairs, 'append');
    const failure = dataset.getState().lastImport?.failure ?? null;
    if (failure !== null) throw new UserError('asSaid', { sentence: failure });
    dataset.getState().forgetImport();
  }

  /** Ids of the runs whose adapters answer. */
  private runsOf(runIds: readonly string[]): Readonly<Record<'sft' | 'dpo', string>> {
    const { runs } = this.dependencies.library.getState();
    const idOf = (column: 'sft' | 'dpo'): string => {
      const run = runs.find(({ id, method }) => method === column && runIds.includes(id));
      if (run === undefined) throw new Error(`The starter's ${column} run is gone.`);
      return run.id;
    };
    return { sft: idOf('sft'), dpo: idOf('dpo') };
  }

  private async variantsOf({ sft, dpo }: Readonly<Record<'sft' | 'dpo', string>>): Promise<readonly Variant[]> {
    const { adapterOf } = this.dependencies.library.getState();
    return [
      { label: 'base', adapter: null },
      { label: 'sft', adapter: await adapterOf(sft) },
      { label: 'dpo', adapter: await adapterOf(dpo) },
    ];
  }
}

/** The model alone, without what the starter does with it. */
function openingModel(
  { getState: get, setState: set }: StarterStore,
  { engineTime }: StarterDependencies,
  steps: StarterSteps,
): Pick<StarterState, 'openModel'> {
  async function openModel(manifest: StarterManifest, name: string, signal: EngineSignal): Promise<void> {
    set({ failure: null });
    try {
      const files = await steps.fetchModel(manifest, starterModelFolder(name) ?? 'model', signal, () => {});
      await steps.openModel(name, files, signal);
    } catch (error) {
      if (!isAbort(error)) set({ failure: describeFailure(error) });
    }
  }

  return {
    async openModel(name) {
      const { manifest, progress } = get();
      if (manifest === null || progress !== null) return;
      await engineTime.run('starter', (signal) => openModel(manifest, name, signal));
    },
  };
}

function running(
  store: StarterStore,
  dependencies: StarterDependencies,
  steps: StarterSteps,
): Pick<StarterState, 'start' | 'goOn' | 'stop'> {
  const { model, modelShelf, training, compare, engineTime, now = Date.now } = dependencies;
  const { getState: get, setState: set } = store;
  /** What the task before left in Compare's prompt field. */
  let prefilled = '';

  async function run(task: StarterTask, from: string | null, signal: EngineSignal): Promise<void> {
    const { manifest } = get();
    if (manifest === null) return;
    set({ result: null, examples: [], stopped: false, failure: null, due: task.id });
    const clock = new StageClock((reading) => showReading(store, task, reading), now);
    const start = { manifest, task, clock, signal, from };
    try {
      const prompts = await steps.loadModelAndPairs(start);
      signal.throwIfAborted();
      await steps.answerPrompts(prompts, await steps.trainBoth(start), start);
      const [first] = prompts;
      // A prompt that somebody typed stays; one that another task left does not.
      if (first !== undefined && ['', prefilled].includes(compare.getState().prompt)) {
        prefilled = askedText(first);
        compare.getState().setPrompt(prefilled);
        compare.getState().setPlainText(typeof first === 'string');
      }
      set({ due: null });
    } catch (error) {
      // Where the engine came to its end, it can go on.
      if (isAbort(error)) set({ stopped: true, due: null });
      else set({ failure: describeFailure(error), ...(!isEngineEnd(error) && { due: null }) });
    } finally {
      clock.stop();
      set({ progress: null });
    }
  }

  async function begin(taskId: string | undefined, from: string | null): Promise<void> {
    const task = get().manifest?.tasks.find(({ id }) => id === taskId);
    if (task === undefined || get().progress !== null || training.getState().active !== null) return;
    await engineTime.run('starter', (signal) => run(task, from, signal));
  }

  return {
    start: () => begin(get().taskId, null),

    async goOn({ id, plan }) {
      const isShipped = get().manifest?.tasks.some((task) => task.id === plan?.starter);
      // Its runs are trained to their end in any case.
      await (isShipped ? begin(plan?.starter, id) : training.getState().resume(id));
    },

    stop() {
      const { progress } = get();
      if (progress === null) return;
      set({ progress: { ...progress, stopping: true } });
      engineTime.stop('starter');
      if (progress.stage === 'download') {
        modelShelf.getState().cancelCopy();
        model.getState().cancelLoading();
      }
      training.getState().stop();
    },
  };
}

/** What the starter does, by one set of steps: it knows whether its model is open. */
function working(store: StarterStore, dependencies: StarterDependencies) {
  const steps = new StarterSteps(store, dependencies);
  return { ...openingModel(store, dependencies, steps), ...running(store, dependencies, steps) };
}

/** What is offered, and which task of it is chosen: until a person chooses, one in the page's language. */
function choosing(
  { getState: get, setState: set }: StarterStore,
  { fetchFile }: StarterDependencies,
): Pick<StarterState, 'find' | 'chooseTask'> {
  let isChosen = false;
  const choose = () => {
    if (isChosen || get().progress !== null) return;
    set({ taskId: firstOffered(get().manifest, preferences.getState().language)?.id ?? get().taskId });
  };
  preferences.subscribe(choose);
  return {
    async find() {
      // A server that cannot be reached now has no starter to offer; nothing else depends on it.
      const file = await fetchFile('manifest.json').catch(() => null);
      set({ manifest: file === null ? null : readManifest(await file.text()) });
      choose();
    },

    chooseTask(taskId) {
      isChosen = true;
      set({ taskId });
    },
  };
}

export function createStarterStore(dependencies: StarterDependencies): StarterStore {
  return createStore<StarterState>()((set, _get, store) => ({
    manifest: null,
    taskId: 'sentiment',
    progress: null,
    examples: [],
    result: null,
    stopped: false,
    failure: null,
    due: dependencies.due ?? null,
    ...working(store, dependencies),
    ...choosing(store, dependencies),

    forget: () => set({ result: null, stopped: false, failure: null, examples: [] }),
  }));
}
