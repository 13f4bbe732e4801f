/**
 * @file Copies the files of a model into a folder, a few megabytes at a time: from blobs that the user chose or from
 * addresses of this server, counted and hashed on the way. A file has its name only when all of it is there and right.
 */
import { message, type Message, type Sayable } from '../../messages/message';
import { createSHA256 } from 'hash-wasm';
import { AbortError, UserError, throwIfAborted } from '../../core/errors';
import { ContainerContent, type OpenedContainer } from '../backup/container-reader';
import type { FileWriter, Folder } from './folder';
import type { StoredFile } from './stored-model';

/** Memory that a copy takes, whatever the size of the file. */
const chunkBytes = 4 * 2 ** 20;

interface CopyTarget {
  readonly path: string;
  readonly sizeBytes: number;
}

export interface BlobSource extends CopyTarget {
  readonly blob: Blob;
}

export interface ServerSource extends CopyTarget {
  /** Of this page's origin. */
  readonly url: string;
  /** What the server's list promises; null where it promises nothing. */
  readonly sha256: string | null;
}

/** A file inside a backup. */
export interface ContainerSource extends CopyTarget {
  readonly container: OpenedContainer;
  /** Where it begins in the backup's content. */
  readonly offset: number;
  readonly sha256: string;
}

export type CopySource = BlobSource | ServerSource | ContainerSource;

export interface CopyProgress {
  readonly path: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: CopyProgress) => void;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));

async function* readBlob({ path, blob }: BlobSource): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0; offset < blob.size; offset += chunkBytes) {
    let chunk: ArrayBuffer;
    try {
      chunk = await blob.slice(offset, offset + chunkBytes).arrayBuffer();
    } catch (error) {
      throw new UserError('copiedFileUnreadable', { file: path, reason: reasonOf(error) });
    }
    yield new Uint8Array(chunk);
  }
}

async function* download(
  { path, url }: ServerSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const failed = (reason: Sayable) => new UserError('fileNotFetched', { file: path, url, reason });
  let response: Response;
  try {
    response = await fetch(url, { mode: 'same-origin', redirect: 'error', ...(signal && { signal }) });
  } catch (error) {
    throwIfAborted(signal);
    throw failed(reasonOf(error));
  }
  if (!response.ok || response.body === null) throw failed(message('serverAnswered', { status: response.status }));
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throwIfAborted(signal);
        throw failed(reasonOf(error));
      });
      if (done) return;
      yield value as Uint8Array<ArrayBuffer>;
    }
  } finally {
    // A copy that ends early lets the connection go.
    reader.cancel().catch(() => {});
  }
}

function readSource(source: CopySource, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if ('blob' in source) return readBlob(source);
  if ('url' in source) return download(source, signal);
  return new ContainerContent(source.container).pieces({ offset: source.offset, bytes: source.sizeBytes });
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

/** The error of a write that the browser refused. */
export function writeError(error: unknown, what: Message): UserError {
  return isFull(error)
    ? new UserError('storageRefused', { what })
    : new UserError('browserCouldNotWrite', { what, reason: reasonOf(error) });
}

async function copyFile(
  source: CopySource,
  folder: Folder,
  { signal }: CopyOptions,
  count: (bytes: number) => CopyProgress,
): Promise<StoredFile> {
  const { path, sizeBytes } = source;
  const hash = await createSHA256();
  hash.init();
  let seen = 0;
  const write = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const { doneBytes, totalBytes } = count(0);
      throw writeError(error, message('fileAfterBytes', { file: path, bytes: doneBytes, all: totalBytes }));
    }
  };
  let file = null as FileWriter | null;
  try {
    await write(async () => void (file = await folder.create(path)));
    const writer = file as unknown as FileWriter;
    for await (const chunk of readSource(source, signal)) {
      throwIfAborted(signal);
      seen += chunk.byteLength;
      if (seen > sizeBytes) break;
      hash.update(chunk);
      await write(() => writer.write(chunk));
      count(chunk.byteLength);
    }
    throwIfAborted(signal);
    if (seen !== sizeBytes) {
      throw new UserError('fileSizeOther', {
        file: path,
        seen: seen > sizeBytes ? message('moreThan') : message('bytesAndNot', { count: seen }),
        bytes: sizeBytes,
      });
    }
    const sha256 = hash.digest('hex');
    if ('sha256' in source && source.sha256 !== null && source.sha256 !== sha256) {
      if ('container' in source) throw new UserError('backupEntryAltered', { name: path });
      throw new UserError('fileHashOther', { file: path, hash: sha256, wanted: source.sha256 });
    }
    await write(() => writer.commit());
    return { path, sizeBytes, sha256 };
  } catch (error) {
    await file?.discard().catch(() => {});
    throw error;
  }
}

/**
 * @returns the files with their hashes, in the order given
 * @throws UserError for what could not be read or written, AbortError when cancelled; the folder is the caller's to
 * remove
 */
export async function copyFiles(
  sources: readonly CopySource[],
  folder: Folder,
  options: CopyOptions = {},
): Promise<StoredFile[]> {
  const totalBytes = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let doneBytes = 0;
  const files: StoredFile[] = [];
  for (const source of sources) {
    if (options.signal?.aborted) throw new AbortError();
    files.push(
      await copyFile(source, folder, options, (bytes) => {
        doneBytes += bytes;
        const progress = { path: source.path, doneBytes, totalBytes };
        options.onProgress?.(progress);
        return progress;
      }),
    );
  }
  return files;
}
