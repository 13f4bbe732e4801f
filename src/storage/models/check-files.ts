/**
 * @file Whether a stored model's files are those that were copied. At each opening small files are hashed whole and of
 * large ones a sample; the whole of a large one takes as long as reading it, and is checked on its own.
 */
import { createSHA256 } from 'hash-wasm';
import { throwIfAborted, UserError } from '../../core/errors';
import { sha256Hex } from '../../core/sha256';
import { message, type Message } from '../../messages/message';
import type { CopyProgress } from './copy-files';
import type { StoredFile } from './stored-model';

/** Files up to this size are hashed whole whenever the model is opened: a tenth of a second at most. */
const wholeBytes = 32 * 2 ** 20;

/** A sample is this many pieces, evenly spread, the first and the last bytes among them. */
const pieces = 64;
const pieceBytes = 16 * 1024;

/** Memory that hashing takes, whatever the size of the file. */
const chunkBytes = 4 * 2 ** 20;

export interface FileAndBlob {
  readonly file: StoredFile;
  readonly blob: Blob;
}

const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await blob.arrayBuffer());

/** SHA-256 (hex) of a large file's sample; null for a file that is hashed whole anyway. */
export async function sampleOf(blob: Blob): Promise<string | null> {
  if (blob.size <= wholeBytes) return null;
  const last = blob.size - pieceBytes;
  const starts = Array.from({ length: pieces }, (_, i) => Math.floor((last * i) / (pieces - 1)));
  return sha256Hex(await bytesOf(new Blob(starts.map((start) => blob.slice(start, start + pieceBytes)))));
}

function refuse(name: string, { path }: StoredFile, problem: Message): never {
  throw new UserError('storedModelDamaged', { name, file: path, problem });
}

/**
 * Checks sizes, small files whole and large ones by their sample, where it was kept.
 * @throws UserError that names the model and the first file that is not as it was
 */
export async function checkOnOpening(name: string, files: readonly FileAndBlob[]): Promise<void> {
  for (const { file, blob } of files) {
    if (blob.size !== file.sizeBytes)
      refuse(name, file, message('hasBytesAndNot', { bytes: blob.size, wanted: file.sizeBytes }));
    const sample = await sampleOf(blob);
    const [seen, wanted] =
      sample === null ? [await sha256Hex(await bytesOf(blob)), file.sha256] : [sample, file.sample];
    if (wanted !== undefined && seen !== wanted) refuse(name, file, message('wasAltered'));
  }
}

export interface CheckOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CopyProgress) => void;
}

/**
 * Hashes every byte of every file.
 * @throws UserError that names the model and the first file that is not as it was; AbortError when cancelled
 */
export async function checkWhole(
  name: string,
  files: readonly FileAndBlob[],
  { signal, onProgress }: CheckOptions = {},
): Promise<void> {
  const totalBytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
  let doneBytes = 0;
  for (const { file, blob } of files) {
    const hash = await createSHA256();
    for (let offset = 0; offset < blob.size; offset += chunkBytes) {
      throwIfAborted(signal);
      const chunk = await bytesOf(blob.slice(offset, offset + chunkBytes));
      hash.update(chunk);
      doneBytes += chunk.byteLength;
      onProgress?.({ path: file.path, doneBytes, totalBytes });
    }
    if (hash.digest('hex') !== file.sha256) refuse(name, file, message('wasAltered'));
  }
}
