/**
 * @file The starter: one click loads the model and the pairs that ship with Airlock, trains SFT and DPO, and has base,
 * SFT and DPO answer held-out prompts, each answer scored by the task's ground truth. It works through the other
 * stores, so that model, pairs and runs stand in their sections as if they had been chosen by hand.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { ChatMessage, ModelFile, PreferencePair, Variant } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { describePhaseBriefly } from '../text/describe-phase';
import { formatBytes } from '../text/format';
import {
  readManifest,
  type FetchStarterFile,
  type StarterManifest,
  type StarterTask,
  type TaskId,
} from '../plain/starter/manifest';
import { askedText } from '../plain/data/prompt-text';
import { heldPrompts } from '../plain/starter/held-prompts';
import {
  evaluationPrompts,
  jobsOf,
  sampling,
  shownPairs,
  starterModelName,
  trainingPairs,
} from '../plain/starter/recipe';
import { lookAhead, type StageKey } from '../plain/starter/stages';
import { currentText } from '../text/text';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { OpenModelStore } from './open-model';
import type { TrainingStore } from './training';
import {
  columnKeys,
  type ColumnKey,
  type ScoreAnswer,
  type ScoredAnswer,
  type ScoredPrompt,
  type StarterResult,
} from '../plain/starter/result';

const refreshEveryMs = 500;

export interface StarterProgress {
  readonly task: StarterTask;
  readonly stage: StageKey;
  /** What is being done within the stage; empty where the stage's title says it. */
  readonly detail: string;
  /** Of the whole, in [0, 1); never falls. */
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
  /** Ended by the user before all answers were there. */
  readonly stopped: boolean;
  readonly failure: Failure | null;

  /** Looks whether a starter was shipped. */
  find(): Promise<void>;
  chooseTask(taskId: TaskId): void;
  /** Resolves when all has ended, by itself or by stop(). */
  start(): Promise<void>;
  stop(): void;
  /** Takes the result off the page; runs and pairs stay. */
  forget(): void;
}

export type StarterStore = StoreApi<StarterState>;

export interface StarterDependencies {
  readonly engine: Engine;
  readonly model: OpenModelStore;
  readonly dataset: DatasetStore;
  readonly training: TrainingStore;
  readonly library: LibraryStore;
  readonly compare: CompareStore;
  readonly engineTime: EngineTime;
  readonly fetchFile: FetchStarterFile;
  readonly scoreAnswer: ScoreAnswer;
  /** Milliseconds. */
  readonly now?: () => number;
}

export function createStarterStore(dependencies: StarterDependencies): StarterStore {
  const {
    engine,
    model,
    dataset,
    training,
    library,
    compare,
    engineTime,
    fetchFile,
    scoreAnswer,
    now = Date.now,
  } = dependencies;
  /** Of the starter's model once it was opened, so that it is not fetched again for another task. */
  let fingerprint: string | null = null;

  return createStore<StarterState>()((set, get) => {
    /** The clock over the stages: what the progress bar shows. */
    function startClock(task: StarterTask) {
      const finished: Partial<Record<StageKey, number>> = {};
      let stage: StageKey = 'download';
      let entered = now();
      let secondsLeftInStage: number | null = null;
      const begun = entered;
      const show = (detail?: string) => {
        const { progress } = get();
        const outlook = lookAhead({ stage, secondsInStage: (now() - entered) / 1000, secondsLeftInStage, finished });
        set({
          progress: {
            task,
            stage,
            detail: detail ?? (progress?.stage === stage ? progress.detail : ''),
            share: Math.max(progress?.share ?? 0, outlook.share),
            secondsLeft: outlook.secondsLeft,
            stopping: progress?.stopping ?? false,
          },
        });
      };
      const timer = setInterval(() => {
        // Between two reports of the engine, time passes all the same.
        if (secondsLeftInStage !== null) secondsLeftInStage = Math.max(0, secondsLeftInStage - refreshEveryMs / 1000);
        show();
      }, refreshEveryMs);
      show('');
      return {
        enter(next: StageKey) {
          if (next === stage) return;
          finished[stage] = (now() - entered) / 1000;
          stage = next;
          entered = now();
          secondsLeftInStage = null;
          show();
        },
        tell(detail: string, secondsLeft: number | null = secondsLeftInStage) {
          secondsLeftInStage = secondsLeft;
          show(detail);
        },
        secondsInStage: () => (now() - entered) / 1000,
        seconds: () => (now() - begun) / 1000,
        stop: () => clearInterval(timer),
      };
    }
    type Clock = ReturnType<typeof startClock>;

    async function fetchOrRefuse(path: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<Blob> {
      const file = await fetchFile(path, { signal, onBytes });
      if (file === null) {
        throw new UserError(currentText().faults.starterFileMissing(path));
      }
      return file;
    }

    /** The held-out prompts; afterwards model and pairs stand in their sections. */
    async function load(manifest: StarterManifest, task: StarterTask, clock: Clock, signal: AbortSignal) {
      let bytes = 0;
      const onBytes = (more: number) => clock.tell(formatBytes((bytes += more)));
      const isOpen = fingerprint !== null && model.getState().summary?.fingerprint === fingerprint;
      const paths = isOpen ? [] : manifest.model;
      const [files, train, held] = await Promise.all([
        Promise.all(
          paths.map(async (path): Promise<ModelFile> => ({
            path,
            blob: await fetchOrRefuse(`model/${path}`, signal, onBytes),
          })),
        ),
        fetchOrRefuse(task.train, signal, onBytes),
        fetchOrRefuse(task.eval, signal, onBytes),
      ]);
      if (!isOpen) {
        clock.tell(currentText().starter.openingModel);
        await model.getState().openDirectory(starterModelName, files);
        signal.throwIfAborted();
        const { summary, refusal, down } = model.getState();
        const problem = down ?? refusal;
        if (problem !== null || summary === null)
          throw new UserError(problem?.sentence ?? currentText().faults.starterNotOpened);
        fingerprint = summary.fingerprint;
      }

      const name = `starter-${task.id}.jsonl`;
      const { rows } = dataset.getState();
      if (rows.length === 0 || rows.some(({ file }) => file !== name)) {
        const lines = (await train.text()).split('\n').slice(0, trainingPairs[task.id]);
        await dataset.getState().importFile(name, new Blob([lines.join('\n')]), 'replace');
        const failure = dataset.getState().lastImport?.failure ?? null;
        if (failure !== null) throw new UserError(failure);
        dataset.getState().forgetImport();
      }
      set({
        examples: dataset
          .getState()
          .rows.slice(0, shownPairs)
          .map(({ pair }) => pair),
      });
      return heldPrompts(await held.text(), evaluationPrompts);
    }

    /** The ids of the runs; throws where training failed or was stopped. */
    async function train(task: StarterTask, clock: Clock, signal: AbortSignal): Promise<readonly string[]> {
      const follow = training.subscribe(({ active }, before) => {
        if (active === null || active === before.active) return;
        clock.enter(active.method);
        clock.tell(describePhaseBriefly(active, currentText()), active.secondsLeft);
      });
      try {
        await training.getState().start(jobsOf(task.id));
      } finally {
        follow();
      }
      const last = training.getState().last;
      if (last?.failure) throw new UserError(last.failure.sentence);
      if (last?.stopped) throw new DOMException(currentText().faults.stoppedTraining, 'AbortError');
      signal.throwIfAborted();
      return last?.runIds ?? [];
    }

    async function answer(
      task: StarterTask,
      prompts: readonly (string | readonly ChatMessage[])[],
      runIds: readonly string[],
      clock: Clock,
      signal: AbortSignal,
    ): Promise<void> {
      clock.enter('answers');
      const variants: Variant[] = [{ label: 'base', adapter: null }];
      for (const column of ['sft', 'dpo'] as const) {
        const run = library.getState().runs.find(({ id, method }) => method === column && runIds.includes(id));
        if (run === undefined) throw new Error(`The starter's ${column} run is gone.`);
        variants.push({ label: column, adapter: await library.getState().adapterOf(run.id) });
      }
      const answered: ScoredPrompt[] = [];
      set({ result: { task, prompts: answered, seconds: null } });
      for (const [index, prompt] of prompts.entries()) {
        const perPrompt = index === 0 ? null : clock.secondsInStage() / index;
        clock.tell(
          currentText().starter.promptOf(index + 1, prompts.length),
          perPrompt === null ? null : perPrompt * (prompts.length - index),
        );
        const generations = await engine.call('generate', { prompt, variants, options: sampling }, { signal });
        // Stopped generation settles with half an answer, which would be judged unfairly.
        signal.throwIfAborted();
        const asked = askedText(prompt);
        const answers = Object.fromEntries(
          columnKeys.map((column, at): [ColumnKey, ScoredAnswer] => {
            const text = generations[at]?.text ?? '';
            return [column, { text, score: scoreAnswer(task.id, asked, text) }];
          }),
        ) as Record<ColumnKey, ScoredAnswer>;
        answered.push({ prompt: asked, answers });
        set({ result: { task, prompts: [...answered], seconds: null } });
      }
      set({ result: { task, prompts: [...answered], seconds: clock.seconds() } });
    }

    return {
      manifest: null,
      taskId: 'sentiment',
      progress: null,
      examples: [],
      result: null,
      stopped: false,
      failure: null,

      async find() {
        // A server that cannot be reached now has no starter to offer; nothing else depends on it.
        const file = await fetchFile('manifest.json').catch(() => null);
        const manifest = file === null ? null : readManifest(await file.text());
        set({ manifest, taskId: manifest?.tasks[0]?.id ?? get().taskId });
      },

      chooseTask: (taskId) => set({ taskId }),

      async start() {
        const { manifest, taskId, progress } = get();
        const task = manifest?.tasks.find(({ id }) => id === taskId);
        if (manifest === null || task === undefined || progress !== null || training.getState().active !== null) return;
        await engineTime.run('starter', async (signal) => {
          set({ result: null, examples: [], stopped: false, failure: null });
          const clock = startClock(task);
          try {
            const prompts = await load(manifest, task, clock, signal);
            signal.throwIfAborted();
            const runIds = await train(task, clock, signal);
            await answer(task, prompts, runIds, clock, signal);
            const [first] = prompts;
            if (first !== undefined && compare.getState().prompt === '') {
              compare.getState().setPrompt(askedText(first));
              compare.getState().setPlainText(typeof first === 'string');
            }
          } catch (error) {
            if (isAbort(error)) set({ stopped: true });
            else set({ failure: describeFailure(error) });
          } finally {
            clock.stop();
            set({ progress: null });
          }
        });
      },

      stop() {
        const { progress } = get();
        if (progress === null) return;
        set({ progress: { ...progress, stopping: true } });
        engineTime.stop('starter');
        if (progress.stage === 'download') model.getState().cancelLoading();
        training.getState().stop();
      },

      forget: () => set({ result: null, stopped: false, failure: null, examples: [] }),
    };
  });
}
