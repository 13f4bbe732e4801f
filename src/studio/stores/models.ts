/**
 * @file Models at hand: those kept in this browser, those the server offers, the one being copied, and what the chosen
 * one would need. A model is copied first, then looked at; it is loaded by itself only if this device has room for it.
 * The loaded model itself is the model store's (model.ts).
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CopyProgress, CopySource } from '../../storage/models/copy-files';
import type { ModelStore as StoredModels } from '../../storage/models/model-store';
import { sourcesOf, type FetchServerModels, type ServerModel } from '../../storage/models/server-models';
import type { ModelNotes, StoredModel } from '../../storage/models/stored-model';
import type { ModelFile, ModelInspection, PlanSettings, Precision, TemplateChoice } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import type { ModelStore } from './model';
import type { NoticeStore } from './notices';

export interface Copying extends CopyProgress {
  readonly name: string;
  /** Null until the speed is known. */
  readonly secondsLeft: number | null;
}

/** A model that was looked at: the one that is loaded, or one that waits for a decision because it does not fit. */
export interface Candidate {
  readonly name: string;
  /** Null where the browser did not keep it. */
  readonly stored: StoredModel | null;
  readonly files: readonly ModelFile[];
  readonly inspection: ModelInspection;
  readonly isLoaded: boolean;
}

export interface ModelsState {
  /** Newest first. */
  readonly stored: readonly StoredModel[];
  readonly server: readonly ServerModel[];
  readonly copying: Copying | null;
  /** True from the choice of a model until it is loaded, refused or waits for a decision. */
  readonly isTaking: boolean;
  readonly candidate: Candidate | null;
  /** How the candidate's weights are to be held; `auto`: the most exact way that fits. */
  readonly precision: Precision | 'auto';
  /** The stored model that is loaded. */
  readonly opened: StoredModel | null;
  readonly failure: Failure | null;

  /** Says why a directory is not taken. */
  refuse(sentence: string): void;
  /** Clears leftovers and lists what is there. */
  restore(): Promise<void>;
  refresh(): Promise<void>;
  /** Keeps the files of a chosen directory and opens them. */
  addDirectory(name: string, files: readonly ModelFile[]): Promise<void>;
  addFromServer(model: ServerModel): Promise<void>;
  open(id: string): Promise<void>;
  /** Loads the candidate though it does not fit. */
  loadCandidate(): Promise<void>;
  dismissCandidate(): void;
  /** Plans the candidate at this precision, and opens it anew where it is loaded at another and fits. */
  choosePrecision(precision: Precision | 'auto'): Promise<void>;
  /** Asks again what the candidate needs, after the settings changed. */
  planAgain(): Promise<void>;
  /** Uses the loaded model with this template, at the next visit too. */
  chooseTemplate(choice: TemplateChoice): Promise<void>;
  remove(id: string): Promise<void>;
  cancelCopy(): void;
}

export type ModelsStore = StoreApi<ModelsState>;

export interface ModelsDependencies {
  readonly engine: Engine;
  readonly model: ModelStore;
  readonly notices: NoticeStore;
  readonly stored: StoredModels;
  readonly fetchServerModels: FetchServerModels;
  /** The page's address. */
  readonly base: string;
  readonly getPlanSettings: () => PlanSettings;
  readonly claimEngine: () => void;
  /** Called when models were added or deleted here. */
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** The speed of the first moments says little. */
const settledAfterMs = 500;

/** Weights in other formats and hidden files are not read, so they are not copied. */
const readBySuffix = /\.(json|safetensors|jinja)$/;

export function createModelsStore(dependencies: ModelsDependencies): ModelsStore {
  const {
    engine,
    model,
    notices,
    stored,
    fetchServerModels,
    base,
    getPlanSettings,
    claimEngine,
    onStored,
    now = Date.now,
  } = dependencies;
  let copy: AbortController | null = null;
  /** Keeps the loaded model's files from being deleted by another tab. */
  let release: () => Promise<void> = async () => {};
  /** Fingerprint of the model that was loaded from here. */
  let loaded: string | null = null;
  /** The plan for the last choice of a precision. */
  let planning: Promise<unknown> = Promise.resolve();
  /** The last note on a stored model: each changes what the one before wrote. */
  let noting: Promise<unknown> = Promise.resolve();

  const store = createStore<ModelsState>()((set, get) => {
    function inspect(
      name: string,
      files: readonly ModelFile[],
      precision: Precision | 'auto' = get().precision,
    ): Promise<ModelInspection> {
      return engine.call('inspectModel', { name, files, settings: { ...getPlanSettings(), precision } });
    }

    /** Keeps what was learnt of a stored model; where that fails it is said, and learnt again at the next visit. */
    async function note(id: string, notes: ModelNotes): Promise<void> {
      const turn = noting.then(() => stored.annotate(id, notes));
      noting = turn.catch(() => {});
      try {
        const changed = await turn;
        const { opened, candidate } = get();
        set({
          ...(opened?.id === id && { opened: changed }),
          ...(candidate?.stored?.id === id && { candidate: { ...candidate, stored: changed } }),
        });
        await get().refresh();
      } catch (error) {
        notices.getState().tellFailure(error);
      }
    }

    async function load(candidate: Candidate, releaseFiles: () => Promise<void>): Promise<void> {
      const { name, files, stored: kept, inspection } = candidate;
      claimEngine();
      const before = model.getState().summary;
      await model.getState().openDirectory(name, files, {
        chatTemplate: kept?.chatTemplate,
        precision: inspection.plan.estimate.precision,
      });
      if (model.getState().summary === before) return releaseFiles();
      await release();
      release = releaseFiles;
      loaded = model.getState().summary?.fingerprint ?? null;
      set({ opened: kept, candidate: { ...candidate, isLoaded: true } });
      if (kept === null) notices.getState().warn(currentText().model.notKept(name));
      else if (loaded !== null && kept.fingerprint !== loaded) await note(kept.id, { fingerprint: loaded });
    }

    /** Looks at the model, and loads it if it fits. */
    async function take(
      name: string,
      files: readonly ModelFile[],
      kept: StoredModel | null,
      releaseFiles: () => Promise<void>,
    ): Promise<void> {
      try {
        const candidate = { name, stored: kept, files, inspection: await inspect(name, files), isLoaded: false };
        set({ candidate });
        if (candidate.inspection.plan.shortages.length === 0) return await load(candidate, releaseFiles);
      } catch (error) {
        fail(error);
      }
      await releaseFiles();
    }

    /** @returns whether the loaded model is to be opened anew */
    async function planChoice(): Promise<boolean> {
      const { candidate, precision } = get();
      if (candidate === null || model.getState().down !== null) return false;
      try {
        const inspection = await inspect(candidate.name, candidate.files);
        if (get().candidate !== candidate || get().precision !== precision) return false;
        const isHeldSo =
          candidate.isLoaded && model.getState().summary?.precision === inspection.plan.estimate.precision;
        set({ candidate: { ...candidate, inspection, isLoaded: isHeldSo } });
        return candidate.isLoaded && !isHeldSo && inspection.plan.shortages.length === 0;
      } catch (error) {
        fail(error);
        return false;
      }
    }

    /** While it works the models on the page cannot be deleted, or another one chosen. */
    async function taking(work: () => Promise<void>): Promise<void> {
      set({ isTaking: true, failure: null, candidate: null, precision: 'auto' });
      try {
        await work();
      } finally {
        set({ isTaking: false });
      }
    }

    async function openStored(id: string): Promise<void> {
      try {
        const { model: kept, files, release: releaseFiles } = await stored.open(id);
        await take(kept.name, files, kept, releaseFiles);
      } catch (error) {
        fail(error);
      }
    }

    function fail(error: unknown): void {
      // An engine that is down says so itself.
      if (!isAbort(error) && model.getState().down === null) set({ failure: describeFailure(error) });
    }

    /** @returns the stored model; null where it was cancelled or failed, which is then said */
    async function keep(name: string, sources: readonly CopySource[]): Promise<StoredModel | null> {
      copy?.abort();
      const controller = new AbortController();
      copy = controller;
      const started = now();
      const totalBytes = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      set({ copying: { name, path: '', doneBytes: 0, totalBytes, secondsLeft: null } });
      try {
        const model = await stored.add(name, sources, {
          signal: controller.signal,
          onProgress(progress) {
            const elapsed = now() - started;
            const left = progress.totalBytes - progress.doneBytes;
            const secondsLeft = elapsed < settledAfterMs ? null : (elapsed / 1000) * (left / progress.doneBytes);
            if (copy === controller) set({ copying: { name, ...progress, secondsLeft } });
          },
        });
        await get().refresh();
        onStored();
        return model;
      } catch (error) {
        fail(error);
        return null;
      } finally {
        if (copy === controller) {
          copy = null;
          set({ copying: null });
        }
      }
    }

    return {
      stored: [],
      server: [],
      copying: null,
      isTaking: false,
      candidate: null,
      precision: 'auto',
      opened: null,
      failure: null,

      refuse(sentence) {
        set({ failure: { sentence, details: null } });
      },

      async restore() {
        try {
          await stored.clean();
        } catch (error) {
          notices.getState().tellFailure(error);
        }
        await Promise.all([
          get().refresh(),
          fetchServerModels().then(
            (server) => set({ server }),
            (error: unknown) => notices.getState().tellFailure(error),
          ),
        ]);
      },

      async refresh() {
        try {
          const { models, problems } = await stored.list();
          for (const problem of problems) notices.getState().warn(problem);
          set({ stored: models });
        } catch (error) {
          notices.getState().tellFailure(error);
        }
      },

      addDirectory(name, all) {
        return taking(async () => {
          const files = all.filter(({ path }) => readBySuffix.test(path));
          // What is no model is refused before gigabytes of it are copied.
          try {
            await inspect(name, all);
          } catch (error) {
            return fail(error);
          }
          const kept = await keep(
            name,
            files.map(({ path, blob }) => ({ path, blob, sizeBytes: blob.size })),
          );
          if (kept !== null) await openStored(kept.id);
          // A full disk keeps nobody from working with the files that were chosen.
          else if (get().failure !== null) await take(name, files, null, async () => {});
        });
      },

      addFromServer(offered) {
        return taking(async () => {
          const kept = await keep(offered.name, sourcesOf(offered, base));
          if (kept !== null) await openStored(kept.id);
        });
      },

      open(id) {
        return taking(() => openStored(id));
      },

      async loadCandidate() {
        // A choice made a moment ago counts.
        await planning;
        const { candidate } = get();
        if (candidate === null) return;
        const opened =
          candidate.stored === null
            ? null
            : await stored.open(candidate.stored.id).catch((error: unknown) => void fail(error));
        if (opened === undefined) return;
        await load({ ...candidate, files: opened?.files ?? candidate.files }, opened?.release ?? (async () => {}));
      },

      dismissCandidate() {
        set({ candidate: null });
      },

      async choosePrecision(precision) {
        set({ precision });
        const planned = planChoice();
        planning = planned;
        if (await planned) await get().loadCandidate();
      },

      async planAgain() {
        const { candidate } = get();
        if (candidate === null || model.getState().down !== null) return;
        try {
          // What is loaded stays as it is held, whatever would fit now.
          const held = candidate.isLoaded ? model.getState().summary?.precision : undefined;
          const inspection = await inspect(candidate.name, candidate.files, held);
          if (get().candidate === candidate) set({ candidate: { ...candidate, inspection } });
        } catch (error) {
          fail(error);
        }
      },

      async chooseTemplate(choice) {
        claimEngine();
        if (!(await model.getState().chooseTemplate(choice))) return;
        const { opened } = get();
        if (opened !== null) await note(opened.id, { chatTemplate: choice });
      },

      async remove(id) {
        const removed = get().stored.find((model) => model.id === id);
        const isMine = get().opened?.id === id;
        try {
          if (isMine) await release();
          release = isMine ? async () => {} : release;
          await stored.remove(id);
          // What was loaded stays loaded; only its files are gone.
          if (isMine) set({ opened: null });
          if (get().candidate?.stored?.id === id && !isMine) set({ candidate: null });
          onStored();
          if (removed) notices.getState().tell(currentText().model.deleted(removed.name));
        } catch (error) {
          notices.getState().tellFailure(error);
        }
        await get().refresh();
      },

      cancelCopy() {
        copy?.abort();
      },
    };
  });

  // The starter loads its model past this store.
  model.subscribe(({ summary, loading }) => {
    if (summary === null || loading !== null || loaded === null || summary.fingerprint === loaded) return;
    loaded = null;
    void release();
    release = async () => {};
    store.setState({ opened: null, candidate: null });
  });
  return store;
}
