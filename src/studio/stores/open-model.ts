/**
 * @file The engine's device and the open model, which is opened again after the engine was restarted.
 */
import type { Sayable } from '../../messages/message';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeviceKind, DeviceReport, ModelFile, ModelSummary, ProductChoice } from '../../worker/protocol';
import type { Precision } from '../../core/dtype';
import type { TemplateChoice } from '../../run/base-model';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import type { EngineTime } from './engine-time';

export type DevicePreference = 'auto' | DeviceKind;

export interface LoadingModel {
  readonly name: string;
  readonly what: Sayable;
  readonly done: number;
  readonly total: number;
}

export type KeptProducts = Readonly<Record<string, ProductChoice>>;

/** How a model is opened where not by itself. */
export interface OpenOptions {
  readonly chatTemplate?: TemplateChoice | undefined;
  /** float32 by default. */
  readonly precision?: Precision | undefined;
  /** What it had when it was opened last, where that is known: another one is refused. */
  readonly fingerprint?: string | undefined;
}

/** A model's directory and how it was opened. The files are handles, not bytes. */
export interface ModelSource {
  readonly name: string;
  readonly files: readonly ModelFile[];
  readonly options: OpenOptions;
}

export interface OpenModelState {
  readonly device: DeviceReport | null;
  readonly devicePreference: DevicePreference;
  /** How each GPU computes products, by its name, as trials found it. */
  readonly products: KeptProducts;
  /** The engine is being started. */
  readonly starting: boolean;
  /** Why the engine is down; null while it works. */
  readonly down: Failure | null;
  /** For how long the engine has not answered; null while it does. It may be busy with one long piece of work. */
  readonly silentSeconds: number | null;
  readonly loading: LoadingModel | null;
  readonly summary: ModelSummary | null;
  /** The model in whose place `summary` is open for as long as that one judges (open-instead.ts); null for none. */
  readonly standsInFor: ModelSummary | null;
  /** What the model was opened from, so that it can be opened again. */
  readonly source: ModelSource | null;
  /** Why the last directory was refused; the model before it stays. */
  readonly refusal: Failure | null;

  start(): Promise<void>;
  openDirectory(name: string, files: readonly ModelFile[], options?: OpenOptions): Promise<void>;
  /** Uses the open model with this template; false where it was refused, which `refusal` says. */
  chooseTemplate(choice: TemplateChoice): Promise<boolean>;
  /** Calls the open model otherwise, here and in what is made with it from now on. */
  rename(name: string): Promise<void>;
  cancelLoading(): void;
  /**
   * Ends the worker, starts another and opens the model in it again.
   * @param options.afterLoss the graphics device was lost: no other device is taken in silence
   */
  restart(options?: { readonly afterLoss?: boolean }): Promise<void>;
  setDevicePreference(preference: DevicePreference): Promise<void>;
}

/** The model that a person works with: the open one, or that in whose place it is open. */
export const ownModel = ({ summary, standsInFor }: Pick<OpenModelState, 'summary' | 'standsInFor'>) =>
  standsInFor ?? summary;

export type OpenModelStore = StoreApi<OpenModelState>;

/** Has the GPU's products tuned; where that fails they are computed as before, and the model is open all the same. */
async function tuneProducts(
  { getState: get, setState: set }: OpenModelStore,
  engine: Engine,
  { show, signal }: { readonly show: (what: Sayable) => void; readonly signal: EngineSignal },
): Promise<void> {
  const adapter = get().device?.adapter;
  if (adapter === undefined) return;
  const kept = get().products[adapter] ?? null;
  if (kept === null) show(currentText().model.measuringGpu);
  const choice = await engine.call('tuneProducts', { kept }, { signal }).catch(() => null);
  if (choice !== null) set({ products: { ...get().products, [adapter]: choice } });
}

function opening(
  store: OpenModelStore,
  engine: Engine,
  engineTime: EngineTime,
): Pick<OpenModelState, 'openDirectory' | 'cancelLoading'> {
  const { getState: get, setState: set } = store;
  async function open({ name, files, options }: ModelSource, signal: EngineSignal): Promise<void> {
    const { chatTemplate, precision, fingerprint } = options;
    const isNewest = () => engineTime.isNewest('loading', signal);
    const show = (what: Sayable, done = 0, total = 0) => isNewest() && set({ loading: { name, what, done, total } });
    show(currentText().model.readingDirectory);
    set({ refusal: null });
    const model = {
      name,
      files,
      ...(chatTemplate !== undefined && { chatTemplate }),
      ...(precision !== undefined && { precision }),
      ...(fingerprint !== undefined && { fingerprint }),
    };
    try {
      const summary = await engine.call('openModel', model, {
        signal,
        onProgress(event) {
          if (event.kind === 'loading') show(event.what, event.done, event.total);
          else if (event.kind === 'compiling') show(currentText().model.compiling);
        },
      });
      set({ summary, source: { name, files, options } });
      await tuneProducts(store, engine, { show, signal });
    } catch (error) {
      // An engine that is down says so itself.
      if (!isAbort(error) && get().down === null) set({ refusal: describeFailure(error) });
    } finally {
      if (isNewest()) set({ loading: null });
    }
  }

  return {
    async openDirectory(name, files, options = {}) {
      engineTime.stop('loading');
      await engineTime.run('loading', (signal) => open({ name, files, options }, signal));
    },

    cancelLoading: () => engineTime.stop('loading'),
  };
}

/** What is said about the open model, whose weights stay. */
function annotating(
  { getState: get, setState: set }: OpenModelStore,
  engine: Engine,
  engineTime: EngineTime,
): Pick<OpenModelState, 'chooseTemplate' | 'rename'> {
  async function useTemplate(chatTemplate: TemplateChoice, signal: EngineSignal): Promise<boolean> {
    set({ refusal: null });
    try {
      const summary = await engine.call('chooseTemplate', { chatTemplate }, { signal });
      const { source } = get();
      set({
        summary,
        source: source === null ? null : { ...source, options: { ...source.options, chatTemplate } },
      });
      return true;
    } catch (error) {
      if (get().down === null) set({ refusal: describeFailure(error) });
      return false;
    }
  }

  return {
    chooseTemplate: (choice) => engineTime.run('choosingTemplate', (signal) => useTemplate(choice, signal)),

    async rename(name) {
      const { source } = get();
      if (source === null) return;
      set({ source: { ...source, name } });
      try {
        set({ summary: await engine.call('renameModel', { name }) });
      } catch (error) {
        if (get().down === null) set({ refusal: describeFailure(error) });
      }
    },
  };
}

function startingDevice(
  { getState: get, setState: set }: OpenModelStore,
  engine: Engine,
  engineTime: EngineTime,
): Pick<OpenModelState, 'start' | 'restart' | 'setDevicePreference'> {
  async function openDevice(signal: EngineSignal, afterLoss: boolean): Promise<void> {
    set({ starting: true, down: null });
    try {
      const wanted = { prefer: get().devicePreference, ...(afterLoss && { afterLoss }) };
      set({ device: await engine.call('openDevice', wanted, { signal }) });
    } catch (error) {
      set({ device: null, down: describeFailure(error) });
    } finally {
      set({ starting: false });
    }
  }

  const start = (afterLoss = false) => engineTime.run('starting', (signal) => openDevice(signal, afterLoss));
  return {
    start: () => start(),

    async restart({ afterLoss = false } = {}) {
      engine.restart();
      await start(afterLoss);
      const { down, source } = get();
      if (down !== null || source === null) return;
      set({ summary: null });
      await get().openDirectory(source.name, source.files, source.options);
    },

    async setDevicePreference(preference) {
      if (preference === get().devicePreference) return;
      set({ devicePreference: preference });
      await get().restart();
    },
  };
}

export function createOpenModelStore(
  engine: Engine,
  engineTime: EngineTime,
  {
    devicePreference = 'auto',
    products = {},
  }: { readonly devicePreference?: DevicePreference; readonly products?: KeptProducts } = {},
): OpenModelStore {
  const store = createStore<OpenModelState>()((_set, _get, api) => ({
    device: null,
    devicePreference,
    products,
    starting: false,
    down: null,
    silentSeconds: null,
    loading: null,
    summary: null,
    standsInFor: null,
    source: null,
    refusal: null,
    ...startingDevice(api, engine, engineTime),
    ...opening(api, engine, engineTime),
    ...annotating(api, engine, engineTime),
  }));

  engine.onSilence((silentSeconds) => store.setState({ silentSeconds }));
  engine.onDown((error) => store.setState({ down: describeFailure(error), device: null }));
  return store;
}
