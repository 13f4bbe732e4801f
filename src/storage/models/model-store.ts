/**
 * @file Models kept in this browser: a folder each, its files and a record. A model exists once its record does, so a
 * crash leaves no half model, only a folder that the next start clears. Web Locks keep tabs from each other's folders:
 * exclusive while a model is added or removed, shared while one is open.
 */
import { message } from '../../messages/message';
import { UserError } from '../../core/errors';
import { sha256Hex } from '../../core/sha256';
import type { Misfit } from '../misfit';
import { readSealed, refuseMisfit, seal, type Reading } from '../versioned';
import { checkOnOpening, checkWhole, sampleOf, type CheckOptions } from './check-files';
import type { CopyIntoFolder } from './copier';
import { writeError, type CopyOptions, type CopySource } from './copy-files';
import type { Folder } from './folder';
import { modelShape, type ModelNotes, type StoredFile, type StoredModel } from './stored-model';

/** Begins with a point: no file of a checkpoint does. */
const recordName = '.airlock.json';

const lockName = (id: string) => `airlock-model/${id}`;

export interface OpenedFiles {
  readonly model: StoredModel;
  readonly files: readonly { readonly path: string; readonly blob: Blob }[];
  /** Lets other tabs delete the model again. */
  release(): Promise<void>;
}

/** A model whose record does not fit. */
export interface UnfitModel {
  readonly id: string;
  readonly misfit: Misfit;
}

export interface ModelStore {
  /** Newest first; those whose record does not fit stay where they are, and no model is opened by such a record. */
  list(): Promise<{ readonly models: readonly StoredModel[]; readonly unfit: readonly UnfitModel[] }>;
  /** A record as it was found, be it none. */
  readFound(id: string): Promise<string | null>;
  /**
   * Copies the files and lists them as a model; where the same files are stored already, that model is the answer.
   * On failure or when cancelled nothing stays behind.
   */
  add(name: string, sources: readonly CopySource[], options?: CopyOptions): Promise<StoredModel>;
  /** @throws UserError where a file is not as it was copied, as far as its size and a sample tell */
  open(id: string): Promise<OpenedFiles>;
  /**
   * Hashes every byte of a model.
   * @throws UserError that names the file that is not as it was copied; AbortError when cancelled
   */
  check(id: string, options?: CheckOptions): Promise<void>;
  /** Keeps what was learnt of a model, or chosen for it. */
  annotate(id: string, notes: ModelNotes): Promise<StoredModel>;
  remove(id: string): Promise<void>;
  /** Clears what an add or a remove that was cut off has left. */
  clean(): Promise<void>;
}

export interface ModelStoreDependencies {
  readonly openFolder: () => Promise<Folder>;
  readonly copy: CopyIntoFolder;
  readonly locks: Pick<LockManager, 'request'>;
  readonly newId?: () => string;
  readonly now?: () => Date;
}

async function hashOf(files: readonly StoredFile[]): Promise<string> {
  const lines = files.map(({ path, sha256: hash }) => ({ path, line: `${hash}  ${path}\n` }));
  lines.sort((a, b) => (a.path < b.path ? -1 : 1));
  return sha256Hex(new TextEncoder().encode(lines.map(({ line }) => line).join('')));
}

/** What is written under `.airlock.json`; undefined where there is none, which is then no model. */
async function readRecord(folder: Folder): Promise<Reading<StoredModel>> {
  const text = await (await folder.read(recordName))?.text();
  if (text === undefined) return readSealed(modelShape, undefined);
  try {
    return readSealed(modelShape, JSON.parse(text));
  } catch {
    return readSealed(modelShape, text);
  }
}

async function requireRecord(folder: Folder): Promise<StoredModel> {
  const {
    value,
    unfit: [unfit],
  } = await readRecord(folder);
  if (unfit !== undefined) refuseMisfit(modelShape, unfit.misfit);
  if (value === null) throw new UserError('modelGone');
  return value;
}

async function writeRecord(folder: Folder, model: StoredModel): Promise<void> {
  try {
    const writer = await folder.create(recordName);
    await writer.write(new TextEncoder().encode(JSON.stringify(seal(modelShape, model))));
    await writer.commit();
  } catch (error) {
    throw writeError(error, message('recordAfterBytes', { name: model.name, bytes: model.sizeBytes }));
  }
}

type Release = () => Promise<void>;

/** Locks a model's folder until the returned function is called; null where another tab has it. */
function lockFolder(locks: ModelStoreDependencies['locks'], id: string, mode: LockMode): Promise<Release | null> {
  return new Promise((resolve, reject) => {
    const held = locks.request(lockName(id), { mode, ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(null);
      return new Promise<void>((letGo) => {
        resolve(async () => {
          letGo();
          await held;
        });
      });
    });
    held.catch(reject);
  });
}

async function lockForUse(locks: ModelStoreDependencies['locks'], id: string): Promise<Release> {
  const release = await lockFolder(locks, id, 'shared');
  if (release === null) throw new UserError('modelBeingDeleted');
  return release;
}

async function listModels(root: Folder): ReturnType<ModelStore['list']> {
  const models: StoredModel[] = [];
  const unfit: UnfitModel[] = [];
  for (const id of await root.folders()) {
    const record = await readRecord(await root.folder(id));
    if (record.value !== null) models.push(record.value);
    unfit.push(...record.unfit.map(({ misfit }) => ({ id, misfit })));
  }
  return { models: models.sort((a, b) => b.addedAt.localeCompare(a.addedAt)), unfit };
}

/** The files that a model's record names. */
async function readFiles(folder: Folder, { name, files }: StoredModel) {
  const read: { file: StoredFile; blob: Blob }[] = [];
  for (const file of files) {
    const blob = await folder.read(file.path);
    if (blob === null)
      throw new UserError('storedModelDamaged', { name, file: file.path, problem: message('isMissing') });
    read.push({ file, blob });
  }
  return read;
}

/** The files with the samples of large ones, read back from where they were written. */
async function withSamples(folder: Folder, files: readonly StoredFile[]): Promise<StoredFile[]> {
  return Promise.all(
    files.map(async (file) => {
      const blob = await folder.read(file.path);
      const sample = blob === null ? null : await sampleOf(blob);
      return { ...file, ...(sample !== null && { sample }) };
    }),
  );
}

async function cleanFolders(root: Folder, locks: ModelStoreDependencies['locks']): Promise<void> {
  for (const id of await root.folders()) {
    const release = await lockFolder(locks, id, 'exclusive');
    if (release === null) continue;
    try {
      if ((await (await root.folder(id)).read(recordName)) === null) await root.remove(id);
    } finally {
      await release();
    }
  }
}

function createAdd({ openFolder, copy, locks, newId, now }: Required<ModelStoreDependencies>): ModelStore['add'] {
  return async (name, sources, options = {}) => {
    const id = newId();
    const release = await lockFolder(locks, id, 'exclusive');
    const root = await openFolder();
    try {
      const files = await withSamples(await root.folder(id), await copy(id, sources, options));
      const hash = await hashOf(files);
      const same = (await listModels(root)).models.find((model) => model.sha256 === hash);
      if (same !== undefined) {
        await root.remove(id);
        return same;
      }
      const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
      const model: StoredModel = { id, name, addedAt: now().toISOString(), sizeBytes, sha256: hash, files };
      await writeRecord(await root.folder(id), model);
      return model;
    } catch (error) {
      await root.remove(id).catch(() => {});
      throw error;
    } finally {
      await release?.();
    }
  };
}

function createUse({ openFolder, locks }: ModelStoreDependencies): Pick<ModelStore, 'open' | 'check' | 'annotate'> {
  async function read(id: string) {
    const folder = await (await openFolder()).folder(id);
    const model = await requireRecord(folder);
    return { model, files: await readFiles(folder, model) };
  }
  return {
    async open(id) {
      const release = await lockForUse(locks, id);
      try {
        const { model, files } = await read(id);
        await checkOnOpening(model.name, files);
        return { model, files: files.map(({ file: { path }, blob }) => ({ path, blob })), release };
      } catch (error) {
        await release();
        throw error;
      }
    },

    async check(id, options) {
      const release = await lockForUse(locks, id);
      try {
        const { model, files } = await read(id);
        await checkWhole(model.name, files, options);
      } finally {
        await release();
      }
    },

    async annotate(id, notes) {
      const release = await lockForUse(locks, id);
      try {
        const folder = await (await openFolder()).folder(id);
        const changed = { ...(await requireRecord(folder)), ...notes };
        await writeRecord(folder, changed);
        return changed;
      } finally {
        await release();
      }
    },
  };
}

export function createModelStore(dependencies: ModelStoreDependencies): ModelStore {
  const { openFolder, locks } = dependencies;
  return {
    list: async () => listModels(await openFolder()),
    add: createAdd({ newId: () => crypto.randomUUID(), now: () => new Date(), ...dependencies }),
    ...createUse(dependencies),

    async readFound(id) {
      const folder = await (await openFolder()).folder(id);
      return (await (await folder.read(recordName))?.text()) ?? null;
    },

    async remove(id) {
      const release = await lockFolder(locks, id, 'exclusive');
      if (release === null) throw new UserError('modelOpenElsewhere');
      try {
        const root = await openFolder();
        // Without its record it is no model any more, whatever happens to the rest.
        await (await root.folder(id)).remove(recordName);
        await root.remove(id);
      } finally {
        await release();
      }
    },

    clean: async () => cleanFolders(await openFolder(), locks),
  };
}
