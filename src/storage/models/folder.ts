/**
 * @file The little that the model store asks of a file system: folders, whole files, and files that appear under their
 * name only when they are complete. Behind it: the browser's private file system (OPFS); in tests a real folder.
 */

export interface FileWriter {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file takes its name and replaces one that had it. */
  commit(): Promise<void>;
  /** Nothing is left of it. */
  discard(): Promise<void>;
}

export interface Folder {
  /** Names of the folders right inside. */
  folders(): Promise<string[]>;
  /** Made where it is not there. */
  folder(name: string): Promise<Folder>;
  /** Null where there is no such file. */
  read(name: string): Promise<Blob | null>;
  create(name: string): Promise<FileWriter>;
  /** A file, or a folder with all in it; nothing where there is none. */
  remove(name: string): Promise<void>;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotFoundError';
}

export function opfsFolder(handle: FileSystemDirectoryHandle): Folder {
  return {
    async folders() {
      const names: string[] = [];
      for await (const entry of handle.values()) if (entry.kind === 'directory') names.push(entry.name);
      return names;
    },
    folder: async (name) => opfsFolder(await handle.getDirectoryHandle(name, { create: true })),
    async read(name) {
      try {
        return await (await handle.getFileHandle(name)).getFile();
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async create(name) {
      // What a stream writes lies in a file of another name until close(), and is gone if the browser is killed before.
      const stream = await (await handle.getFileHandle(name, { create: true })).createWritable();
      return { write: (bytes) => stream.write(bytes), commit: () => stream.close(), discard: () => stream.abort() };
    },
    async remove(name) {
      try {
        await handle.removeEntry(name, { recursive: true });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}

/** Where stored models lie in the browser's private file system. */
export async function openModelsFolder(): Promise<Folder> {
  return opfsFolder(await (await navigator.storage.getDirectory()).getDirectoryHandle('models', { create: true }));
}
