/**
 * @file The container of backups and couriers, as it is written: a beginning in the clear, then entries, each a head
 * (JSON), its bytes and two hashes, then the end. Everything is written as it comes and never held as a whole.
 * docs/backup-format.md is the description for other programs; container-reader.ts reads it.
 */
import { createSHA256 } from 'hash-wasm';
import { toHex } from '../../core/sha256';
import { z } from '../../core/zod';
import { chunkBytes, encryptChunk, iterations, keyOf, maxIterations, saltBytes } from './encryption';
import { joinBytes } from './encoded-value';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A file's first bytes. */
export const magic = 'AIRLOCK\n';
export const formatVersion = 1;
/** The beginning is a few hundred bytes, an entry's head holds a name: larger ones are no such file. */
export const maxHeadBytes = 65_536;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

export const headerSchema = z.object({
  version: z.int().min(1),
  kind: z.enum(['backup', 'courier']),
  /** ISO 8601. */
  madeAt: z.string(),
  /** The office's grade label, where there is one. */
  label: z.string().nullable(),
  encryption: z
    .object({
      cipher: z.literal('AES-256-GCM'),
      chunkBytes: z.literal(chunkBytes),
      kdf: z.literal('PBKDF2-SHA-256'),
      iterations: z.int().min(iterations).max(maxIterations),
      salt: hex(saltBytes),
    })
    .nullable(),
});
export type ContainerHeader = Readonly<z.output<typeof headerSchema>>;
export type ContainerKind = ContainerHeader['kind'];

export const headSchema = z.union([
  z.object({ name: z.string().min(1).max(2000), bytes: z.int().min(0) }),
  z.object({ end: z.literal(true), entries: z.int().min(0) }),
]);

/** Where the bytes of a file go, one after another. */
export interface ByteSink {
  write(bytes: Bytes): Promise<void>;
}

/** What is put into an entry; the sum of its parts is `bytes` long. */
export interface EntryContent {
  readonly bytes: number;
  readonly parts: Iterable<Bytes> | AsyncIterable<Bytes>;
}

export const fromHex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** SHA-256 as bytes come; `take` ends one and begins the next. */
export async function openHash() {
  const hash = await createSHA256();
  hash.init();
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    take(): Bytes {
      const digest = hash.digest('binary') as Bytes;
      hash.init();
      return digest;
    },
  };
}
export type RunningHash = Awaited<ReturnType<typeof openHash>>;

/** A uint32 with the length of the JSON, and the JSON. */
export function writeHead(value: unknown): Bytes {
  const json = new TextEncoder().encode(JSON.stringify(value));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return joinBytes([length, json]);
}

export function chain(hash: RunningHash, before: Bytes, entry: Bytes): Bytes {
  hash.update(before);
  hash.update(entry);
  return hash.take();
}

export interface ContainerOptions {
  readonly kind: ContainerKind;
  readonly madeAt: string;
  readonly label: string | null;
  /** Null leaves it in the clear. */
  readonly passphrase: string | null;
}

/** Gathers what is written into chunks and passes these on, encrypted where there is a key. */
class Chunks {
  private readonly gathered = new Uint8Array(chunkBytes);
  private length = 0;
  private number = 0;

  constructor(
    private readonly write: (bytes: Bytes) => Promise<void>,
    private readonly key: CryptoKey | null,
    private readonly beginning: Bytes,
  ) {}

  async put(bytes: Bytes): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      if (this.length === chunkBytes) await this.pass(false);
      const piece = bytes.subarray(at, at + chunkBytes - this.length);
      this.gathered.set(piece, this.length);
      this.length += piece.length;
      at += piece.length;
    }
  }

  async pass(isLast: boolean): Promise<void> {
    const plain = this.gathered.slice(0, this.length);
    this.length = 0;
    const place = { beginning: this.beginning, number: this.number++, isLast };
    await this.write(this.key === null ? plain : await encryptChunk(this.key, place, plain));
  }
}

export class ContainerWriter {
  private entries = 0;

  private constructor(
    private readonly chunks: Chunks,
    private readonly hash: RunningHash,
    private readonly whole: RunningHash,
    private chained: Bytes,
  ) {}

  static async begin(sink: ByteSink, options: ContainerOptions): Promise<ContainerWriter> {
    const { kind, madeAt, label, passphrase } = options;
    const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
    const encryption = {
      cipher: 'AES-256-GCM',
      chunkBytes,
      kdf: 'PBKDF2-SHA-256',
      iterations,
      salt: toHex(salt),
    } as const;
    const header: ContainerHeader = {
      version: formatVersion,
      ...{ kind, madeAt, label },
      encryption: passphrase === null ? null : encryption,
    };
    const [hash, whole] = [await openHash(), await openHash()];
    const write = async (bytes: Bytes): Promise<void> => {
      whole.update(bytes);
      await sink.write(bytes);
    };
    const beginning = joinBytes([new TextEncoder().encode(magic), writeHead(header)]);
    await write(beginning);
    hash.update(beginning);
    const first = hash.take();
    const key = passphrase === null ? null : await keyOf(passphrase, salt, iterations);
    return new ContainerWriter(new Chunks(write, key, first), hash, whole, first);
  }

  async add(name: string, { bytes, parts }: EntryContent): Promise<void> {
    await this.put(writeHead({ name, bytes }));
    let seen = 0;
    for await (const part of parts) {
      seen += part.length;
      await this.put(part);
    }
    if (seen !== bytes) throw new Error(`Internal error: ${name} has ${seen} bytes, and its head says ${bytes}.`);
    this.entries++;
    await this.endEntry();
  }

  /** @returns SHA-256 of the file, hex */
  async end(): Promise<string> {
    await this.put(writeHead({ end: true, entries: this.entries }));
    await this.endEntry();
    await this.chunks.pass(true);
    return toHex(this.whole.take());
  }

  private async put(bytes: Bytes): Promise<void> {
    this.hash.update(bytes);
    await this.chunks.put(bytes);
  }

  private async endEntry(): Promise<void> {
    const entry = this.hash.take();
    this.chained = chain(this.hash, this.chained, entry);
    await this.chunks.put(entry);
    await this.chunks.put(this.chained);
  }
}
