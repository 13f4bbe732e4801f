/**
 * @file Models kept in this browser: a folder each, its files and a record. A model exists once its record does, so a
 * crash leaves no half model, only a folder that the next start clears. Web Locks keep tabs from each other's folders:
 * exclusive while a model is added or removed, shared while one is open.
 */
import { UserError } from '../../core/errors';
import { sha256Hex } from '../../core/sha256';
import { isRecord, seal, unseal } from '../versioned';
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

export interface ModelStore {
  /** Newest first; records that cannot be read are left out and reported as sentences. */
  list(): Promise<{ readonly models: readonly StoredModel[]; readonly problems: readonly string[] }>;
  /**
   * Copies the files and lists them as a model; where the same files are stored already, that model is the answer.
   * On failure or when cancelled nothing stays behind.
   */
  add(name: string, sources: readonly CopySource[], options?: CopyOptions): Promise<StoredModel>;
  open(id: string): Promise<OpenedFiles>;
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

export function createModelStore({
  openFolder,
  copy,
  locks,
  newId = () => crypto.randomUUID(),
  now = () => new Date(),
}: ModelStoreDependencies): ModelStore {
  async function readRecord(folder: Folder): Promise<StoredModel | null> {
    const blob = await folder.read(recordName);
    if (blob === null) return null;
    let sealed: unknown;
    try {
      sealed = JSON.parse(await blob.text());
    } catch {
      sealed = {};
    }
    return unseal(modelShape, isRecord(sealed) ? sealed : {});
  }

  async function writeRecord(folder: Folder, model: StoredModel): Promise<void> {
    try {
      const writer = await folder.create(recordName);
      await writer.write(new TextEncoder().encode(JSON.stringify(seal(modelShape, model))));
      await writer.commit();
    } catch (error) {
      throw writeError(error, `the record of ${model.name}, after its ${model.sizeBytes} bytes`);
    }
  }

  /** Holds the lock until the returned function is called; null where another tab has it. */
  function hold(id: string, mode: LockMode): Promise<(() => Promise<void>) | null> {
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

  const list: ModelStore['list'] = async () => {
    const root = await openFolder();
    const models: StoredModel[] = [];
    const problems: string[] = [];
    for (const id of await root.folders()) {
      try {
        const model = await readRecord(await root.folder(id));
        if (model !== null) models.push(model);
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
    return { models: models.sort((a, b) => b.addedAt.localeCompare(a.addedAt)), problems };
  };

  return {
    list,

    async add(name, sources, options = {}) {
      const id = newId();
      const release = await hold(id, 'exclusive');
      const root = await openFolder();
      try {
        const files = await copy(id, sources, options);
        const hash = await hashOf(files);
        const same = (await list()).models.find((model) => model.sha256 === hash);
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
    },

    async open(id) {
      const release = await hold(id, 'shared');
      if (release === null) throw new UserError('This model is being deleted in another tab. Choose another one.');
      try {
        const folder = await (await openFolder()).folder(id);
        const model = await readRecord(folder);
        if (model === null)
          throw new UserError('This model is no longer in the browser’s storage. Choose its directory again.');
        const files: { path: string; blob: Blob }[] = [];
        for (const { path, sizeBytes } of model.files) {
          const blob = await folder.read(path);
          if (blob?.size !== sizeBytes) {
            const found = blob === null ? 'is missing' : `has ${blob.size} bytes and not ${sizeBytes}`;
            throw new UserError(
              `The stored model ${model.name} is damaged: its ${path} ${found}. Delete it and choose its directory again.`,
            );
          }
          files.push({ path, blob });
        }
        return { model, files, release };
      } catch (error) {
        await release();
        throw error;
      }
    },

    async annotate(id, notes) {
      const release = await hold(id, 'shared');
      if (release === null) throw new UserError('This model is being deleted in another tab. Choose another one.');
      try {
        const folder = await (await openFolder()).folder(id);
        const model = await readRecord(folder);
        if (model === null)
          throw new UserError('This model is no longer in the browser’s storage. Choose its directory again.');
        const changed = { ...model, ...notes };
        await writeRecord(folder, changed);
        return changed;
      } finally {
        await release();
      }
    },

    async remove(id) {
      const release = await hold(id, 'exclusive');
      if (release === null)
        throw new UserError(
          'This model is open in another tab. Close that tab or open another model in it, and delete it then.',
        );
      try {
        const root = await openFolder();
        // Without its record it is no model any more, whatever happens to the rest.
        await (await root.folder(id)).remove(recordName);
        await root.remove(id);
      } finally {
        await release();
      }
    },

    async clean() {
      const root = await openFolder();
      for (const id of await root.folders()) {
        const release = await hold(id, 'exclusive');
        if (release === null) continue;
        try {
          if ((await (await root.folder(id)).read(recordName)) === null) await root.remove(id);
        } finally {
          await release();
        }
      }
    },
  };
}
