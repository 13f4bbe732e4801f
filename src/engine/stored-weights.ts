/**
 * @file What a checkpoint's files hold beside what its config calls for: the names a tensor may have there, shapes, and
 * whether the output projection is the embedding's table, which the files decide. Not here: reading weights for a
 * device.
 */
import { UserError } from '../core/errors';
import { sameShape, showShape } from '../core/shape';
import { message, type Message } from '../messages/message';
import type { ModelCheckpoint, WeightLocation } from '../formats/checkpoint';
import { readTensorAsFloat32, rowsOf } from '../formats/safetensors';
import { distinctKinds, type ModelConfig } from '../models/architecture';
import { findArchitecture } from '../models/registry';
import type { ModelShape } from '../models/stages';
import { listWeightsOnce } from './weight-list';

/** Buffers that older transformers saved beside the weights; they carry nothing. */
const ignoredTensors = /(rotary_emb\.inv_freq|masked_bias|(attn|attention)\.bias)$/;

const tableName = ({ architecture, config }: ModelShape): string =>
  architecture.embeddingTensors(config).get('table')?.name ?? '';

/**
 * Lists the names under which a checkpoint may have a tensor, as transformers reads them: without the base model's
 * prefix too, and a tied embedding under the head's name, where safetensors' save_model has kept that one alone.
 */
function possibleNames(shape: ModelShape, name: string): string[] {
  const { basePrefix, headNames } = shape.architecture;
  if (name === headNames[0]) return [...headNames];
  const names = name.startsWith(basePrefix) ? [name, name.slice(basePrefix.length)] : [name];
  return shape.config.tiedEmbeddings && name === tableName(shape) ? [...names, ...headNames] : names;
}

/** Finds where the tensor of this name in the whole model lies. */
export function findWeight({ weights }: ModelCheckpoint, shape: ModelShape, name: string): WeightLocation | undefined {
  const found = possibleNames(shape, name).find((candidate) => weights.has(candidate));
  return found === undefined ? undefined : weights.get(found);
}

/**
 * Compares names and shapes of the files with those that the config calls for, before any weight is read.
 * @returns the names of tensors that the architecture does not use
 * @throws UserError for a tensor that is missing or of another shape
 */
export function checkWeights(checkpoint: ModelCheckpoint, shape: ModelShape): string[] {
  const wanted = listWeightsOnce(shape);
  const missing = [...wanted.keys()].filter((name) => !findWeight(checkpoint, shape, name));
  if (missing.length > 0) {
    const more = missing.length > 1 ? message('andMoreTensors', { count: missing.length - 1 }) : '';
    throw new UserError('weightsLack', { name: checkpoint.name, tensor: missing[0] ?? '', more });
  }
  for (const [name, { shape: dims }] of wanted) {
    const found = findWeight(checkpoint, shape, name)?.info.shape ?? [];
    if (!sameShape(found, dims)) {
      throw new UserError('weightShapeOther', {
        name: checkpoint.name,
        tensor: name,
        shape: showShape(found),
        wanted: showShape(dims),
      });
    }
  }
  const known = new Set(
    [...wanted.keys(), ...shape.architecture.headNames].flatMap((name) => possibleNames(shape, name)),
  );
  return [...checkpoint.weights.keys()].filter((name) => !known.has(name) && !ignoredTensors.test(name));
}

/** Bytes of the pieces in which two tables are compared. */
const comparedBytes = 16 * 2 ** 20;

/** Tells whether two tensors hold the same numbers; what differs mostly differs in the first piece. */
async function areEqual(one: WeightLocation, other: WeightLocation): Promise<boolean> {
  if (!sameShape(one.info.shape, other.info.shape)) return false;
  const [rows = 1] = one.info.shape;
  const step = Math.max(1, Math.floor((rows * comparedBytes) / Math.max(1, one.info.byteLength)));
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start);
    const [a, b] = await Promise.all(
      [one, other].map(({ source, info }) => readTensorAsFloat32(source, rowsOf(info, start, count))),
    );
    if (a?.some((value, i) => value !== b?.[i])) return false;
  }
  return true;
}

/** What config.json says; the context reaches as far as a rope was stretched. */
function configShape({ config }: ModelCheckpoint): ModelShape {
  const architecture = findArchitecture(config);
  const parsed: ModelConfig = architecture.parseConfig(config);
  const reaches = distinctKinds(parsed).map(({ rope }) => rope?.reach ?? 0);
  return { architecture, config: { ...parsed, contextLength: Math.max(parsed.contextLength, ...reaches) } };
}

/**
 * Finds the checkpoint's architecture and reads its config. No weight is read, but where the config ties the output
 * projection to the embedding and the files hold both: then they are compared, and are not tied where they differ, as
 * in transformers.
 * @throws UserError for an architecture or a value that Airlock does not compute
 */
export async function describeShape(checkpoint: ModelCheckpoint): Promise<ModelShape> {
  const shape = configShape(checkpoint);
  const { architecture, config } = shape;
  if (!config.tiedEmbeddings) return shape;
  const untied = { architecture, config: { ...config, tiedEmbeddings: false } };
  const table = findWeight(checkpoint, untied, tableName(untied));
  const head = findWeight(checkpoint, untied, architecture.headNames[0] as string);
  return table && head && !(await areEqual(table, head)) ? untied : shape;
}

/** Says where the files hold an output projection of its own and config.json says that there is none. */
export function findUntiedHead(checkpoint: ModelCheckpoint, shape: ModelShape): Message[] {
  if (configShape(checkpoint).config.tiedEmbeddings === shape.config.tiedEmbeddings) return [];
  return [message('headNotTied', { tensor: shape.architecture.headNames[0] as string })];
}
