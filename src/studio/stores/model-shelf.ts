/**
 * @file Models at hand: those kept in this browser, those the server offers, the one being copied, and what the chosen
 * one would need. A model is copied first, then looked at; it is loaded by itself only if this device has room for it.
 * The loaded model itself is in open-model.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelStore as StoredModels } from '../../storage/models/model-store';
import { sourcesOf, type FetchServerModels, type ServerModel } from '../../storage/models/server-models';
import type { ModelNotes, StoredModel } from '../../storage/models/stored-model';
import type { ModelFile, ModelInspection } from '../../worker/protocol';
import type { PlanSettings } from '../../run/memory-plan';
import type { Precision } from '../../core/dtype';
import type { TemplateChoice } from '../../run/base-model';
import type { Engine } from '../browser/engine-client';
import type { Sayable } from '../../messages/message';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import type { Settings } from '../plain/records';
import type { OpenModelStore } from './open-model';
import { copying, type Copying } from './model-copy';
import type { NoticeStore } from './notices';
import { noticeOf, unfitModel } from './set-aside';

/** The stored model that was opened last; null where the last one was not kept. */
export type LastModel = NonNullable<Settings['lastModel']>;

/** A model that was looked at: the one that is loaded, or one that waits for a decision because it does not fit. */
export interface Candidate {
  readonly name: string;
  /** Null where the browser did not keep it. */
  readonly stored: StoredModel | null;
  readonly files: readonly ModelFile[];
  /** What it needs and what there is. */
  readonly inspection: ModelInspection;
  readonly isLoaded: boolean;
}

export interface ModelShelfState {
  /** Models kept in this browser, newest first. */
  readonly stored: readonly StoredModel[];
  /** Models that this server offers. */
  readonly server: readonly ServerModel[];
  readonly copying: Copying | null;
  /** True from the choice of a model until it is loaded, refused or waits for a decision. */
  readonly isOpening: boolean;
  readonly candidate: Candidate | null;
  /** How the candidate's weights are to be held; `auto`: the most exact way that fits. */
  readonly precision: Precision | 'auto';
  /** The stored model that is loaded. */
  readonly opened: StoredModel | null;
  readonly failure: Failure | null;
  /** The stored model whose every byte is being checked, in the background. */
  readonly checking: Checking | null;
  /** The stored model that was opened last, at an earlier visit too. */
  readonly last: LastModel | null;

  /** Says why a directory is not opened. */
  refuseDirectory(sentence: Sayable): void;
  /** Clears leftovers and lists what is there. */
  restore(): Promise<void>;
  refresh(): Promise<void>;
  /** Keeps the files of a chosen directory and opens them. */
  addDirectory(name: string, files: readonly ModelFile[]): Promise<void>;
  addFromServer(model: ServerModel): Promise<void>;
  /**
   * @param precision how its weights are to be held; `auto` if not given
   * @param next the stored model that the next visit opens; null where it was not kept, this one if not given
   */
  open(id: string, precision?: Precision, next?: string | null): Promise<void>;
  /** Loads the candidate though it does not fit. */
  loadCandidate(): Promise<void>;
  dismissCandidate(): void;
  /** Plans the candidate at this precision, and opens it anew where it is loaded at another and fits. */
  choosePrecision(precision: Precision | 'auto'): Promise<void>;
  /** Asks again what the candidate needs, after the settings changed. */
  planAgain(): Promise<void>;
  /** Uses the loaded model with this template, at the next visit too. */
  chooseTemplate(choice: TemplateChoice): Promise<void>;
  /** Calls a stored model otherwise, the open one too. */
  rename(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
  cancelCopy(): void;
  /** Checks every byte of a stored model; what is wrong is said. @returns whether it is as it was copied */
  check(id: string): Promise<boolean>;
  cancelCheck(): void;
}

export interface Checking {
  readonly name: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export type ModelShelfStore = StoreApi<ModelShelfState>;

export interface ModelShelfDependencies {
  readonly engine: Engine;
  readonly model: OpenModelStore;
  readonly notices: NoticeStore;
  readonly stored: StoredModels;
  readonly fetchServerModels: FetchServerModels;
  /** The page's address. */
  readonly base: string;
  readonly getPlanSettings: () => PlanSettings;
  /** Called when models were added or deleted here. */
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
  readonly last?: LastModel | null;
  /** Keeps it for the next visit. */
  readonly keepLast: (last: LastModel) => Promise<void>;
}

/** Weights in other formats and hidden files are not read, so they are not copied. */
const readBySuffix = /\.(json|safetensors|jinja)$/;

/** Lets another tab delete a stored model's files again. */
type ReleaseFiles = () => Promise<void>;
const releaseNothing: ReleaseFiles = async () => {};

/** Looks at models and loads them; holds the files of the loaded one, and notes what it learns of stored ones. */
class ModelLoader {
  private releaseLoaded: ReleaseFiles = releaseNothing;
  /** Fingerprint of the model that was loaded from here. */
  private loaded: string | null = null;
  /** The last note on a stored model: each changes what the one before wrote. */
  private annotating: Promise<unknown> = Promise.resolve();
  /** Ids of models whose every byte was hashed a moment ago. */
  readonly justCopied = new Set<string>();

  constructor(
    private readonly store: ModelShelfStore,
    private readonly dependencies: ModelShelfDependencies,
  ) {}

  inspect(
    name: string,
    files: readonly ModelFile[],
    precision: Precision | 'auto' = this.store.getState().precision,
  ): Promise<ModelInspection> {
    const { engine, getPlanSettings } = this.dependencies;
    return engine.call('inspectModel', { name, files, settings: { ...getPlanSettings(), precision } });
  }

  showFailure(error: unknown): void {
    // An engine that is down says so itself.
    if (!isAbort(error) && this.dependencies.model.getState().down === null)
      this.store.setState({ failure: describeFailure(error) });
  }

  /** Keeps what was learnt of a stored model; where that fails it is said, and learnt again at the next visit. */
  async annotate(id: string, notes: ModelNotes): Promise<void> {
    const { stored, notices } = this.dependencies;
    const turn = this.annotating.then(() => stored.annotate(id, notes));
    this.annotating = turn.catch(() => {});
    try {
      const changed = await turn;
      const { opened, candidate, refresh } = this.store.getState();
      this.store.setState({
        ...(opened?.id === id && { opened: changed }),
        ...(candidate?.stored?.id === id && { candidate: { ...candidate, stored: changed } }),
      });
      await refresh();
    } catch (error) {
      notices.getState().tellFailure(error);
    }
  }

  async load(candidate: Candidate, releaseFiles: ReleaseFiles, next = candidate.stored?.id ?? null): Promise<void> {
    const { name, files, stored: kept, inspection } = candidate;
    const { model, notices } = this.dependencies;
    const before = model.getState().summary;
    await model.getState().openDirectory(name, files, {
      chatTemplate: kept?.chatTemplate,
      precision: inspection.plan.estimate.precision,
      fingerprint: kept?.fingerprint,
    });
    if (model.getState().summary === before) return releaseFiles();
    await this.releaseLoaded();
    this.releaseLoaded = releaseFiles;
    this.loaded = model.getState().summary?.fingerprint ?? null;
    this.store.setState({ opened: kept, candidate: { ...candidate, isLoaded: true } });
    await this.rememberLast(next, true);
    if (kept === null) notices.getState().warn(currentText().model.notKept(name));
    else if (this.loaded !== null && kept.fingerprint === undefined) await this.noteFingerprint(kept.id, this.loaded);
  }

  /** A model that was never opened is checked whole first, in the background, so that its files are those of then. */
  private async noteFingerprint(id: string, fingerprint: string): Promise<void> {
    if (this.justCopied.delete(id)) return this.annotate(id, { fingerprint });
    void this.store
      .getState()
      .check(id)
      .then((isSound) => (isSound ? this.annotate(id, { fingerprint }) : undefined));
  }

  /** Looks at the model, and loads it if it fits. */
  async loadIfFits(
    name: string,
    files: readonly ModelFile[],
    kept: StoredModel | null,
    releaseFiles: ReleaseFiles,
    next?: string | null,
  ): Promise<void> {
    try {
      const candidate = { name, stored: kept, files, inspection: await this.inspect(name, files), isLoaded: false };
      this.store.setState({ candidate });
      if (candidate.inspection.plan.shortages.length === 0) return await this.load(candidate, releaseFiles, next);
    } catch (error) {
      this.showFailure(error);
    }
    await releaseFiles();
  }

  /** A model that is only about to be opened may be the end of this tab: the next visit is not to try it by itself. */
  private async rememberLast(id: string | null, isReopened: boolean): Promise<void> {
    const last = { id, isReopened };
    this.store.setState({ last });
    await this.dependencies.keepLast(last).catch((error: unknown) => {
      this.dependencies.notices.getState().tellFailure(error);
    });
  }

  async openStored(id: string, next: string | null = id): Promise<void> {
    try {
      await this.rememberLast(next, false);
      const { model: kept, files, release } = await this.dependencies.stored.open(id);
      await this.loadIfFits(kept.name, files, kept, release, next);
    } catch (error) {
      this.showFailure(error);
    }
  }

  async releaseFiles(): Promise<void> {
    const release = this.releaseLoaded;
    this.releaseLoaded = releaseNothing;
    await release();
  }

  /** To be called when a model is open: the starter loads its own past this store. */
  noticeOpened(fingerprint: string): void {
    if (this.loaded === null || fingerprint === this.loaded) return;
    this.loaded = null;
    void this.releaseFiles();
    this.store.setState({ opened: null, candidate: null });
  }
}

/** What is stored and what the server offers. */
function listing(
  { getState: get, setState: set }: ModelShelfStore,
  { notices, stored, fetchServerModels, onStored }: ModelShelfDependencies,
  loader: ModelLoader,
): Pick<ModelShelfState, 'restore' | 'refresh' | 'remove'> {
  const tellFailure = (error: unknown) => notices.getState().tellFailure(error);
  return {
    async restore() {
      await stored.clean().catch(tellFailure);
      await Promise.all([get().refresh(), fetchServerModels().then((server) => set({ server }), tellFailure)]);
    },

    async refresh() {
      try {
        const { models, unfit } = await stored.list();
        for (const each of unfit) notices.getState().warn(noticeOf(unfitModel(each), (id) => id));
        set({ stored: models });
      } catch (error) {
        tellFailure(error);
      }
    },

    async remove(id) {
      const removed = get().stored.find((model) => model.id === id);
      const isMine = get().opened?.id === id;
      try {
        if (isMine) await loader.releaseFiles();
        await stored.remove(id);
        // What was loaded stays loaded; only its files are gone.
        if (isMine) set({ opened: null });
        if (get().candidate?.stored?.id === id && !isMine) set({ candidate: null });
        onStored();
        if (removed) notices.getState().tellDone(currentText().model.deleted(removed.name));
      } catch (error) {
        tellFailure(error);
      }
      await get().refresh();
    },
  };
}

/** The ways to choose a model. */
function choosing(
  store: ModelShelfStore,
  dependencies: ModelShelfDependencies,
  loader: ModelLoader,
): Pick<ModelShelfState, 'addDirectory' | 'addFromServer' | 'open' | 'cancelCopy'> {
  const { getState: get, setState: set } = store;
  const { copyModel, cancelCopy } = copying(store, dependencies, (error) => loader.showFailure(error));

  /** While it works the models on the page cannot be deleted, or another one chosen. */
  async function opening(work: () => Promise<void>, precision: Precision | 'auto' = 'auto'): Promise<void> {
    set({ isOpening: true, failure: null, candidate: null, precision });
    try {
      await work();
    } finally {
      set({ isOpening: false });
    }
  }

  function openCopied(id: string): Promise<void> {
    loader.justCopied.add(id);
    return loader.openStored(id);
  }

  async function addDirectory(name: string, all: readonly ModelFile[]): Promise<void> {
    // What is no model is refused before gigabytes of it are copied.
    try {
      await loader.inspect(name, all);
    } catch (error) {
      return loader.showFailure(error);
    }
    const files = all.filter(({ path }) => readBySuffix.test(path));
    const sources = files.map(({ path, blob }) => ({ path, blob, sizeBytes: blob.size }));
    const kept = await copyModel(name, sources);
    if (kept !== null) await openCopied(kept.id);
    // A full disk keeps nobody from working with the files that were chosen.
    else if (get().failure !== null) await loader.loadIfFits(name, files, null, releaseNothing);
  }

  return {
    cancelCopy,
    addDirectory: (name, files) => opening(() => addDirectory(name, files)),
    addFromServer: (offered) =>
      opening(async () => {
        const kept = await copyModel(offered.name, sourcesOf(offered, dependencies.base));
        if (kept !== null) await openCopied(kept.id);
      }),
    open: (id, precision, next) => opening(() => loader.openStored(id, next), precision),
  };
}

/** What becomes of the candidate. */
function deciding(
  { getState: get, setState: set }: ModelShelfStore,
  { model, stored }: ModelShelfDependencies,
  loader: ModelLoader,
): Pick<ModelShelfState, 'loadCandidate' | 'dismissCandidate' | 'choosePrecision' | 'planAgain'> {
  /** The plan for the last choice of a precision. */
  let planning: Promise<unknown> = Promise.resolve();

  /** @returns whether the loaded model is to be opened anew */
  async function planChoice(): Promise<boolean> {
    const { candidate, precision } = get();
    if (candidate === null || model.getState().down !== null) return false;
    try {
      const inspection = await loader.inspect(candidate.name, candidate.files);
      // Its record may have been noted something in meanwhile.
      const now = get().candidate;
      if (now?.files !== candidate.files || get().precision !== precision) return false;
      const isHeldSo = candidate.isLoaded && model.getState().summary?.precision === inspection.plan.estimate.precision;
      set({ candidate: { ...now, inspection, isLoaded: isHeldSo } });
      return candidate.isLoaded && !isHeldSo && inspection.plan.shortages.length === 0;
    } catch (error) {
      loader.showFailure(error);
      return false;
    }
  }

  return {
    async loadCandidate() {
      // A choice made a moment ago counts.
      await planning;
      const { candidate } = get();
      if (candidate === null) return;
      if (candidate.stored === null) return loader.load(candidate, releaseNothing);
      try {
        const { files, release } = await stored.open(candidate.stored.id);
        await loader.load({ ...candidate, files }, release);
      } catch (error) {
        loader.showFailure(error);
      }
    },

    dismissCandidate: () => set({ candidate: null }),

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
        const inspection = await loader.inspect(candidate.name, candidate.files, held);
        const now = get().candidate;
        if (now?.files === candidate.files) set({ candidate: { ...now, inspection } });
      } catch (error) {
        loader.showFailure(error);
      }
    },
  };
}

/** Checks every byte of stored models, one at a time. */
function checking(
  { getState: get, setState: set }: ModelShelfStore,
  { stored, notices }: ModelShelfDependencies,
): Pick<ModelShelfState, 'check' | 'cancelCheck'> {
  let current: AbortController | null = null;
  return {
    async check(id) {
      current?.abort();
      const controller = (current = new AbortController());
      const { signal } = controller;
      const { name = id, sizeBytes = 0 } = get().stored.find((model) => model.id === id) ?? {};
      const show = (checking: Checking | null) => current === controller && set({ checking });
      show({ name, doneBytes: 0, totalBytes: sizeBytes });
      try {
        await stored.check(id, {
          signal,
          onProgress: ({ doneBytes, totalBytes }) => show({ name, doneBytes, totalBytes }),
        });
        return true;
      } catch (error) {
        if (!isAbort(error)) notices.getState().tellFailure(error);
        return false;
      } finally {
        show(null);
      }
    },

    cancelCheck: () => current?.abort(),
  };
}

export function createModelShelfStore(dependencies: ModelShelfDependencies): ModelShelfStore {
  const { model } = dependencies;
  return createStore<ModelShelfState>()((set, get, store) => {
    const loader = new ModelLoader(store, dependencies);
    model.subscribe(({ summary, loading }) => {
      if (summary !== null && loading === null) loader.noticeOpened(summary.fingerprint);
    });
    return {
      stored: [],
      server: [],
      copying: null,
      isOpening: false,
      candidate: null,
      precision: 'auto',
      opened: null,
      failure: null,
      checking: null,
      last: dependencies.last ?? null,

      ...listing(store, dependencies, loader),
      ...choosing(store, dependencies, loader),
      ...deciding(store, dependencies, loader),
      ...checking(store, dependencies),

      refuseDirectory(sentence) {
        set({ failure: { sentence, details: null } });
      },

      async rename(id, name) {
        await loader.annotate(id, { name });
        if (get().opened?.id === id) await model.getState().rename(name);
      },

      async chooseTemplate(choice) {
        if (!(await model.getState().chooseTemplate(choice))) return;
        const { opened } = get();
        if (opened !== null) await loader.annotate(opened.id, { chatTemplate: choice });
      },
    };
  });
}
