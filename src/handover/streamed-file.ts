/**
 * @file Files that are made while they are written, and the one way they are written: hashed on the way, with their
 * sums beside them, and nothing left of an export that failed or was stopped.
 */
import { createSHA256 } from 'hash-wasm';
import { throwIfAborted } from '../core/errors';

/** A file to be written, as pieces that are made when they are asked for. */
export interface StreamedFile {
  readonly path: string;
  readonly sizeBytes: number;
  pieces(): AsyncIterable<Uint8Array>;
}

/** Where files go: a folder of the disk, one that the browser was given, or an archive. */
export interface FileSink {
  /** Begins a file; the one before was closed. */
  open(path: string): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }>;
  /** Removes a file that was begun, whole or not. */
  remove(path: string): Promise<void>;
}

export const bytesFile = (path: string, bytes: Uint8Array): StreamedFile => ({
  path,
  sizeBytes: bytes.byteLength,
  async *pieces() {
    yield await Promise.resolve(bytes);
  },
});

export const textFile = (path: string, text: string): StreamedFile => bytesFile(path, new TextEncoder().encode(text));

/** The name of the sums, in coreutils' form: `sha256sum -c SHA256SUMS`. */
export const sumsFile = 'SHA256SUMS';

/** A file that is made of the hashes of all files before it, by path. */
type ClosingFile = (sums: ReadonlyMap<string, string>) => StreamedFile | Promise<StreamedFile>;

/** SHA256SUMS over the files before it. */
export const writeSums: ClosingFile = (sums) =>
  textFile(sumsFile, [...sums].map(([path, sum]) => `${sum}  ${path}\n`).join(''));

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  /** What is written at the end, in turn; SHA256SUMS where nothing is said. */
  readonly closing?: readonly ClosingFile[];
}

/**
 * Writes files, then those that close them. What was written is removed again where one cannot be, or the signal comes.
 * @returns SHA-256 (hex) of each file, by its path
 * @throws whatever a file or the sink throws; AbortError when the signal says so
 */
export async function writeFilesTo(
  sink: FileSink,
  files: readonly StreamedFile[],
  { signal, onProgress, closing = [writeSums] }: WriteOptions = {},
): Promise<ReadonlyMap<string, string>> {
  // Of two with one path the later is meant: the first came along with what it was made of.
  const whole = [...new Map(files.map((file) => [file.path, file])).values()];
  const totalBytes = whole.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const sums = new Map<string, string>();
  const begun: string[] = [];
  let doneBytes = 0;
  const hash = await createSHA256();
  const writeOne = async ({ path, pieces }: StreamedFile): Promise<string> => {
    begun.push(path);
    const target = await sink.open(path);
    hash.init();
    try {
      for await (const bytes of pieces()) {
        throwIfAborted(signal);
        hash.update(bytes);
        await target.write(bytes);
        onProgress?.(Math.min((doneBytes += bytes.byteLength), totalBytes), totalBytes);
      }
    } finally {
      await target.close();
    }
    return hash.digest();
  };
  try {
    for (const file of whole) sums.set(file.path, await writeOne(file));
    for (const make of closing) {
      const file = await make(sums);
      sums.set(file.path, await writeOne(file));
    }
  } catch (error) {
    for (const path of begun) await sink.remove(path).catch(() => {});
    throw error;
  }
  return sums;
}
