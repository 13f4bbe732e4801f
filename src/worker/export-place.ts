/**
 * @file Where the worker writes an export: a new folder in one that the person chose, or a zip file. Both take files as
 * they come, piece by piece, and leave nothing behind when they are discarded. Not here: what is written (handover/).
 */
import { Zip, ZipPassThrough } from 'fflate';
import { UserError } from '../core/errors';
import type { FileSink } from '../handover/streamed-file';
import { message } from '../messages/message';
import { zipLimitBytes } from '../run/hand-over';
import type { ExportTarget } from './protocol';

export interface ExportPlace extends FileSink {
  /** The folder's name, which is another one than was wished where that was taken. */
  readonly name: string;
  /** All files are there. */
  done(): Promise<void>;
  /** Removes what was begun. @returns whether nothing of it is left */
  discard(): Promise<boolean>;
}

/** What a failed write is called: a full disk by its own name, all else with the browser's word for it. */
export function writeError(error: unknown, file: string): Error {
  if (!(error instanceof DOMException)) return error as Error;
  if (error.name === 'QuotaExceededError') return new UserError('exportDiskFull', { file });
  return new UserError('exportNotWritten', { file, reason: `${error.name}: ${error.message}` });
}

async function asked<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw writeError(error, file);
  }
}

/** Bytes as the browser's streams want them: none of ours lie in shared memory. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

/** A file that is there under its name once it is closed; after a failed write there is nothing to close. */
async function openFile(handle: FileSystemFileHandle, path: string) {
  const stream = await asked(path, () => handle.createWritable());
  let hasFailed = false;
  return {
    async write(bytes: Uint8Array): Promise<void> {
      try {
        await asked(path, () => stream.write(own(bytes)));
      } catch (error) {
        hasFailed = true;
        await stream.abort().catch(() => {});
        throw error;
      }
    },
    close: () => (hasFailed ? Promise.resolve() : asked(path, () => stream.close())),
    abort: () => stream.abort(),
  };
}

/** Folders of the same name that are looked past. */
const mostOfAName = 999;

const isThere = (parent: FileSystemDirectoryHandle, name: string): Promise<boolean> =>
  parent.getDirectoryHandle(name).then(
    () => true,
    (error: unknown) => !(error instanceof DOMException && error.name === 'NotFoundError'),
  );

/** What lies there already is nobody's to overwrite: `name`, or `name-2` and so on. */
async function newFolder(parent: FileSystemDirectoryHandle, name: string): Promise<FileSystemDirectoryHandle> {
  for (let n = 1; n <= mostOfAName; n++) {
    const tried = n === 1 ? name : `${name}-${n}`;
    if (!(await isThere(parent, tried))) return asked(tried, () => parent.getDirectoryHandle(tried, { create: true }));
  }
  throw new UserError('exportNameTaken', { name, folder: parent.name });
}

async function folderOf(root: FileSystemDirectoryHandle, path: string): Promise<[FileSystemDirectoryHandle, string]> {
  const parts = path.split('/');
  const name = parts.pop() as string;
  let folder = root;
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
  return [folder, name];
}

async function openFolder(parent: FileSystemDirectoryHandle, name: string): Promise<ExportPlace> {
  const root = await newFolder(parent, name);
  return {
    name: root.name,
    async open(path) {
      const [folder, file] = await asked(path, () => folderOf(root, path));
      return openFile(await asked(path, () => folder.getFileHandle(file, { create: true })), path);
    },
    async remove(path) {
      const [folder, file] = await folderOf(root, path);
      await folder.removeEntry(file);
    },
    done: () => Promise.resolve(),
    discard: () =>
      parent.removeEntry(root.name, { recursive: true }).then(
        () => true,
        () => false,
      ),
  };
}

async function openZip(handle: FileSystemFileHandle, name: string): Promise<ExportPlace> {
  const file = await openFile(handle, handle.name);
  let waiting: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    waiting.push(bytes);
  });
  const flush = async () => {
    const bytes = waiting;
    waiting = [];
    for (const piece of bytes) if (piece.length > 0) await file.write(piece);
  };
  return {
    name,
    open(path) {
      const entry = new ZipPassThrough(`${name}/${path}`);
      zip.add(entry);
      return Promise.resolve({
        async write(bytes) {
          entry.push(bytes);
          await flush();
        },
        close() {
          entry.push(new Uint8Array(), true);
          return flush();
        },
      });
    },
    // Nothing is taken out of a zip; all of it goes with `discard`.
    remove: () => Promise.resolve(),
    async done() {
      zip.end();
      await flush();
      await file.close();
    },
    async discard() {
      await file.abort().catch(() => {});
      return true;
    },
  };
}

/** @param sizeBytes of all files together, without their sums */
export function openPlace(target: ExportTarget, name: string, sizeBytes: number): Promise<ExportPlace> {
  if (target.kind === 'folder') return openFolder(target.folder, name);
  if (sizeBytes > zipLimitBytes) throw new UserError(message('exportZipTooLarge', { bytes: sizeBytes }));
  return openZip(target.file, name);
}
