/**
 * @file LoRA adapters in PEFT's directory format: adapter_config.json, adapter_model.safetensors, README.md.
 * What is written is a small set of keys that every PEFT since 0.4, vLLM and SGLang read alike.
 * What is read must mean plain LoRA, W + lora_alpha / r * B A: every option that would change the numbers is refused by
 * name. rsLoRA, whose scale is lora_alpha / sqrt(r), is folded into lora_alpha.
 */
import type { Precision } from '../core/dtype';
import { precisions } from '../core/dtype';
import { UserError, invariant } from '../core/errors';
import { readJsonObject } from './byte-source';
import type { ByteSource } from './byte-source';
import { missingFile, withoutCommonFolder } from './checkpoint';
import type { Directory } from './checkpoint';
import { readSafetensorsHeader, readTensorAsFloat32, writeSafetensors } from './safetensors';
import type { TensorInfo, TensorToWrite } from './safetensors';

export interface LoraTensor {
  readonly shape: readonly [number, number];
  readonly data: Float32Array;
}

export interface LoraModule {
  /** [r, in] */
  readonly A: LoraTensor;
  /** [out, r] */
  readonly B: LoraTensor;
}

/** Where an adapter comes from, as Airlock writes it into the metadata of its weights; PEFT does not read it. */
export interface Lineage {
  /** Of the base model, see `LoadedModel`. */
  readonly base_fingerprint: string;
  /** Names of the adapters that this one was continued from, oldest first. */
  readonly ancestors: readonly string[];
  /** How the base's weights were held in training; float32 where an older Airlock did not say. */
  readonly base_precision: Precision;
}

export interface LoraAdapter {
  readonly r: number;
  /** The update is scaled by lora_alpha / r. */
  readonly lora_alpha: number;
  readonly target_modules: readonly string[];
  /** The base's weights are [in, out] (GPT-2's Conv1D); A and B have the same shapes all the same. */
  readonly fan_in_fan_out: boolean;
  /** "org/name" on the Hugging Face Hub, or null. */
  readonly base_model_name_or_path: string | null;
  /** Absent from adapters made elsewhere. */
  readonly lineage?: Lineage;
  /** Module path without PEFT's `base_model.model.`, e.g. model.layers.0.self_attn.q_proj. */
  readonly modules: ReadonlyMap<string, LoraModule>;
}

const configFile = 'adapter_config.json';
const weightsFile = 'adapter_model.safetensors';
const namePrefix = 'base_model.model.';

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
    modules_to_save: null,
    peft_type: 'LORA',
    r: adapter.r,
    target_modules: [...adapter.target_modules].sort(),
    task_type: 'CAUSAL_LM',
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
    throw new UserError(
      `The metadata of ${weightsFile} has \`${lineageKeys.ancestors}\` that is no list of at most ${maxAncestors} names; take a fresh copy.`,
    );
  }
  const stated = metadata.get(lineageKeys.precision) ?? 'float32';
  const base_precision = precisions.find((precision) => precision === stated);
  if (base_precision === undefined) {
    throw new UserError(
      `The metadata of ${weightsFile} has \`${lineageKeys.precision}\` ${JSON.stringify(stated.slice(0, 40))}; known are ${precisions.join(', ')}.`,
    );
  }
  return { base_fingerprint, ancestors, base_precision };
}

/** The files of an adapter directory; the tensors are float32 whatever the base model is stored in, as PEFT's are. */
export function writePeftAdapter(adapter: LoraAdapter, readme: string): Record<string, Uint8Array> {
  const tensors: TensorToWrite[] = [];
  for (const [path, { A, B }] of adapter.modules) {
    invariant(A.shape[0] === adapter.r && B.shape[1] === adapter.r, `LoRA of ${path} does not have rank ${adapter.r}`);
    tensors.push(
      { name: `${namePrefix}${path}.lora_A.weight`, ...A },
      { name: `${namePrefix}${path}.lora_B.weight`, ...B },
    );
  }
  const encoder = new TextEncoder();
  return {
    [configFile]: encoder.encode(`${JSON.stringify(adapterConfig(adapter), null, 2)}\n`),
    [weightsFile]: writeSafetensors(tensors, { format: 'pt', ...lineageMetadata(adapter) }),
    'README.md': encoder.encode(readme),
  };
}

type Config = Readonly<Record<string, unknown>>;

/** Absent, null, false, or an empty list or object: the option is off. */
function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Options that change the numbers, beside those with rules of their own below; what each does. */
const unsupportedOptions: Readonly<Record<string, string>> = {
  use_dora: 'DoRA scales every output by a learned magnitude',
  use_qalora: 'QALoRA pools the inputs',
  use_bdlora: 'block-diagonal LoRA has another product',
  modules_to_save: 'it replaces whole modules of the base model',
  rank_pattern: 'it gives some modules another rank',
  alpha_pattern: 'it gives some modules another scale',
  layer_replication: 'it repeats layers of the base model',
  trainable_token_indices: 'it replaces rows of the embedding',
  target_parameters: 'it adapts parameters that are not linear layers',
  lora_bias: 'it adds a bias to lora_B',
  alora_invocation_tokens: 'activated LoRA works on a part of the text only',
  arrow_config: 'it routes between several adapters',
  kasa_config: 'KaSA changes the base weights',
  monteclora_config: 'MonteCLoRA samples its weights',
  velora_config: 'VeLoRA changes how inputs are kept',
  megatron_config: 'Megatron splits the layers',
};

/** Values of init_lora_weights that leave the base weights as they are; PiSSA, OLoRA, CorDA and LoftQ rewrite them. */
const plainInitialisations: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'eva', 'orthogonal'];

/** The sentence for an option that plain LoRA does not have. */
function unsupported(key: string, value: unknown, reason: string): UserError {
  return new UserError(
    `${configFile} sets \`${key}\` to ${JSON.stringify(value)}: ${reason}, which Airlock does not support. ` +
      'Train the adapter as plain LoRA, or merge it into the base model with PEFT and open the result.',
  );
}

function checkPlainLora(config: Config): void {
  if (config['peft_type'] !== 'LORA') {
    throw new UserError(
      `${configFile} has the peft_type ${JSON.stringify(config['peft_type'] ?? null)}; Airlock reads LoRA adapters ("LORA").`,
    );
  }
  if (config['task_type'] != null && config['task_type'] !== 'CAUSAL_LM') {
    throw unsupported(
      'task_type',
      config['task_type'],
      'it is not an adapter of a text generation model ("CAUSAL_LM")',
    );
  }
  if (config['bias'] != null && config['bias'] !== 'none') {
    throw unsupported('bias', config['bias'], 'it replaces biases of the base model');
  }
  if (!plainInitialisations.includes(config['init_lora_weights'])) {
    throw unsupported('init_lora_weights', config['init_lora_weights'], 'it starts from rewritten base weights');
  }
  for (const [key, reason] of Object.entries(unsupportedOptions)) {
    if (!isOff(config[key])) throw unsupported(key, config[key], reason);
  }
}

function readRank(config: Config): number {
  const r = config['r'];
  if (typeof r === 'number' && Number.isInteger(r) && r > 0) return r;
  throw new UserError(
    `${configFile} has the rank \`r\` ${JSON.stringify(r ?? null)}; it must be a whole number above 0.`,
  );
}

/** lora_alpha such that the scale is lora_alpha / r. */
function readAlpha(config: Config, r: number): number {
  const alpha = config['lora_alpha'];
  if (typeof alpha !== 'number' || !Number.isFinite(alpha)) {
    throw new UserError(`${configFile} has the \`lora_alpha\` ${JSON.stringify(alpha ?? null)}; it must be a number.`);
  }
  return isOff(config['use_rslora']) ? alpha : alpha * Math.sqrt(r);
}

/** Splits base_model.model.<path>.lora_A.weight. */
function parseTensorName(name: string): { path: string; half: 'A' | 'B' } {
  const [, path, half] = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/.exec(name) ?? [];
  if (path === undefined || (half !== 'A' && half !== 'B')) {
    throw new UserError(
      `${weightsFile} holds the tensor ${JSON.stringify(name)}, which is not part of plain LoRA ` +
        '(base_model.model.<module>.lora_A.weight and .lora_B.weight). Train the adapter on linear layers alone.',
    );
  }
  return { path, half };
}

async function readLoraTensor(source: ByteSource, info: TensorInfo, rankAxis: 0 | 1, r: number): Promise<LoraTensor> {
  const where = `the tensor ${JSON.stringify(info.name)} of ${weightsFile}`;
  const [rows, columns, more] = info.shape;
  if (rows === undefined || columns === undefined || more !== undefined || rows * columns === 0) {
    throw new UserError(`The shape of ${where} is [${info.shape.join(', ')}]; a LoRA matrix has two sizes above 0.`);
  }
  const rank = rankAxis === 0 ? rows : columns;
  if (rank !== r) {
    throw new UserError(
      `${configFile} says r = ${r}, but ${where} has rank ${rank} (shape [${rows}, ${columns}]). The files may belong to different adapters.`,
    );
  }
  const data = await readTensorAsFloat32(source, info);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UserError(
      `Element ${bad} of ${where} is ${data[bad]}; every weight must be a finite number. Its training diverged: take an earlier adapter.`,
    );
  }
  return { shape: [rows, columns], data };
}

/** Every module's A and B, and where they come from. */
async function readModules(
  source: ByteSource,
  r: number,
): Promise<{ modules: Map<string, LoraModule>; lineage: Lineage | null }> {
  const halves = new Map<string, { A?: LoraTensor; B?: LoraTensor }>();
  const { tensors, metadata } = await readSafetensorsHeader(source);
  for (const info of tensors.values()) {
    const { path, half } = parseTensorName(info.name);
    const entry = halves.get(path) ?? {};
    entry[half] = await readLoraTensor(source, info, half === 'A' ? 0 : 1, r);
    halves.set(path, entry);
  }
  const modules = new Map<string, LoraModule>();
  for (const [path, { A, B }] of halves) {
    if (A === undefined || B === undefined) {
      const missing = A === undefined ? 'A' : 'B';
      throw new UserError(`${weightsFile} has no lora_${missing} for ${path}, only its other half; take a fresh copy.`);
    }
    modules.set(path, { A, B });
  }
  if (modules.size === 0) throw new UserError(`${weightsFile} holds no LoRA tensor; check that it is the right file.`);
  return { modules, lineage: readLineage(metadata) };
}

/** PEFT adapts a module whose path is a target or ends in ".target"; tensors of other modules it drops in silence. */
function readTargets(config: Config, modules: ReadonlyMap<string, LoraModule>): readonly string[] {
  const targets = config['target_modules'];
  const lastNames = [...new Set([...modules.keys()].map((path) => path.split('.').at(-1) ?? path))].sort();
  // A string is a regular expression or "all-linear"; the tensors say what it came to.
  if (typeof targets === 'string') return lastNames;
  if (!Array.isArray(targets) || !targets.every((target) => typeof target === 'string')) {
    throw new UserError(
      `${configFile} has no list of \`target_modules\`; it should name the adapted layers, such as ["q_proj", "v_proj"].`,
    );
  }
  for (const path of modules.keys()) {
    if (!targets.some((target) => path === target || path.endsWith(`.${target}`))) {
      throw new UserError(
        `${weightsFile} adapts ${path}, which \`target_modules\` of ${configFile} does not name (${targets.join(', ')}). ` +
          'The files may belong to different adapters.',
      );
    }
  }
  return targets;
}

function requireWeights(directory: Directory): ByteSource {
  const source = directory.get(weightsFile);
  if (source !== undefined) return source;
  if (directory.has('adapter_model.bin')) {
    throw new UserError(
      `The adapter has its weights in adapter_model.bin, a pickle that may run code; Airlock reads ${weightsFile}. ` +
        'Load it with PEFT and call save_pretrained.',
    );
  }
  throw missingFile('The adapter', directory, weightsFile, 'it holds the weights.');
}

/**
 * Reads an adapter directory; a folder that all paths share is dropped first. Tensors may be F32, F16 or BF16.
 * @throws UserError for a missing or broken file and for every option that plain LoRA does not have.
 */
export async function readPeftAdapter(directory: Directory): Promise<LoraAdapter> {
  const files = withoutCommonFolder(directory);
  const configSource = files.get(configFile);
  if (configSource === undefined)
    throw missingFile('The adapter', files, configFile, "choose the adapter's own folder.");
  const config = await readJsonObject(configSource);
  checkPlainLora(config);
  const r = readRank(config);
  const lora_alpha = readAlpha(config, r);
  const { modules, lineage } = await readModules(requireWeights(files), r);
  const base = config['base_model_name_or_path'];
  return {
    r,
    lora_alpha,
    target_modules: readTargets(config, modules),
    fan_in_fan_out: config['fan_in_fan_out'] === true,
    base_model_name_or_path: typeof base === 'string' ? hubNameOf(base) : null,
    ...(lineage && { lineage }),
    modules,
  };
}
