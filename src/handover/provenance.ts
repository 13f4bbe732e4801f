/**
 * @file Where what is handed over comes from, as far as it is known: the base's files by their hashes, the run, its
 * data by count and hash, and what was measured. The bill of materials and the card are written from it; no text of any
 * pair is in it, and no path of this PC.
 */
import { createSHA256 } from 'hash-wasm';
import { throwIfAborted } from '../core/errors';
import type { ByteSource } from '../formats/byte-source';
import { readText } from '../formats/byte-source';
import { withoutCommonFolder, type Directory, type ModelCheckpoint } from '../formats/checkpoint';
import type { HandOverOrigin } from '../run/hand-over';

/** A file of the base, as `sha256sum` would name it. */
export interface BaseFile {
  readonly path: string;
  readonly sha256: string;
}

export interface BaseFacts {
  readonly name: string;
  /** config.json's `model_type`. */
  readonly modelType: string;
  /** The class that config.json names first, e.g. LlamaForCausalLM; null where it names none. */
  readonly architecture: string | null;
  /** SHA-256 (hex) over config and weights as Airlock counts it, by which adapters name their base. */
  readonly fingerprint: string;
  readonly files: readonly BaseFile[];
  /** What the base's own card says of its licence, in the Hub's spelling; null where it says nothing. */
  readonly licence: string | null;
}

export interface Provenance extends HandOverOrigin {
  /** What the adapter is called, for people. */
  readonly name: string;
  /** The time of the export. */
  readonly madeAt: Date;
  readonly base: BaseFacts;
}

/** Bytes that are read at once to be hashed. */
const chunkBytes = 4 * 1024 * 1024;

/**
 * Hashes a file piece by piece.
 * @throws AbortError when the signal says so
 */
export async function hashSource(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = await createSHA256();
  for (let offset = 0; offset < source.sizeBytes; offset += chunkBytes) {
    throwIfAborted(signal);
    hash.update(await source.read(offset, Math.min(chunkBytes, source.sizeBytes - offset)));
  }
  return hash.digest();
}

/** In the place of a hash where nothing is read yet: as long as one. */
export const unhashed = (): Promise<string> => Promise.resolve('0'.repeat(64));

/** The files that make a model what it is: weights, config, tokenizer, template. */
const isOfModel = (path: string): boolean =>
  /\.safetensors$|^(config|generation_config|tokenizer|tokenizer_config)\.json$|^chat_template\.jinja$/.test(path);

/** The licence in the front matter of the base's README.md. */
async function readLicence(files: Directory): Promise<string | null> {
  const card = files.get('README.md');
  const text = card === undefined ? '' : await readText(card).catch(() => '');
  const [, front] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? [];
  const [, licence] = /^license:[ \t]*["']?([\w.+ -]+?)["']?[ \t]*$/m.exec(front ?? '') ?? [];
  return licence ?? null;
}

/**
 * Tells what a base is, by the hashes of its files.
 * @param hash how a file is hashed; `unhashed` where only the length of what is written counts
 * @throws whatever `hash` throws
 */
export async function readBaseFacts(
  directory: Directory,
  { name, config }: Pick<ModelCheckpoint, 'name' | 'config'>,
  fingerprint: string,
  hash: (source: ByteSource) => Promise<string>,
): Promise<BaseFacts> {
  const found = withoutCommonFolder(directory);
  const files: BaseFile[] = [];
  for (const [path, source] of [...found].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (isOfModel(path)) files.push({ path, sha256: await hash(source) });
  const { architectures, model_type: modelType } = config;
  const first: unknown = Array.isArray(architectures) ? architectures[0] : null;
  return {
    name,
    modelType: typeof modelType === 'string' ? modelType : '',
    architecture: typeof first === 'string' ? first : null,
    fingerprint,
    files,
    licence: await readLicence(found),
  };
}
