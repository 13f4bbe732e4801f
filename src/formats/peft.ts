/**
 * @file LoRA adapters in PEFT's directory format: adapter_config.json, adapter_model.safetensors, README.md.
 * What is written is a small set of keys that every PEFT since 0.4, vLLM and SGLang read alike.
 * What is read must mean plain LoRA, W + lora_alpha / r * B A: every option that would change the numbers is refused by
 * name. rsLoRA, whose scale is lora_alpha / sqrt(r), is folded into lora_alpha.
 */
import type { Precision } from '../core/dtype';
import { precisions } from '../core/dtype';
import { UserError, invariant } from '../core/errors';
import { sha256Hex } from '../core/sha256';
import { showPlace } from '../core/shape';
import { message, type Message } from '../messages/message';
import { readJsonObject } from './byte-source';
import type { ByteSource } from './byte-source';
import { missingFile, withoutCommonFolder } from './checkpoint';
import type { Directory } from './checkpoint';
import { readSafetensorsHeader, readTensorAsFloat32, writeSafetensors } from './safetensors';
import type { TensorInfo, TensorToWrite } from './safetensors';
import { evenOut, readPatterns } from './peft-patterns';

export interface LoraTensor {
  readonly shape: readonly [number, number];
  readonly data: Float32Array;
}

export interface LoraModule {
  /** The matrix that a LoRA branch multiplies first, [r, in]. */
  readonly A: LoraTensor;
  /** The matrix that it multiplies then, [out, r]. */
  readonly B: LoraTensor;
}

/** Where an adapter comes from, as Airlock writes it into the metadata of its weights; PEFT does not read it. */
export interface Lineage {
  /** The base model's fingerprint, as `LoadedModel` has it. */
  readonly base_fingerprint: string;
  /** Names of the adapters that this one was continued from, oldest first. */
  readonly ancestors: readonly string[];
  /** How the base's weights were held in training; float32 where an older Airlock did not say. */
  readonly base_precision: Precision;
}

/**
 * A weight of the base that PEFT has saved with an adapter (`save_embedding_layers`, `modules_to_save`): unchanged it
 * does nothing, changed it replaces the base's.
 */
export interface WeightCopy {
  /** The tensor's name in the base, e.g. lm_head.weight. */
  readonly name: string;
  /** SHA-256 (hex) over its values in float32. */
  readonly sha256: string;
}

export interface LoraAdapter {
  readonly r: number;
  /** The update is scaled by lora_alpha / r. */
  readonly lora_alpha: number;
  readonly target_modules: readonly string[];
  /** Indices of the layers whose targets are adapted, ascending; null for every layer. */
  readonly layers_to_transform: readonly number[] | null;
  /** Whether the base's weights are [in, out] (GPT-2's Conv1D); A and B have the same shapes all the same. */
  readonly fan_in_fan_out: boolean;
  /** The base's name on the Hugging Face Hub, "org/name", or null. */
  readonly base_model_name_or_path: string | null;
  /** Where the adapter comes from; absent from adapters made elsewhere. */
  readonly lineage?: Lineage;
  /** Base weights that the file holds beside LoRA; they must equal the base's own. */
  readonly copies?: readonly WeightCopy[];
  /** Whether some modules' own scales stand in their B: it answers as in PEFT, and steps otherwise. */
  readonly isRescaled?: boolean;
  /**
   * Weights of the score head of a reward model, one for each dimension of the hidden state (PEFT's `modules_to_save`
   * of a model for sequence classification with one output); absent from an adapter that answers.
   */
  readonly score?: Float32Array;
  /** The adapter's matrices by module path without PEFT's `base_model.model.`, e.g. model.layers.0.self_attn.q_proj. */
  readonly modules: ReadonlyMap<string, LoraModule>;
}

const configFile = 'adapter_config.json';
const weightsFile = 'adapter_model.safetensors';
const namePrefix = 'base_model.model.';
const scoreName = `${namePrefix}score.weight`;

/** A Hub name is kept; a path on this PC would tell where the user keeps files, and mean nothing on the server. */
function hubNameOf(name: string | null): string | null {
  return name !== null && /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(name) && !name.includes('..') ? name : null;
}

/**
 * Keys that PEFT 0.4 knows, and no more: PEFT 0.7 to 0.13 stop at a key that they do not know, so `use_rslora` and
 * `use_dora` (false by default wherever they exist) stay out.
 */
function adapterConfig(adapter: LoraAdapter): Record<string, unknown> {
  return {
    base_model_name_or_path: hubNameOf(adapter.base_model_name_or_path),
    bias: 'none',
    fan_in_fan_out: adapter.fan_in_fan_out,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: adapter.lora_alpha,
    lora_dropout: 0.0,
    modules_to_save: adapter.score ? ['score'] : null,
    peft_type: 'LORA',
    r: adapter.r,
    ...(adapter.layers_to_transform && { layers_to_transform: [...adapter.layers_to_transform] }),
    target_modules: [...adapter.target_modules].sort(),
    task_type: adapter.score ? 'SEQ_CLS' : 'CAUSAL_LM',
  };
}

const lineageKeys = { base: 'airlock_base', ancestors: 'airlock_ancestors', precision: 'airlock_base_precision' };

function lineageMetadata({ lineage }: LoraAdapter): Record<string, string> {
  if (!lineage) return {};
  return {
    [lineageKeys.base]: lineage.base_fingerprint,
    [lineageKeys.ancestors]: JSON.stringify(lineage.ancestors),
    [lineageKeys.precision]: lineage.base_precision,
  };
}

/** A chain longer than this is no chain that anyone has trained. */
const maxAncestors = 64;

function readLineage(metadata: ReadonlyMap<string, string>): Lineage | null {
  const base_fingerprint = metadata.get(lineageKeys.base);
  if (base_fingerprint === undefined) return null;
  let ancestors: unknown;
  try {
    ancestors = JSON.parse(metadata.get(lineageKeys.ancestors) ?? '[]');
  } catch {
    ancestors = null;
  }
  if (
    !Array.isArray(ancestors) ||
    ancestors.length > maxAncestors ||
    !ancestors.every((name) => typeof name === 'string' && name.length <= 200)
  ) {
    throw new UserError('ancestorsBad', { file: weightsFile, key: lineageKeys.ancestors, limit: maxAncestors });
  }
  const stated = metadata.get(lineageKeys.precision) ?? 'float32';
  const base_precision = precisions.find((precision) => precision === stated);
  if (base_precision === undefined) {
    throw new UserError('metadataValueUnknown', {
      file: weightsFile,
      key: lineageKeys.precision,
      value: JSON.stringify(stated.slice(0, 40)),
      values: precisions.join(', '),
    });
  }
  return { base_fingerprint, ancestors, base_precision };
}

/**
 * Writes the files of an adapter directory; the tensors are float32 whatever the base model is stored in, as PEFT's
 * are.
 */
export function writePeftAdapter(adapter: LoraAdapter, readme: string): Record<string, Uint8Array> {
  const tensors: TensorToWrite[] = [];
  for (const [path, { A, B }] of adapter.modules) {
    invariant(A.shape[0] === adapter.r && B.shape[1] === adapter.r, `LoRA of ${path} does not have rank ${adapter.r}`);
    tensors.push(
      { name: `${namePrefix}${path}.lora_A.weight`, ...A },
      { name: `${namePrefix}${path}.lora_B.weight`, ...B },
    );
  }
  const { score } = adapter;
  if (score) tensors.push({ name: scoreName, shape: [1, score.length], data: score });
  const encoder = new TextEncoder();
  return {
    [configFile]: encoder.encode(`${JSON.stringify(adapterConfig(adapter), null, 2)}\n`),
    [weightsFile]: writeSafetensors(tensors, { format: 'pt', ...lineageMetadata(adapter) }),
    'README.md': encoder.encode(readme),
  };
}

type Config = Readonly<Record<string, unknown>>;

/** Tells whether an option is off: absent, null, false, or an empty list or object. */
export function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Options that change the numbers, beside those with rules of their own below; what each does. */
const unsupportedOptions = {
  use_dora: 'useDora',
  use_qalora: 'useQalora',
  use_bdlora: 'useBdlora',
  layer_replication: 'layerReplication',
  trainable_token_indices: 'trainableTokens',
  target_parameters: 'targetParameters',
  lora_bias: 'loraBias',
  alora_invocation_tokens: 'activatedLora',
  arrow_config: 'arrowConfig',
  kasa_config: 'kasaConfig',
  monteclora_config: 'monteCloraConfig',
  velora_config: 'veloraConfig',
  megatron_config: 'megatronConfig',
} as const;

/** Values of init_lora_weights that leave the base weights as they are; PiSSA, OLoRA, CorDA and LoftQ rewrite them. */
const plainInitialisations: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'eva', 'orthogonal'];

/** Modules whose weights PEFT may save beside LoRA without having trained them: embedding and output projection. */
const copiedModules = ['embed_tokens', 'embed_in', 'wte', 'lm_head', 'embed_out'];

/** The modules that PEFT saves of a model for sequence classification: whatever its head may be called. */
const headModules = ['score', 'classifier'];

/** Whether it is an adapter of a model that scores; its head is read with the tensors. */
const isOfScorer = (config: Config): boolean => config['task_type'] === 'SEQ_CLS';

/** The error of an option that plain LoRA does not have. */
function unsupported(key: string, value: unknown, reason: Message): UserError {
  return new UserError('loraOptionUnsupported', { file: configFile, key, value: JSON.stringify(value), reason });
}

function checkPlainLora(config: Config): void {
  if (config['peft_type'] !== 'LORA') {
    throw new UserError('peftTypeOther', { file: configFile, type: JSON.stringify(config['peft_type'] ?? null) });
  }
  if (config['task_type'] != null && config['task_type'] !== 'CAUSAL_LM' && !isOfScorer(config)) {
    throw unsupported('task_type', config['task_type'], message('notCausalLm'));
  }
  if (config['bias'] != null && config['bias'] !== 'none') {
    throw unsupported('bias', config['bias'], message('replacesBiases'));
  }
  if (!plainInitialisations.includes(config['init_lora_weights'])) {
    throw unsupported('init_lora_weights', config['init_lora_weights'], message('rewritesBase'));
  }
  const { modules_to_save: saved } = config;
  const known = isOfScorer(config) ? [...copiedModules, ...headModules] : copiedModules;
  const areCopies = Array.isArray(saved) && saved.every((name) => known.includes(String(name)));
  if (!isOff(saved) && !areCopies) throw unsupported('modules_to_save', saved, message('modulesToSave'));
  for (const [key, reason] of Object.entries(unsupportedOptions)) {
    if (!isOff(config[key])) throw unsupported(key, config[key], message(reason));
  }
}

function readRank(config: Config): number {
  const r = config['r'];
  if (typeof r === 'number' && Number.isInteger(r) && r > 0) return r;
  throw new UserError('rankBad', { file: configFile, value: JSON.stringify(r ?? null) });
}

/** Reads the lora_alpha by which the scale is lora_alpha / r. */
function readAlpha(config: Config, r: number): number {
  const alpha = config['lora_alpha'];
  if (typeof alpha !== 'number' || !Number.isFinite(alpha)) {
    throw new UserError('alphaBad', { file: configFile, value: JSON.stringify(alpha ?? null) });
  }
  return isOff(config['use_rslora']) ? alpha : alpha * Math.sqrt(r);
}

/** Splits a name base_model.model.<path>.lora_A.weight into path and half. */
function parseTensorName(name: string): { path: string; half: 'A' | 'B' } {
  const [, path, half] = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/.exec(name) ?? [];
  if (path === undefined || (half !== 'A' && half !== 'B')) {
    throw new UserError('tensorNotLora', { file: weightsFile, tensor: JSON.stringify(name) });
  }
  return { path, half };
}

async function readLoraTensor(source: ByteSource, info: TensorInfo, rankAxis: 0 | 1, r: number): Promise<LoraTensor> {
  const tensor = message('tensorOfFile', { tensor: JSON.stringify(info.name), file: weightsFile });
  const [rows, columns, more] = info.shape;
  if (rows === undefined || columns === undefined || more !== undefined || rows * columns === 0) {
    throw new UserError('loraShapeBad', { tensor, shape: info.shape.join(', ') });
  }
  const rank = rankAxis === 0 ? rows : columns;
  if (rank !== r) {
    throw new UserError('loraRankOther', { file: configFile, r, tensor, rank, rows, columns });
  }
  const data = await readTensorAsFloat32(source, info);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UserError('weightNotFinite', { place: showPlace(info.shape, bad), tensor, value: String(data[bad]) });
  }
  return { shape: [rows, columns], data };
}

const copyName = new RegExp(`^base_model\\.model\\.((?:.+\\.)?(?:${copiedModules.join('|')})\\.weight)$`);

/** Reads the weights of a score head, [1, C]. */
async function readScore(source: ByteSource, info: TensorInfo): Promise<Float32Array> {
  const tensor = message('tensorOfFile', { tensor: JSON.stringify(info.name), file: weightsFile });
  const [outputs, width, more] = info.shape;
  if (outputs !== 1 || width === undefined || width === 0 || more !== undefined)
    throw new UserError('scoreShapeBad', { tensor, shape: info.shape.join(', ') });
  const data = await readTensorAsFloat32(source, info);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return data;
  throw new UserError('weightNotFinite', { place: showPlace(info.shape, bad), tensor, value: String(data[bad]) });
}

/** What an adapter's file of weights holds. */
interface AdapterWeights {
  readonly modules: Map<string, LoraModule>;
  readonly copies: readonly WeightCopy[];
  readonly lineage: Lineage | null;
  /** null where the adapter has no score head. */
  readonly score: Float32Array | null;
}

/**
 * Reads every module's A and B, the copies beside them, and where all come from; of a model that scores its head too.
 */
async function readModules(
  source: ByteSource,
  rankOf: (path: string) => number,
  hasScore: boolean,
): Promise<AdapterWeights> {
  const halves = new Map<string, { A?: LoraTensor; B?: LoraTensor }>();
  const copies: WeightCopy[] = [];
  let score: Float32Array | null = null;
  const { tensors, metadata } = await readSafetensorsHeader(source);
  for (const info of tensors.values()) {
    const [, copied] = copyName.exec(info.name) ?? [];
    if (copied !== undefined) {
      const { buffer } = await readTensorAsFloat32(source, info);
      copies.push({ name: copied, sha256: await sha256Hex(new Uint8Array(buffer as ArrayBuffer)) });
      continue;
    }
    if (hasScore && info.name === scoreName) {
      score = await readScore(source, info);
      continue;
    }
    const { path, half } = parseTensorName(info.name);
    const entry = halves.get(path) ?? {};
    entry[half] = await readLoraTensor(source, info, half === 'A' ? 0 : 1, rankOf(path));
    halves.set(path, entry);
  }
  if (hasScore && score === null) throw new UserError('scoreMissing', { file: weightsFile, tensor: scoreName });
  return { modules: joinHalves(halves), copies, lineage: readLineage(metadata), score };
}

function joinHalves(
  halves: ReadonlyMap<string, { readonly A?: LoraTensor; readonly B?: LoraTensor }>,
): Map<string, LoraModule> {
  const modules = new Map<string, LoraModule>();
  for (const [path, { A, B }] of halves) {
    if (A === undefined || B === undefined) {
      const half = A === undefined ? 'A' : 'B';
      throw new UserError('loraHalfMissing', { file: weightsFile, half, module: path });
    }
    modules.set(path, { A, B });
  }
  if (modules.size === 0) throw new UserError('noLoraTensor', { file: weightsFile });
  return modules;
}

/** Reads `layers_to_transform`: one index, a list of them, or none for every layer. */
function readLayers(config: Config): readonly number[] | null {
  const { layers_to_transform: given } = config;
  const layers: unknown[] = given == null ? [] : Array.isArray(given) ? given : [given];
  if (layers.length === 0) return null;
  if (layers.every((layer): layer is number => Number.isInteger(layer) && (layer as number) >= 0))
    return [...new Set(layers)].sort((a, b) => a - b);
  throw new UserError('adapterLayersBad', { file: configFile, value: JSON.stringify(given) });
}

/**
 * Says which modules an adapter has: PEFT adapts a module whose path is a target or ends in ".target"; tensors of other
 * modules it drops in silence.
 */
function readTargets(
  config: Config,
  modules: ReadonlyMap<string, LoraModule>,
): Pick<LoraAdapter, 'target_modules' | 'layers_to_transform'> {
  const targets = config['target_modules'];
  // A string is a regular expression or "all-linear"; the tensors say what it came to, as they do of exclusions.
  if (typeof targets === 'string') return { target_modules: [...modules.keys()].sort(), layers_to_transform: null };
  if (!Array.isArray(targets) || !targets.every((target) => typeof target === 'string')) {
    throw new UserError('targetModulesMissing', { file: configFile });
  }
  for (const path of modules.keys()) {
    if (!targets.some((target) => path === target || path.endsWith(`.${target}`))) {
      throw new UserError('moduleNotTargeted', {
        file: weightsFile,
        module: path,
        config: configFile,
        targets: targets.join(', '),
      });
    }
  }
  if (!isOff(config['exclude_modules']))
    return { target_modules: [...modules.keys()].sort(), layers_to_transform: null };
  return { target_modules: targets, layers_to_transform: readLayers(config) };
}

/** mlx_lm saves LoRA under other names of files and tensors, the matrices transposed. */
function refuseMlx(files: Directory, config: Config): void {
  const file = [...files.keys()].find((path) => /^(\d+_)?adapters\.(safetensors|npz)$/.test(path));
  const isOfMlx = file !== undefined || 'lora_parameters' in config || 'fine_tune_type' in config;
  if (isOfMlx && !files.has(weightsFile)) throw new UserError('adapterOfMlx', { file: file ?? configFile });
}

function requireWeights(directory: Directory): ByteSource {
  const source = directory.get(weightsFile);
  if (source !== undefined) return source;
  if (directory.has('adapter_model.bin')) {
    throw new UserError('adapterIsPickle', { file: weightsFile });
  }
  throw missingFile(message('theAdapter'), directory, weightsFile, message('fileHoldsWeights'));
}

/**
 * Reads an adapter directory; a folder that all paths share is dropped first. Tensors may be F32, F16 or BF16.
 * @throws UserError for a missing or broken file and for every option that plain LoRA does not have
 */
export async function readPeftAdapter(directory: Directory): Promise<LoraAdapter> {
  const files = withoutCommonFolder(directory);
  const configSource = files.get(configFile);
  if (configSource === undefined)
    throw missingFile(message('theAdapter'), files, configFile, message('chooseAdapterFolder'));
  const config = await readJsonObject(configSource);
  refuseMlx(files, config);
  checkPlainLora(config);
  const r = readRank(config);
  const lora_alpha = readAlpha(config, r);
  const patterns = readPatterns(config, configFile, {
    r,
    lora_alpha: config['lora_alpha'] as number,
    isRankStabilised: !isOff(config['use_rslora']),
  });
  const rankOf = (path: string) => patterns?.(path).r ?? r;
  const { modules, copies, lineage, score } = await readModules(requireWeights(files), rankOf, isOfScorer(config));
  const base = config['base_model_name_or_path'];
  return {
    ...(patterns === null ? { r, lora_alpha, modules } : evenOut(modules, patterns)),
    ...readTargets(config, modules),
    fan_in_fan_out: config['fan_in_fan_out'] === true,
    base_model_name_or_path: typeof base === 'string' ? hubNameOf(base) : null,
    ...(lineage && { lineage }),
    ...(copies.length > 0 && { copies }),
    ...(score && { score }),
  };
}
