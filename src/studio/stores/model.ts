/**
 * @file The engine's device and the loaded model. The files of the model are held (they are handles, not bytes) so
 * that the model can be opened again after the engine was restarted.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  DeviceKind,
  DeviceReport,
  ModelFile,
  ModelSummary,
  Precision,
  TemplateChoice,
} from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';

export type DevicePreference = 'auto' | DeviceKind;

export interface LoadingModel {
  readonly name: string;
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** How a model is opened where not by itself. */
export interface OpenOptions {
  readonly chatTemplate?: TemplateChoice | undefined;
  /** float32 by default. */
  readonly precision?: Precision | undefined;
}

export interface ModelState {
  readonly device: DeviceReport | null;
  readonly devicePreference: DevicePreference;
  /** The engine is being started. */
  readonly starting: boolean;
  /** Why the engine is down; null while it works. */
  readonly down: Failure | null;
  readonly loading: LoadingModel | null;
  readonly summary: ModelSummary | null;
  /** Why the last directory was refused; the model before it stays. */
  readonly refusal: Failure | null;

  start(): Promise<void>;
  openDirectory(name: string, files: readonly ModelFile[], options?: OpenOptions): Promise<void>;
  /** Uses the open model with this template; false where it was refused, which `refusal` says. */
  chooseTemplate(choice: TemplateChoice): Promise<boolean>;
  cancelLoading(): void;
  /** Ends the worker, starts another and opens the model in it again. */
  restart(): Promise<void>;
  setDevicePreference(preference: DevicePreference): Promise<void>;
}

export type ModelStore = StoreApi<ModelState>;

export function createModelStore(engine: Engine, devicePreference: DevicePreference = 'auto'): ModelStore {
  let held: { readonly name: string; readonly files: readonly ModelFile[]; readonly options: OpenOptions } | null =
    null;
  let opening: AbortController | null = null;

  const store = createStore<ModelState>()((set, get) => ({
    device: null,
    devicePreference,
    starting: false,
    down: null,
    loading: null,
    summary: null,
    refusal: null,

    async start() {
      set({ starting: true, down: null });
      try {
        set({ device: await engine.call('openDevice', { prefer: get().devicePreference }) });
      } catch (error) {
        set({ device: null, down: describeFailure(error) });
      } finally {
        set({ starting: false });
      }
    },

    async openDirectory(name, files, options = {}) {
      opening?.abort();
      const { chatTemplate, precision } = options;
      const controller = new AbortController();
      opening = controller;
      const show = (loading: LoadingModel) => opening === controller && set({ loading });
      show({ name, what: currentText().model.readingDirectory, done: 0, total: 0 });
      set({ refusal: null });
      try {
        const summary = await engine.call(
          'openModel',
          {
            name,
            files,
            ...(chatTemplate !== undefined && { chatTemplate }),
            ...(precision !== undefined && { precision }),
          },
          {
            signal: controller.signal,
            onProgress: (event) => {
              if (event.kind === 'loading') show({ name, what: event.what, done: event.done, total: event.total });
              else if (event.kind === 'compiling')
                show({ name, what: currentText().model.compiling, done: 0, total: 0 });
            },
          },
        );
        held = { name, files, options };
        set({ summary });
      } catch (error) {
        // An engine that is down says so itself.
        if (!isAbort(error) && get().down === null) set({ refusal: describeFailure(error) });
      } finally {
        if (opening === controller) {
          opening = null;
          set({ loading: null });
        }
      }
    },

    async chooseTemplate(chatTemplate) {
      set({ refusal: null });
      try {
        const summary = await engine.call('chooseTemplate', { chatTemplate });
        if (held !== null) held = { ...held, options: { ...held.options, chatTemplate } };
        set({ summary });
        return true;
      } catch (error) {
        if (get().down === null) set({ refusal: describeFailure(error) });
        return false;
      }
    },

    cancelLoading() {
      opening?.abort();
    },

    async restart() {
      engine.restart();
      await get().start();
      if (get().down !== null || held === null) return;
      set({ summary: null });
      await get().openDirectory(held.name, held.files, held.options);
    },

    async setDevicePreference(preference) {
      if (preference === get().devicePreference) return;
      set({ devicePreference: preference });
      await get().restart();
    },
  }));

  engine.onDown((error) => store.setState({ down: describeFailure(error), device: null }));
  return store;
}
