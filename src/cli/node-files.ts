/**
 * @file Directories and files of the disk as byte sources, read piece by piece.
 */
import type { FileSink } from '../handover/streamed-file';
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../core/errors';
import type { ByteSource } from '../formats/byte-source';
import type { Directory } from '../formats/checkpoint';

/** "no such file or directory" and the like, in words. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'it does not exist' : code === 'EACCES' ? 'permission is denied' : message;
}

/** Runs what writes; why it cannot is said in a sentence. */
function writeWhere(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UserError('pathUnwritable', { path, reason: reasonOf(error) });
  }
}

function fileSource(path: string): ByteSource {
  return {
    name: basename(path),
    sizeBytes: statSync(path).size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      const file = openSync(path, 'r');
      try {
        for (let done = 0; done < length;) {
          const count = readSync(file, bytes, done, length - done, offset + done);
          if (count === 0) throw new UserError('fileCutWhileRead', { path, bytes: fstatSync(file).size });
          done += count;
        }
      } finally {
        closeSync(file);
      }
      return bytes;
    },
  };
}

/** The files right inside a directory; those deeper down are no part of a checkpoint or adapter. */
export function openDirectory(path: string): { name: string; directory: Directory } {
  try {
    const files = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    return {
      name: basename(resolve(path)),
      directory: new Map(files.map(({ name }) => [name, fileSource(join(path, name))])),
    };
  } catch (error) {
    throw new UserError('directoryUnopened', { path, reason: reasonOf(error) });
  }
}

/**
 * Reads a file's bytes.
 * @throws UserError where it cannot be read
 */
export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (error) {
    throw new UserError('pathUnreadable', { path, reason: reasonOf(error) });
  }
}

/**
 * Reads a text file in UTF-8.
 * @throws UserError where it cannot be read
 */
export function readTextFile(path: string): string {
  return new TextDecoder().decode(readBytes(path));
}

/**
 * Writes files into a directory, which is made where it is missing.
 * @throws UserError where they cannot be written
 */
export function writeFiles(directory: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  writeWhere(directory, () => {
    mkdirSync(directory, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  });
}

/**
 * Makes a file empty, and where it is missing makes it, for `appendLine`.
 * @throws UserError where it cannot be written
 */
export const startFile = (path: string): void => writeWhere(path, () => writeFileSync(path, ''));

/**
 * Writes a value as one line of JSON at the end of a file, so that what comes later is not waited for.
 * @throws UserError where it cannot be written
 */
export const appendLine = (path: string, value: unknown): void =>
  writeWhere(path, () => appendFileSync(path, `${JSON.stringify(value)}\n`));

/**
 * A directory that files are streamed into; it is made where it is missing.
 * @throws UserError where it holds something already, or cannot be written
 */
export function emptyDirectorySink(path: string): FileSink {
  const unwritable = (error: unknown) => new UserError('pathUnwritable', { path, reason: reasonOf(error) });
  let held: string[];
  try {
    mkdirSync(path, { recursive: true });
    held = readdirSync(path);
  } catch (error) {
    throw unwritable(error);
  }
  const [first] = held;
  if (first !== undefined) throw new UserError('directoryNotEmpty', { path, file: first });
  return {
    open(name) {
      try {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        const file = openSync(join(path, name), 'wx');
        return Promise.resolve({
          write: async (bytes) => {
            try {
              for (let done = 0; done < bytes.byteLength;) done += writeSync(file, bytes, done);
              await Promise.resolve();
            } catch (error) {
              throw unwritable(error);
            }
          },
          close: async () => Promise.resolve(closeSync(file)),
        });
      } catch (error) {
        throw unwritable(error);
      }
    },
    remove(name) {
      rmSync(join(path, name), { force: true });
      const folder = dirname(join(path, name));
      if (folder !== join(path) && readdirSync(folder).length === 0) rmdirSync(folder);
      return Promise.resolve();
    },
  };
}

/** The version that package.json states. */
export function airlockVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
