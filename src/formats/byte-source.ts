/**
 * @file Where a file's bytes come from: a Blob in the browser, an array in tests and in Node.
 * Every reader in this folder reads through a ByteSource and does not know where the bytes live.
 * Whole text files (configs, tokenizers, indexes) are read here too, with a size limit and UserErrors.
 */
import { UserError, invariant } from '../core/errors';
import { measureJson, parsePythonJson } from '../core/json';

export interface ByteSource {
  /** The file's name for messages, without its folder. */
  readonly name: string;
  readonly sizeBytes: number;
  /**
   * Exactly `length` bytes from `offset`. The array may be a view of the source's own memory: do not write to it.
   * @throws UserError when the file cannot be read any more (changed or removed since it was chosen).
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * The most bytes that a text file may have: the largest tokenizer.json known (Gemma 3) has 33 MB, and parsing takes
 * half a minute and 1.5 GB for ten times that.
 */
export const maxTextBytes = 96 * 1024 * 1024;
/** The most bytes of a file of settings: the largest known, a tokenizer_config.json of added tokens, has 1.2 MB. */
export const maxSettingsBytes = 16 * 1024 * 1024;

function checkRange(source: ByteSource, offset: number, length: number): void {
  const inside = offset >= 0 && length >= 0 && offset + length <= source.sizeBytes;
  invariant(inside, `read of ${length} bytes at ${offset} in ${source.name}, which has ${source.sizeBytes}`);
}

/** Wraps a File or Blob; reads fetch only the bytes that are asked for. */
export function blobSource(name: string, blob: Blob): ByteSource {
  const source: ByteSource = {
    name,
    sizeBytes: blob.size,
    async read(offset, length) {
      checkRange(source, offset, length);
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new UserError('fileUnreadable', { file: name, reason });
      }
    },
  };
  return source;
}

/** Wraps bytes in memory; reads are views, not copies. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  const source: ByteSource = {
    name,
    sizeBytes: bytes.byteLength,
    read(offset, length) {
      checkRange(source, offset, length);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
  return source;
}

export async function readAll(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, source.sizeBytes);
}

/**
 * Reads the whole file as text; a byte order mark at its start is dropped.
 * @throws UserError when it is larger than the limit or not UTF-8
 */
export async function readText(source: ByteSource, limit = maxSettingsBytes): Promise<string> {
  if (source.sizeBytes > limit) {
    throw new UserError('textFileTooLarge', { file: source.name, bytes: source.sizeBytes, limit });
  }
  const bytes = await readAll(source);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError('notUtf8', { file: source.name });
  }
}

/** "line 3, column 7" of a character offset. */
function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Why JSON.parse refused `text`, ending in the place where that is known: V8 words it in several ways. */
export function describeJsonError(text: string, error: unknown): string {
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
  if (/line \d+ column \d+/.test(reason)) return reason;
  const position = /at position (\d+)/.exec(reason)?.[1];
  if (position !== undefined) return `${reason} (${placeOf(text, Number(position))})`;
  return /end of JSON/i.test(reason) ? `${reason} (${placeOf(text, text.length)})` : reason;
}

/**
 * The most levels of lists and objects. Configs and tokenizers have a dozen, and what reads them later walks them
 * recursively.
 */
export const maxJsonDepth = 256;
/**
 * The most members of all objects of a file: the largest tokenizer.json known (Gemma 3) has 310,000, and an object of
 * a million takes V8 three seconds.
 */
export const maxJsonMembers = 1_000_000;

/**
 * Reads a JSON file; NaN and Infinity are numbers, as to the Python libraries whose files these are.
 * @throws UserError as readText, for broken JSON with the parser's reason and the place, and for JSON that is nested
 * too deeply or has too many members
 */
export async function readJson(source: ByteSource, limit = maxSettingsBytes): Promise<unknown> {
  const text = await readText(source, limit);
  const { depth, members } = measureJson(text);
  if (depth > maxJsonDepth) throw new UserError('jsonTooDeep', { file: source.name, limit: maxJsonDepth });
  if (members > maxJsonMembers)
    throw new UserError('jsonTooManyMembers', { file: source.name, count: members, limit: maxJsonMembers });
  try {
    return parsePythonJson(text);
  } catch (error) {
    throw new UserError('notJson', { file: source.name, reason: describeJsonError(text, error) });
  }
}

/**
 * Reads a JSON file that holds an object.
 * @throws UserError as readJson, and when the file holds anything else
 */
export async function readJsonObject(
  source: ByteSource,
  limit = maxSettingsBytes,
): Promise<Readonly<Record<string, unknown>>> {
  const value = await readJson(source, limit);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    throw new UserError('notJsonObject', { file: source.name, value: kind });
  }
  return value as Record<string, unknown>;
}
