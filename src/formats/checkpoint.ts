/**
 * @file A Hugging Face checkpoint directory, as `save_pretrained` writes it: config, tokenizer, chat template and
 * safetensors weights, in one file or in shards. Opening it reads and checks every header; weights stay where they are.
 * What the config means is for src/models/ to say.
 */
import { UserError } from '../core/errors';
import { message, type Message, type Sayable } from '../messages/message';
import { bytesSource, maxTextBytes, readJsonObject, readText } from './byte-source';
import type { ByteSource } from './byte-source';
import { checkNotQuantized } from './quantized-checkpoint';
import { readSafetensorsHeader } from './safetensors';
import type { TensorInfo } from './safetensors';

/** The files of a directory by their path in it, with `/` between folders. */
export type Directory = ReadonlyMap<string, ByteSource>;

/** Files that are in memory, as a directory. */
export const directoryOf = (files: Readonly<Record<string, Uint8Array>>): Directory =>
  new Map(Object.entries(files).map(([path, bytes]) => [path, bytesSource(path, bytes)]));

export interface WeightLocation {
  readonly source: ByteSource;
  readonly info: TensorInfo;
}

export interface ModelCheckpoint {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly generationConfig: Readonly<Record<string, unknown>> | null;
  readonly tokenizerJson: Readonly<Record<string, unknown>>;
  /** tokenizer_config.json; {} where the file is absent. */
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
  /** The template's Jinja source; null where the model has none. */
  readonly chatTemplate: string | null;
  /** Where each tensor lies, by its name. */
  readonly weights: ReadonlyMap<string, WeightLocation>;
  /** Bytes of all weights as stored. */
  readonly weightBytes: number;
  /** What is odd about the files and does no harm. */
  readonly warnings: readonly Message[];
}

const weightsFile = 'model.safetensors';
const indexFile = 'model.safetensors.index.json';

/** Drops the folders that all paths share: a browser's folder picker gives "my-model/config.json". */
export function stripCommonFolder(paths: readonly string[]): string[] {
  let stripped = [...paths];
  for (;;) {
    const folder = stripped[0]?.split('/', 1)[0];
    if (folder === undefined || !stripped.every((path) => path.startsWith(`${folder}/`))) return stripped;
    stripped = stripped.map((path) => path.slice(folder.length + 1));
  }
}

/** Returns the same files under the paths that `stripCommonFolder` leaves. */
export function withoutCommonFolder(directory: Directory): Directory {
  const paths = stripCommonFolder([...directory.keys()]);
  return new Map([...directory.values()].map((source, i) => [paths[i] ?? '', source]));
}

/** "config.json, model.safetensors and 3 more", for messages. */
function listPaths(directory: Directory): Sayable {
  const paths = [...directory.keys()].sort();
  if (paths.length === 0) return message('noFileAtAll');
  const files = paths.slice(0, 6).join(', ');
  return paths.length > 6 ? message('filesAndMore', { files, count: paths.length - 6 }) : files;
}

/** The error of a file that is not there; points to the folder that has it, if one does. */
export function missingFile(name: Sayable, directory: Directory, file: string, hint: Message): UserError {
  const elsewhere = [...directory.keys()].find((path) => path.endsWith(`/${file}`));
  const found =
    elsewhere === undefined
      ? message('folderHolds', { files: listPaths(directory) })
      : message('folderIsAt', { place: elsewhere });
  return new UserError('fileMissing', { name, file, hint, found });
}

function requireFile(name: string, directory: Directory, file: string, hint: Message): ByteSource {
  const source = directory.get(file);
  if (source === undefined) throw missingFile(name, directory, file, hint);
  return source;
}

/** Reads the header of `model.safetensors`, where it is the only file of weights. */
async function readSingleFile(source: ByteSource): Promise<Map<string, WeightLocation>> {
  const { tensors } = await readSafetensorsHeader(source);
  return new Map([...tensors].map(([tensor, info]) => [tensor, { source, info }]));
}

/** Reads and checks the index: which shard holds each tensor. */
async function readWeightMap(index: ByteSource): Promise<Map<string, string>> {
  const { weight_map: weightMap } = await readJsonObject(index);
  if (typeof weightMap !== 'object' || weightMap === null || Array.isArray(weightMap)) {
    throw new UserError('weightMapMissing', { file: index.name });
  }
  const shards = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(weightMap)) {
    // A shard is a file beside the index: anything else would let an index reach outside the chosen folder.
    if (typeof shard !== 'string' || /[/\\]/.test(shard) || !shard.endsWith('.safetensors')) {
      throw new UserError('shardNameBad', {
        file: index.name,
        tensor: JSON.stringify(tensor),
        part: JSON.stringify(shard),
      });
    }
    shards.set(tensor, shard);
  }
  return shards;
}

/** Reads the headers of several files and checks them against `model.safetensors.index.json`. */
async function readShards(name: string, directory: Directory, index: ByteSource): Promise<Map<string, WeightLocation>> {
  const weightMap = await readWeightMap(index);
  const shards = new Map<string, { source: ByteSource; tensors: ReadonlyMap<string, TensorInfo> }>();
  for (const file of new Set(weightMap.values())) {
    const source = requireFile(name, directory, file, message('fileIsNamedPart', { file: indexFile }));
    shards.set(file, { source, tensors: (await readSafetensorsHeader(source)).tensors });
  }
  const weights = new Map<string, WeightLocation>();
  for (const [tensor, file] of weightMap) {
    const shard = shards.get(file);
    const info = shard?.tensors.get(tensor);
    if (shard === undefined || info === undefined) {
      throw new UserError('shardLacksTensor', { file: index.name, tensor: JSON.stringify(tensor), part: file });
    }
    weights.set(tensor, { source: shard.source, info });
  }
  return weights;
}

/** The error of a folder without safetensors weights; says so if it holds weights of another kind. */
function missingWeights(name: string, directory: Directory): UserError {
  const other = [...directory.keys()].find((path) =>
    /(^|\/)pytorch_model.*\.bin$|\.(gguf|pt|pth|ckpt|h5|msgpack)$/.test(path),
  );
  if (other !== undefined) {
    return new UserError('weightsOfOtherFormat', { name, file: other, wanted: weightsFile });
  }
  return missingFile(name, directory, weightsFile, message('weightsInOneOrParts'));
}

async function readWeights(name: string, directory: Directory): Promise<Map<string, WeightLocation>> {
  // As transformers does: the single file comes first where both are there.
  const single = directory.get(weightsFile);
  if (single !== undefined) return readSingleFile(single);
  const index = directory.get(indexFile);
  if (index !== undefined) return readShards(name, directory, index);
  throw missingWeights(name, directory);
}

/**
 * Finds the template in a `chat_template` value: a string, or a list of { name, template } of which `default` is taken.
 */
function templateIn(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { name, template } = entry as Record<string, unknown>;
    if (name === 'default' && typeof template === 'string') return template;
  }
  return null;
}

/**
 * Reads the chat template in transformers' order: the .jinja file, then the tokenizer's config, then the older JSON
 * file of processors.
 */
async function readChatTemplate(
  directory: Directory,
  tokenizerConfig: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  const jinja = directory.get('chat_template.jinja');
  if (jinja !== undefined) return readText(jinja);
  const inConfig = templateIn(tokenizerConfig['chat_template']);
  if (inConfig !== null) return inConfig;
  const json = directory.get('chat_template.json');
  return json === undefined ? null : templateIn((await readJsonObject(json))['chat_template']);
}

function checkTokenizerJson(name: string, directory: Directory): ByteSource {
  const source = directory.get('tokenizer.json');
  if (source !== undefined) return source;
  const slow = ['tokenizer.model', 'vocab.json'].find((file) => directory.has(file));
  const hint = slow === undefined ? message('fileMakesTokens') : message('onlyOlderTokenizer', { file: slow });
  return requireFile(name, directory, 'tokenizer.json', hint);
}

/**
 * tokenizer_config.json with what older checkpoints keep beside it: special_tokens_map.json counts where there is no
 * `added_tokens_decoder`.
 */
async function readTokenizerConfig(files: Directory): Promise<Readonly<Record<string, unknown>>> {
  const source = files.get('tokenizer_config.json');
  const config = source === undefined ? {} : await readJsonObject(source);
  const map = files.get('special_tokens_map.json');
  return map === undefined || Object.hasOwn(config, 'added_tokens_decoder')
    ? config
    : { ...config, ...(await readJsonObject(map)) };
}

/**
 * Opens a model directory: its configs are read and its headers checked, no weight is read. A folder that all paths
 * share is dropped first.
 * @param name the directory's name, for messages and reports
 * @throws UserError for a missing or broken file, with its name and what to do
 */
export async function openCheckpoint(name: string, directory: Directory): Promise<ModelCheckpoint> {
  const files = withoutCommonFolder(directory);
  const hint = message('chooseCheckpointFolder');
  const config = await readJsonObject(requireFile(name, files, 'config.json', hint));
  const tokenizerJson = await readJsonObject(checkTokenizerJson(name, files), maxTextBytes);
  const tokenizerConfig = await readTokenizerConfig(files);
  const generationConfigFile = files.get('generation_config.json');
  const weights = await readWeights(name, files);
  const warnings = checkNotQuantized(
    name,
    config,
    [...weights.values()].map(({ info }) => info),
  );
  let weightBytes = 0;
  for (const { info } of weights.values()) weightBytes += info.byteLength;
  return {
    name,
    config,
    generationConfig: generationConfigFile === undefined ? null : await readJsonObject(generationConfigFile),
    tokenizerJson,
    tokenizerConfig,
    chatTemplate: await readChatTemplate(files, tokenizerConfig),
    weights,
    weightBytes,
    warnings,
  };
}
