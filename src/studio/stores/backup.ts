/**
 * @file Backing up everything into one file, and restoring such a file: first what it would change, then, accepted,
 * the change. The files themselves are storage/backup.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { readContainer, type ClosedContainer, type OpenedContainer } from '../../storage/backup/container-reader';
import { isWritten, planRestore, restoreUnit, type ModelPlan, type RestorePlan } from '../../storage/backup/restore';
import { writeBackup, type BackupProgress, type BackupResult } from '../../storage/backup/write-backup';
import { UserError } from '../../core/errors';
import type { ModelStore } from '../../storage/models/model-store';
import { toFileName } from '../browser/download';
import type { OpenSaveTarget, SaveTarget } from '../browser/save-file';
import type { Settings, Storage } from '../plain/records';
import type { Why } from '../plain/audit/office';
import { describeFailure, isAbort, type Failure } from '../text/failure';

export interface BackupChoice {
  /** Null leaves the file in the clear. */
  readonly passphrase: string | null;
  readonly withModels: boolean;
}

/** A file that was chosen to be restored. */
export interface ChosenFile {
  readonly name: string;
  readonly file: File;
  readonly closed: ClosedContainer;
  readonly plan: RestorePlan | null;
}

export interface Doing {
  readonly kind: BackupProgress['kind'] | 'opening' | 'checking' | 'restoring';
  readonly done: number;
  readonly total: number;
}

export interface BackupState {
  /** What is going on; null while nothing is. */
  readonly doing: Doing | null;
  readonly written: (BackupResult & { readonly fileName: string; readonly why: Why }) | null;
  /** Why backing up or restoring failed. */
  readonly failure: { readonly of: 'backup' | 'restore'; readonly failure: Failure } | null;
  readonly last: NonNullable<Settings['lastBackup']> | null;
  readonly chosen: ChosenFile | null;
  /** How many units and models were written; the page is to be loaded anew then. */
  readonly restored: number | null;

  backUp(choice: BackupChoice): Promise<void>;
  cancel(): void;
  /** Reads the beginning of a file, and all of it where it is not encrypted. */
  choose(file: File): Promise<void>;
  unlock(passphrase: string): Promise<void>;
  accept(takesTheirs: boolean): Promise<void>;
  putAway(): void;
}

export type BackupStore = StoreApi<BackupState>;

export interface BackupDependencies {
  readonly storage: Pick<Storage, 'units' | 'writeSettings'>;
  readonly models: Pick<ModelStore, 'list' | 'open' | 'add' | 'annotate'>;
  readonly openSaveTarget: OpenSaveTarget;
  /** Why it may leave; null where it does not. */
  readonly askWhy: (name: string) => Promise<Why | null>;
  /** Whether a tab trains the run, which is then left alone. */
  readonly isRunning: (runId: string) => Promise<boolean>;
  readonly tellTabs: (topic: string) => void;
  /** The office's grade label. */
  readonly getLabel: () => string | null;
  readonly last: NonNullable<Settings['lastBackup']> | null;
  readonly now?: () => Date;
}

const nameOfBackup = (at: string): string => toFileName(`airlock-${at.slice(0, 16).replace(/[:T]/g, '-')}`);

/** Long work that can be cancelled, one at a time. */
class Task {
  private controller: AbortController | null = null;

  constructor(private readonly store: BackupStore) {}

  cancel(): void {
    this.controller?.abort();
  }

  async run(of: 'backup' | 'restore', first: Doing, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.store.getState().doing !== null) return;
    this.controller = new AbortController();
    this.store.setState({ doing: first, failure: null, written: null });
    try {
      await work(this.controller.signal);
    } catch (error) {
      if (!isAbort(error)) this.store.setState({ failure: { of, failure: describeFailure(error) } });
    } finally {
      this.controller = null;
      this.store.setState({ doing: null });
    }
  }
}

async function writeAll(
  target: SaveTarget,
  { passphrase, withModels }: BackupChoice,
  dependencies: BackupDependencies & { readonly at: string },
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: BackupProgress) => void },
): Promise<BackupResult> {
  const { storage, models, getLabel, at: madeAt } = dependencies;
  try {
    const given = { madeAt, label: getLabel(), passphrase, withModels, ...options };
    const result = await writeBackup(target, storage.units, models, given);
    await target.done();
    return result;
  } catch (error) {
    await target.discard().catch(() => {});
    throw error;
  }
}

/** Writes an included model; where its files are not those that its record names, it does not stay. */
async function restoreModel(
  container: OpenedContainer,
  { model, files }: ModelPlan,
  models: BackupDependencies['models'],
  signal: AbortSignal,
): Promise<void> {
  const sources = files.map(({ path, bytes, offset, sha256 }) => ({
    ...{ path, sizeBytes: bytes },
    ...{ container, offset, sha256 },
  }));
  const { id } = await models.add(model.name, sources, { signal });
  const { chatTemplate, fingerprint } = model;
  await models.annotate(id, { ...(chatTemplate && { chatTemplate }), ...(fingerprint && { fingerprint }) });
}

const topics = {
  dataset: 'dataset',
  judging: 'judging',
  trials: 'trials',
  demonstration: 'demonstration',
  frontier: 'frontier',
  rules: 'rules',
  'label-review': 'label-review',
} as const;

/** Tells other tabs what was written. */
function tellOf(unit: string, tellTabs: (topic: string) => void): void {
  const [kind = '', id = ''] = unit.split('/');
  if (kind === 'run') tellTabs(id);
  if (Object.hasOwn(topics, kind)) tellTabs(kind);
}

/** Restores what was accepted. @returns how many units and models were written */
async function restoreAll(
  { name, plan }: ChosenFile,
  takesTheirs: boolean,
  { storage, models, isRunning, tellTabs }: BackupDependencies,
  { signal, show }: { readonly signal: AbortSignal; readonly show: (done: number, total: number) => void },
): Promise<number> {
  if (plan === null) return 0;
  const units = plan.units.filter((unit) => isWritten(unit, takesTheirs));
  const included = plan.models.filter(({ fate }) => fate === 'included');
  const total = units.length + included.length;
  let written = 0;
  for (const unit of units) {
    show(written, total);
    signal.throwIfAborted();
    if (unit.kind === 'run' && (await isRunning(unit.unit.slice('run/'.length))))
      throw new UserError('restoreRunGoing', { run: unit.name ?? unit.unit });
    await restoreUnit(plan.container, unit, storage.units, { file: name, takesTheirs });
    tellOf(unit.unit, tellTabs);
    written++;
  }
  for (const model of included) {
    show(written, total);
    await restoreModel(plan.container, model, models, signal);
    written++;
  }
  return written;
}

function restoring(store: BackupStore, task: Task, dependencies: BackupDependencies) {
  const { getState: get, setState: set } = store;

  async function look(chosen: ChosenFile, passphrase: string | null, signal: AbortSignal): Promise<void> {
    const container = await chosen.closed.open(passphrase);
    const { storage, models } = dependencies;
    const stored = (await models.list()).models;
    const plan = await planRestore(container, storage.units, stored, {
      signal,
      onProgress: (done, total) => set({ doing: { kind: 'checking', done, total } }),
    });
    set({ chosen: { ...chosen, plan } });
  }

  return {
    choose: (file: File) =>
      task.run('restore', { kind: 'opening', done: 0, total: 0 }, async (signal) => {
        set({ chosen: null, restored: null });
        const closed = await readContainer(file.name, file);
        if (closed.header.kind !== 'backup') throw new UserError('restoreIsCourier', { file: file.name });
        const chosen = { name: file.name, file, closed, plan: null };
        set({ chosen });
        if (closed.header.encryption === null) await look(chosen, null, signal);
      }),

    unlock: (passphrase: string) =>
      task.run('restore', { kind: 'opening', done: 0, total: 0 }, async (signal) => {
        const { chosen } = get();
        if (chosen !== null) await look(chosen, passphrase, signal);
      }),

    accept: (takesTheirs: boolean) =>
      task.run('restore', { kind: 'restoring', done: 0, total: 0 }, async (signal) => {
        const { chosen } = get();
        if (chosen === null) return;
        const show = (done: number, total: number) => set({ doing: { kind: 'restoring', done, total } });
        const restored = await restoreAll(chosen, takesTheirs, dependencies, { signal, show });
        set({ restored, chosen: null });
      }),

    putAway: () => get().doing === null && set({ chosen: null, failure: null }),
  };
}

export function createBackupStore(dependencies: BackupDependencies): BackupStore {
  const { storage, openSaveTarget, now = () => new Date() } = dependencies;
  return createStore<BackupState>()((set, _, store) => {
    const task = new Task(store);
    return {
      doing: null,
      written: null,
      failure: null,
      last: dependencies.last,
      chosen: null,
      restored: null,

      backUp: (choice) =>
        task.run('backup', { kind: 'records', done: 0, total: 0 }, async (signal) => {
          const at = now().toISOString();
          const fileName = `${nameOfBackup(at)}.airlock`;
          const why = await dependencies.askWhy(fileName);
          const target = why && (await openSaveTarget(fileName));
          if (why === null || target === null) return;
          const onProgress = (progress: BackupProgress) => set({ doing: progress });
          const result = await writeAll(target, choice, { ...dependencies, at }, { signal, onProgress });
          const last = { at, sha256: result.sha256 };
          set({ written: { ...result, fileName, why }, last });
          await storage.writeSettings({ lastBackup: last });
        }),

      cancel: () => task.cancel(),
      ...restoring(store, task, dependencies),
    };
  });
}
