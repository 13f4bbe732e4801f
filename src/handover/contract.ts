/**
 * @file What a server demands of a LoRA adapter, as rules: each says what it saw and how to mend it. The rules are
 * those of vLLM's and SGLang's own checks and of llama.cpp's and Ollama's loaders; the adapter's files are read as they
 * are, so that one which Airlock itself would refuse can be told of too.
 */
import { message, type Message } from '../messages/message';
import { readJsonObject, type ByteSource } from '../formats/byte-source';
import { missingFile, withoutCommonFolder, type Directory } from '../formats/checkpoint';
import { isOff } from '../formats/peft';
import { readSafetensorsHeader, readTensorAsFloat32, type TensorInfo } from '../formats/safetensors';
import { servers, vllmRanks, type ExportFormat, type Finding, type Server } from '../run/hand-over';

/** An adapter's files as they are. */
interface Contract {
  readonly server: Server;
  readonly maxLoraRank: number;
  readonly config: Readonly<Record<string, unknown>>;
  /** The tensors by name, without PEFT's prefix. */
  readonly tensors: readonly TensorInfo[];
  /** The largest absolute value of all tensors that are read; Infinity where one is no number. */
  readonly largest: number;
  /** Whether the file's metadata names the base by its hash. */
  readonly namesBase: boolean;
}

type Fault = Pick<Finding, 'seen' | 'remedy'>;

interface Rule {
  readonly name: string;
  readonly servers: readonly Server[];
  readonly forbids: boolean;
  readonly check: (contract: Contract) => Fault | null;
}

const many: readonly Server[] = ['vllm', 'sglang'];
const notPeft: readonly Server[] = [...many, 'llama.cpp', 'ollama'];

/** The option as it stands in the file, for a sentence. */
const shown = (value: unknown): string => JSON.stringify(value ?? null).slice(0, 200);

/** A rule that an option must be off. */
const mustBeOff = (key: string, remedy: Message, where: readonly Server[]): Rule => ({
  name: key,
  servers: where,
  forbids: true,
  check: ({ config }) =>
    isOff(config[key]) || (key === 'bias' && config[key] === 'none')
      ? null
      : { seen: message('contractOption', { key, value: shown(config[key]) }), remedy },
});

/** The ranks of A, by tensor. */
function largestRank({ config, tensors }: Contract): number {
  const ranks = tensors.flatMap(({ name, shape }) => (/lora_A\.weight$/.test(name) ? [shape[0] ?? 0] : []));
  return Math.max(typeof config['r'] === 'number' ? config['r'] : 0, ...ranks);
}

function checkRank(contract: Contract): Fault | null {
  const { server, maxLoraRank } = contract;
  const rank = largestRank(contract);
  if (rank <= maxLoraRank) return null;
  const needed = server === 'vllm' ? vllmRanks.find((allowed) => allowed >= rank) : rank;
  return {
    seen: message('contractRank', { rank, limit: maxLoraRank }),
    remedy: needed === undefined ? message('contractMerge') : message('contractRaiseRank', { rank: needed }),
  };
}

function checkAlpha({ config, server }: Contract): Fault | null {
  const { lora_alpha: alpha } = config;
  if (typeof alpha !== 'number')
    return {
      seen: message('contractOption', { key: 'lora_alpha', value: shown(alpha) }),
      remedy: message('contractAlpha'),
    };
  return Number.isInteger(alpha) || !many.includes(server)
    ? null
    : {
        seen: message('contractOption', { key: 'lora_alpha', value: shown(alpha) }),
        remedy: message('contractAlphaWhole'),
      };
}

/** Families whose linears vLLM has no LoRA for, by how their modules begin. */
const withoutLora = { 'transformer.h.': 'GPT-2', 'gpt_neox.': 'GPT-NeoX' } as const;

function checkArchitecture({ tensors }: Contract): Fault | null {
  for (const [prefix, family] of Object.entries(withoutLora)) {
    if (tensors.some(({ name }) => name.startsWith(`base_model.model.${prefix}`)))
      return { seen: message('contractFamily', { family }), remedy: message('contractMerge') };
  }
  return null;
}

/** Embedding and output projection, which servers do not adapt. */
const tableModule = /(embed_tokens|embed_in|wte|wpe|lm_head|embed_out)\b/;

const rules: readonly Rule[] = [
  { name: 'max_lora_rank', servers: many, forbids: true, check: checkRank },
  { name: 'lora_alpha', servers: servers, forbids: true, check: checkAlpha },
  { name: 'architecture', servers: ['vllm'], forbids: true, check: checkArchitecture },
  {
    name: 'format',
    servers: ['llama.cpp'],
    forbids: true,
    check: () => ({ seen: message('contractPeftFiles'), remedy: message('contractAsGguf') }),
  },
  {
    name: 'adapter',
    servers: ['ollama'],
    forbids: true,
    check: () => ({ seen: message('contractNoAdapters'), remedy: message('contractMerge') }),
  },
  {
    name: 'target_modules',
    servers: many,
    forbids: true,
    check: ({ config: { target_modules: targets } }) =>
      Array.isArray(targets)
        ? null
        : {
            seen: message('contractOption', { key: 'target_modules', value: shown(targets) }),
            remedy: message('contractTargetsList'),
          },
  },
  {
    name: 'tables',
    servers: notPeft,
    forbids: true,
    check: ({ tensors }) => {
      const table = tensors.find(({ name }) => tableModule.test(name));
      return table
        ? { seen: message('contractTable', { tensor: table.name }), remedy: message('contractMergeElsewhere') }
        : null;
    },
  },
  mustBeOff('modules_to_save', message('contractMergeElsewhere'), notPeft),
  mustBeOff('use_dora', message('contractMergeElsewhere'), notPeft),
  mustBeOff('use_rslora', message('contractFold'), many),
  mustBeOff('rank_pattern', message('contractFold'), many),
  mustBeOff('alpha_pattern', message('contractFold'), many),
  mustBeOff('bias', message('contractMergeElsewhere'), notPeft),
  {
    name: 'values',
    servers: servers,
    forbids: true,
    check: ({ largest }) =>
      Number.isFinite(largest) ? null : { seen: message('contractNotFinite'), remedy: message('contractTrainAgain') },
  },
  {
    name: 'float16',
    servers: notPeft,
    forbids: false,
    check: ({ largest }) =>
      Number.isFinite(largest) && largest >= 65520
        ? { seen: message('contractLarge', { value: String(largest) }), remedy: message('contractServeBfloat16') }
        : null,
  },
  {
    name: 'base_model_name_or_path',
    servers: servers,
    forbids: false,
    check: ({ config: { base_model_name_or_path: base } }) =>
      typeof base === 'string' && (/^([A-Za-z]:[\\/]|[\\/~.])/.test(base) || base.split('/').length > 2)
        ? { seen: message('contractLocalPath', { value: base }), remedy: message('contractExportAgain') }
        : null,
  },
  {
    name: 'base_hash',
    servers: servers,
    forbids: false,
    check: ({ namesBase }) =>
      namesBase ? null : { seen: message('contractBaseUnnamed'), remedy: message('contractCheckCanaries') },
  },
];

/** The largest absolute value of the tensors that can be read; Infinity where one is no finite number. */
async function findLargest(source: ByteSource, tensors: readonly TensorInfo[]): Promise<number> {
  let largest = 0;
  for (const info of tensors) {
    if (!['F32', 'F16', 'BF16'].includes(info.dtype)) continue;
    for (const value of await readTensorAsFloat32(source, info)) {
      if (!Number.isFinite(value)) return Infinity;
      largest = Math.max(largest, Math.abs(value));
    }
  }
  return largest;
}

/** The rules that are not about PEFT's own files, and hold in every format. */
const rulesOfAll: readonly string[] = ['values', 'base_hash'];

/**
 * Holds an adapter directory against what a server demands.
 * @param maxLoraRank what the server was started with; vLLM's and SGLang's default is 16
 * @param format what the adapter is handed over as
 * @returns what does not hold, in the order of the rules; empty where all does
 * @throws UserError for a file that is missing or broken
 */
export async function lintAdapter(
  directory: Directory,
  server: Server,
  maxLoraRank: number,
  format: ExportFormat = 'peft',
): Promise<Finding[]> {
  const files = withoutCommonFolder(directory);
  const required = (file: string): ByteSource => {
    const source = files.get(file);
    if (source) return source;
    throw missingFile(message('theAdapter'), files, file, message('chooseAdapterFolder'));
  };
  const [config, weights] = [required('adapter_config.json'), required('adapter_model.safetensors')];
  const { tensors, metadata } = await readSafetensorsHeader(weights);
  const contract: Contract = {
    server,
    maxLoraRank,
    config: await readJsonObject(config),
    tensors: [...tensors.values()],
    largest: await findLargest(weights, [...tensors.values()]),
    namesBase: metadata.has('airlock_base'),
  };
  return rules.flatMap(({ name, servers: where, forbids, check }) => {
    const holds = where.includes(server) && (format === 'peft' || rulesOfAll.includes(name));
    const fault = holds ? check(contract) : null;
    return fault ? [{ rule: name, ...fault, forbids }] : [];
  });
}
