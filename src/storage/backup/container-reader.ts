/**
 * @file Reads a container: what it says of itself, its entries one after another with all hashes checked, and single
 * entries again. The file is foreign: a wrong byte anywhere is a sentence, and nothing of it is used before.
 */
import { toHex } from '../../core/sha256';
import { throwIfAborted, UserError } from '../../core/errors';
import { sha256Hex } from '../../core/sha256';
import {
  chain,
  formatVersion,
  fromHex,
  headerSchema,
  headSchema,
  magic,
  maxHeadBytes,
  openHash,
  type Bytes,
  type ContainerHeader,
} from './container';
import { chunkBytes, decryptChunk, keyOf, tagBytes } from './encryption';
import { joinBytes } from './encoded-value';

/** An entry's content is read in pieces of this size. */
const pieceBytes = chunkBytes;
const hashBytes = 32;

/** Where an entry lies in the file, and what it holds. */
export interface EntryPlace {
  readonly name: string;
  readonly bytes: number;
  /** Of its content, behind the beginning of the file. */
  readonly offset: number;
}

/** What is needed to read the content again, in a worker too. */
export interface OpenedContainer {
  readonly header: ContainerHeader;
  /** SHA-256 of the beginning. */
  readonly beginning: Bytes;
  /** What follows the beginning. */
  readonly body: Blob;
  readonly key: CryptoKey | null;
}

/** A file of which only the beginning was read. */
export interface ClosedContainer {
  readonly header: ContainerHeader;
  /** @throws UserError where it is encrypted and the passphrase does not fit */
  open(passphrase: string | null): Promise<OpenedContainer>;
}

async function readBlob(blob: Blob, from: number, to: number): Promise<Bytes> {
  try {
    return new Uint8Array(await blob.slice(from, to).arrayBuffer());
  } catch (error) {
    throw new UserError('backupUnreadable', { reason: error instanceof Error ? error.message : String(error) });
  }
}

function parseJson(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const readUint32 = (bytes: Bytes): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);

/** @throws UserError for a file of another kind, a newer one, a damaged beginning */
export async function readContainer(name: string, file: Blob): Promise<ClosedContainer> {
  const start = await readBlob(file, 0, magic.length + 4);
  if (start.length < magic.length + 4 || new TextDecoder().decode(start.subarray(0, magic.length)) !== magic)
    throw new UserError('backupNotOne', { file: name });
  const length = readUint32(start.subarray(magic.length));
  if (length > maxHeadBytes) throw new UserError('backupBeginningBad', { file: name });
  const beginning = await readBlob(file, 0, start.length + length);
  const value = parseJson(beginning.subarray(start.length));
  const { version } = (value ?? {}) as { readonly version?: unknown };
  if (typeof version === 'number' && version > formatVersion)
    throw new UserError('backupNewer', { file: name, version, limit: formatVersion });
  const header = headerSchema.safeParse(value).data;
  if (header === undefined) throw new UserError('backupBeginningBad', { file: name });
  const body = file.slice(beginning.length);
  const digest = fromHex(await sha256Hex(beginning));
  return {
    header,
    async open(passphrase) {
      const { encryption } = header;
      if (encryption === null) return { header, beginning: digest, body, key: null };
      const key = await keyOf(passphrase ?? '', fromHex(encryption.salt), encryption.iterations);
      const opened = { header, beginning: digest, body, key };
      if ((await readChunk(opened, 0)) === null) throw new UserError('backupPassphraseWrong');
      return opened;
    },
  };
}

const sealedChunk = chunkBytes + tagBytes;

/** Null where the chunk cannot be opened. */
async function readChunk({ body, key, beginning }: OpenedContainer, number: number): Promise<Bytes | null> {
  const sealed = await readBlob(body, number * sealedChunk, (number + 1) * sealedChunk);
  const isLast = (number + 1) * sealedChunk >= body.size;
  return decryptChunk(key as CryptoKey, { beginning, number, isLast }, sealed);
}

/** Reads pieces of the content by their place; the last chunk that was decrypted is kept. */
export class ContainerContent {
  readonly bytes: number;
  private number = -1;
  private chunk: Bytes = new Uint8Array(0);

  constructor(private readonly opened: OpenedContainer) {
    const { body, key } = opened;
    this.bytes = key === null ? body.size : body.size - Math.ceil(body.size / sealedChunk) * tagBytes;
  }

  /** @throws UserError where the file ends before, or a chunk was altered */
  async read(offset: number, length: number): Promise<Bytes> {
    if (offset + length > this.bytes) throw new UserError('backupCut', { bytes: this.opened.body.size });
    if (this.opened.key === null) return readBlob(this.opened.body, offset, offset + length);
    const parts: Bytes[] = [];
    for (let at = offset; at < offset + length;) {
      const chunk = await this.chunkAt(Math.floor(at / chunkBytes));
      const part = chunk.subarray(at % chunkBytes, (at % chunkBytes) + offset + length - at);
      parts.push(part);
      at += part.length;
    }
    return joinBytes(parts);
  }

  /** The content of an entry, piece by piece. */
  async *pieces({ offset, bytes }: Omit<EntryPlace, 'name'>): AsyncGenerator<Bytes> {
    for (let at = 0; at < bytes; at += pieceBytes) yield this.read(offset + at, Math.min(pieceBytes, bytes - at));
  }

  private async chunkAt(number: number): Promise<Bytes> {
    if (number === this.number) return this.chunk;
    const chunk = await readChunk(this.opened, number);
    if (chunk === null || chunk.length === 0) throw new UserError('backupPartAltered', { number: number + 1 });
    [this.number, this.chunk] = [number, chunk];
    return chunk;
  }
}

export interface WalkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  /** Whether the entry's content is wanted, all of it at once. */
  readonly wants: (name: string) => boolean;
  /** Is told of each entry once its hashes fit; nothing may be done with it before the walk has ended. */
  readonly onEntry: (place: EntryPlace, content: Bytes | null) => Promise<void> | void;
}

/** What is wanted of an entry at once may have so many bytes: more is no record. */
const maxRecordBytes = 2 ** 30;

type Head = { readonly name: string; readonly bytes: number } | { readonly end: true; readonly entries: number };

/** Reads on from a place, hashing what it reads. */
class Walk {
  at = 0;
  constructor(
    readonly content: ContainerContent,
    readonly hash: Awaited<ReturnType<typeof openHash>>,
    private chained: Bytes,
  ) {}

  async read(length: number): Promise<Bytes> {
    const bytes = await this.content.read(this.at, length);
    this.at += length;
    this.hash.update(bytes);
    return bytes;
  }

  async head(before: string): Promise<Head> {
    const length = readUint32(await this.read(4));
    if (length > maxHeadBytes) throw new UserError('backupEntryAltered', { name: before });
    const head = headSchema.safeParse(parseJson(await this.read(length))).data;
    if (head === undefined) throw new UserError('backupEntryAltered', { name: before });
    return head;
  }

  async endEntry(name: string): Promise<void> {
    const entry = this.hash.take();
    const next = chain(this.hash, this.chained, entry);
    const stored = await this.content.read(this.at, 2 * hashBytes);
    this.at += stored.length;
    if (toHex(stored) !== toHex(entry) + toHex(next)) throw new UserError('backupEntryAltered', { name });
    this.chained = next;
  }
}

/**
 * Reads all of the file and checks every byte of it.
 * @throws UserError where any is not what was written, AbortError when cancelled
 */
export async function walkContainer(opened: OpenedContainer, options: WalkOptions): Promise<void> {
  const walk = new Walk(new ContainerContent(opened), await openHash(), opened.beginning);
  const total = walk.content.bytes;
  let before = '';
  for (let entries = 0; ; entries++) {
    throwIfAborted(options.signal);
    const head = await walk.head(before);
    if ('end' in head) {
      await walk.endEntry('');
      if (head.entries !== entries || walk.at !== total) throw new UserError('backupEntryAltered', { name: before });
      return;
    }
    const place = { name: head.name, bytes: head.bytes, offset: walk.at };
    if (head.bytes > total - walk.at) throw new UserError('backupCut', { bytes: opened.body.size });
    const isWanted = options.wants(head.name);
    if (isWanted && head.bytes > maxRecordBytes) throw new UserError('backupEntryAltered', { name: head.name });
    const parts: Bytes[] = [];
    for (let left = head.bytes; left > 0;) {
      throwIfAborted(options.signal);
      const piece = await walk.read(Math.min(pieceBytes, left));
      left -= piece.length;
      if (isWanted) parts.push(piece);
      options.onProgress?.(walk.at, total);
    }
    await walk.endEntry(head.name);
    await options.onEntry(place, isWanted ? joinBytes(parts) : null);
    before = head.name;
  }
}

/** SHA-256 of a file, hex, read piece by piece. */
export async function hashFile(file: Blob): Promise<string> {
  const hash = await openHash();
  for (let at = 0; at < file.size; at += pieceBytes) hash.update(await readBlob(file, at, at + pieceBytes));
  return toHex(hash.take());
}
