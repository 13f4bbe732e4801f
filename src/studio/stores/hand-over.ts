/**
 * @file Handing a run's adapter over: what is chosen, what the server would say against it, what it gives away, the
 * writing, and its entry in the audit log. What is written is the worker's business (worker/handlers/hand-over.ts).
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import { message, type Sayable } from '../../messages/message';
import type { LeakReport, MeasuredResult } from '../../run/hand-over';
import type { SigningKeys } from '../../storage/signing-keys';
import type { HandedOver, HandOverPlan, HandOverRequest, Progress, SigningKey } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import type { ExportPlaces, OpenedPlace } from '../browser/export-places';
import { isWhyGiven, type Why } from '../plain/audit/office';
import {
  firstForm,
  fitsZip,
  plannedBytes,
  takesCanaries,
  type Destination,
  type HandOverForm,
} from '../plain/hand-over/form';
import { secondsLeft } from '../plain/hand-over/time-left';
import type { Run } from '../plain/runs/run';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { AuditStore } from './audit';
import type { Clock } from './clock';
import type { EngineTime } from './engine-time';
import { originOf, requestOf, requireTrainedPairs } from './hand-over-request';
import type { LibraryStore } from './library';

/** What takes a while: looking for what is given away, making canaries, measuring a merge, writing. */
export interface HandOverDoing {
  readonly kind: 'leakCheck' | 'canaries' | 'mergeDistance' | 'writing';
  readonly done: number;
  readonly total: number;
  /** null while it cannot be told. */
  readonly secondsLeft: number | null;
  readonly isStopping: boolean;
}

export interface HandOverState {
  /** The run whose adapter it is; null while the dialog is closed. */
  readonly runId: string | null;
  readonly form: HandOverForm;
  /** What `form` comes to; null until that is known, and where it cannot be. */
  readonly plan: HandOverPlan | null;
  /** Why there is no plan. */
  readonly planFailure: Failure | null;
  /** Why nothing was written. */
  readonly failure: Failure | null;
  /** What takes a while; null while nothing does. */
  readonly doing: HandOverDoing | null;
  readonly written: (HandedOver & { readonly isZip: boolean }) | null;
  /** Whether the last writing was cancelled. */
  readonly wasStopped: boolean;
  /** What the adapter gives away; null until somebody looked. */
  readonly leaks: LeakReport | null;
  readonly leakFailure: Failure | null;
  /** What this browser signs with; null until it is known. */
  readonly key: SigningKey | null;
  readonly canChooseFolder: boolean;

  open(runId: string): void;
  /** Nothing while it is busy. */
  close(): void;
  setForm(form: HandOverForm): void;
  /** Plans again what the form says. */
  look(): Promise<void>;
  lookForLeaks(): Promise<void>;
  write(kind: 'folder' | 'zip', why: Why): Promise<void>;
  stop(): void;
}

export type HandOverStore = StoreApi<HandOverState>;

export interface HandOverDependencies {
  readonly engine: Engine;
  readonly engineTime: EngineTime;
  readonly library: LibraryStore;
  readonly audit: AuditStore;
  readonly places: ExportPlaces;
  readonly keys: SigningKeys;
  /** Win rates of a run's adapter, as a person has judged them. */
  readonly winRatesOf: (runId: string) => readonly MeasuredResult[];
  readonly clock: Clock;
}

/** What was made of another form. */
const gone = { plan: null, planFailure: null, failure: null, written: null, wasStopped: false };
const usualServer: Destination = 'vllm';
/** Whose form there is before a run is chosen. */
const nobody = { name: '', method: 'dpo' } as const;
/** As the command line takes them. */
const [canaryCount, leakAnswers] = [8, 64];

type Doing = HandOverDoing['kind'];

/** Shows how far long work is, each kind from its own beginning. */
function showing({ getState, setState }: HandOverStore, { clock }: HandOverDependencies) {
  const begunMs: Partial<Record<Doing, number>> = {};
  return (kind: Doing, done: number, total: number): void => {
    const begun = (begunMs[kind] ??= clock.now());
    const left = secondsLeft(done, total, (clock.now() - begun) / 1000);
    const isStopping = getState().doing?.isStopping ?? false;
    setState({ doing: { kind, done, total, secondsLeft: left, isStopping } });
  };
}

/** Makes the key where there is none. */
async function openKey({ engine, keys }: HandOverDependencies): Promise<SigningKey> {
  const kept = await keys.read();
  const key = await engine.call('signingKey', { pair: kept });
  if (kept !== null) return key;
  const first = await keys.keep(key.pair);
  return first === key.pair ? key : engine.call('signingKey', { pair: first });
}

interface Extras {
  readonly texts: HandOverRequest['texts'];
  readonly said: readonly Sayable[];
}

/** canaries.json and check_server.py, and what can be told by them. */
async function canariesOf(
  form: HandOverForm,
  run: Run,
  { engine, library }: HandOverDependencies,
  options: { readonly signal: EngineSignal; readonly onProgress: (event: Progress) => void },
): Promise<Extras> {
  if (form.canaries === 'none' || !takesCanaries(form, run.method)) return { texts: [], said: [] };
  const pairs = form.canaries === 'pairs' ? await requireTrainedPairs(run, library) : null;
  const adapter = await library.getState().adapterOf(run.id);
  const { texts, report } = await engine.call('canaries', { adapter, count: canaryCount, pairs }, options);
  const { count, meanDifference, tellsApart } = report;
  const made = message('canariesMade', { count, difference: meanDifference.toFixed(3) });
  return { texts, said: [made, ...(tellsApart ? [] : [message('canariesTooAlike')])] };
}

/** Writes into a place, and leaves nothing in it of what failed. */
async function writeInto(
  place: OpenedPlace,
  store: HandOverStore,
  run: Run,
  dependencies: HandOverDependencies,
): Promise<HandedOver> {
  const { engine, engineTime } = dependencies;
  const { form, key } = store.getState();
  const show = showing(store, dependencies);
  const onProgress = (event: Progress) => {
    if (event.kind === 'canaries' || event.kind === 'mergeDistance' || event.kind === 'writing')
      show(event.kind, event.done, event.total);
  };
  try {
    // All of it is owned work, so that it can be stopped from its beginning on.
    const out = await engineTime.run('handingOver', async (signal) => {
      const extras = await canariesOf(form, run, dependencies, { signal, onProgress });
      const request = await requestOf(form, run, dependencies);
      const whole = {
        ...{ ...request, name: form.name, target: place.target, origin: await originOf(run, dependencies) },
        ...{ texts: [...request.texts, ...extras.texts], signingKey: form.isSigned ? (key?.pair ?? null) : null },
      };
      const written = await engine.call('handOver', whole, { signal, onProgress });
      return { ...written, said: [...written.said, ...extras.said] };
    });
    await place.done();
    return out;
  } catch (error) {
    await place.discard();
    throw error;
  }
}

const begun = (kind: Doing): HandOverDoing => ({ kind, done: 0, total: 0, secondsLeft: null, isStopping: false });

/** The writing, from the choice of a place to the entry in the audit log. */
function writing(store: HandOverStore, runOf: () => Run | undefined, dependencies: HandOverDependencies) {
  const { getState: get, setState: set } = store;
  const { audit, places } = dependencies;

  async function note({ name, files, sumsSha256 }: HandedOver, run: Run, why: Why): Promise<void> {
    const { server, format } = get().form;
    const what = `${name}: ${run.name}, ${server}, ${format}, ${files.length} files and SHA256SUMS`;
    await audit.getState().note({ action: 'export', what, sha256: sumsSha256, ...why });
  }

  return async (kind: 'folder' | 'zip', why: Why): Promise<void> => {
    const run = runOf();
    if (run === undefined || get().doing !== null || !isWhyGiven(audit.getState().office, why)) return;
    set({ failure: null, written: null, wasStopped: false });
    try {
      // Before canaries are made, which takes long.
      if (kind === 'zip' && !fitsZip(get().plan))
        throw new UserError('exportZipTooLarge', { bytes: plannedBytes(get().plan) });
      const place = kind === 'folder' ? await places.folder() : await places.zip(get().form.name);
      if (place === null) return;
      set({ doing: begun('writing') });
      const out = await writeInto(place, store, run, dependencies);
      await note(out, run, why);
      set({ written: { ...out, isZip: kind === 'zip' } });
    } catch (error) {
      if (isAbort(error)) set({ wasStopped: true });
      else set({ failure: describeFailure(error) });
    } finally {
      set({ doing: null });
    }
  };
}

/** What is looked at before anything is written. */
function looking(store: HandOverStore, runOf: () => Run | undefined, dependencies: HandOverDependencies) {
  const { getState: get, setState: set } = store;
  const { engine, engineTime, library } = dependencies;
  return {
    async look(): Promise<void> {
      const run = runOf();
      const { form } = get();
      if (run === undefined) return;
      const isStill = () => get().form === form && get().runId === run.id;
      try {
        const plan = await engine.call('planHandOver', await requestOf(form, run, dependencies));
        if (isStill()) set({ plan });
      } catch (error) {
        if (isStill()) set({ planFailure: describeFailure(error) });
      }
    },

    async lookForLeaks(): Promise<void> {
      const run = runOf();
      if (run === undefined || get().doing !== null) return;
      const show = showing(store, dependencies);
      const onProgress = (event: Progress) => event.kind === 'leakCheck' && show('leakCheck', event.done, event.total);
      set({ leaks: null, leakFailure: null, doing: begun('leakCheck') });
      try {
        const leaks = await engineTime.run('handingOver', async (signal) => {
          const [adapter, pairs] = [
            await library.getState().adapterOf(run.id),
            await requireTrainedPairs(run, library),
          ];
          const asked = { adapter, pairs, answers: leakAnswers };
          return engine.call('leakCheck', asked, { signal, onProgress });
        });
        set({ leaks });
      } catch (error) {
        if (!isAbort(error)) set({ leakFailure: describeFailure(error) });
      } finally {
        set({ doing: null });
      }
    },
  };
}

export function createHandOverStore(dependencies: HandOverDependencies): HandOverStore {
  const { engineTime, library, places, clock } = dependencies;
  return createStore<HandOverState>()((set, get, store) => {
    const runOf = () => library.getState().runs.find(({ id }) => id === get().runId);
    return {
      ...gone,
      runId: null,
      form: firstForm(nobody, usualServer, new Date(clock.now())),
      doing: null,
      leaks: null,
      leakFailure: null,
      key: null,
      canChooseFolder: places.canChooseFolder(),

      open(runId) {
        set({ ...gone, runId, leaks: null, leakFailure: null });
        const { server } = get().form;
        get().setForm(firstForm(runOf() ?? nobody, server, new Date(clock.now())));
        // Without a key nothing is signed, and the dialog says so.
        if (get().key === null)
          openKey(dependencies).then(
            (key) => set({ key }),
            () => {},
          );
      },

      close: () => get().doing === null && set({ ...gone, runId: null }),

      setForm(form) {
        set({ ...gone, form });
        void get().look();
      },

      ...looking(store, runOf, dependencies),
      write: writing(store, runOf, dependencies),

      stop() {
        const { doing } = get();
        if (doing !== null) set({ doing: { ...doing, isStopping: true } });
        engineTime.stop('handingOver');
      },
    };
  });
}
