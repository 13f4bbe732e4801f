/**
 * @file The value head of PPO: v = w . h + b on the normed hidden state h of the place before a token, through which no
 * gradient flows back, so that the policy learns from its answers alone. It is one more vector of the optimiser, of
 * C + 1 numbers, b the last. The products are the host's: there is one number a token.
 */
import { UserError } from '../core/errors';
import type { LoadedModel } from '../engine/loaded-model';
import type { Directory } from '../formats/checkpoint';
import { readSafetensorsHeader, readTensorAsFloat32, writeSafetensors } from '../formats/safetensors';
import type { PackedRow } from './packing';

/** The file of a head, beside the adapter and no part of it: PyTorch's names of a linear layer to one number. */
export const valueHeadFile = 'value_head.safetensors';

/** @param head [C + 1] */
export const writeValueHead = (head: Float32Array): Uint8Array =>
  writeSafetensors(
    [
      { name: 'weight', shape: [1, head.length - 1], data: head.slice(0, -1) },
      { name: 'bias', shape: [1], data: head.slice(-1) },
    ],
    {},
  );

/**
 * Reads the head that lies beside an adapter; null where there is none.
 * @returns [C + 1], of whatever model it is
 * @throws UserError for a file that holds none
 */
export async function readValueHead(directory: Directory): Promise<Float32Array | null> {
  const source = directory.get(valueHeadFile);
  if (source === undefined) return null;
  const { tensors } = await readSafetensorsHeader(source);
  const [weight, bias] = [tensors.get('weight'), tensors.get('bias')];
  if (!weight || !bias || bias.byteLength * (weight.shape.at(-1) ?? 0) !== weight.byteLength)
    throw new UserError('valueHeadBroken', { file: valueHeadFile });
  const head = new Float32Array((weight.shape.at(-1) ?? 0) + 1);
  head.set(await readTensorAsFloat32(source, weight));
  head.set(await readTensorAsFloat32(source, bias), head.length - 1);
  return head;
}

/** @throws UserError where the head is of a model of another width */
export function requireWidth(head: Float32Array, { shape }: Pick<LoadedModel, 'shape'>): void {
  const [width, wanted] = [head.length - 1, shape.config.hiddenSize];
  if (width !== wanted) throw new UserError('valueHeadOther', { width, wanted });
}

/** Where a head starts: it foresees nothing. */
export const freshValueHead = ({ shape }: Pick<LoadedModel, 'shape'>): Float32Array =>
  new Float32Array(shape.config.hiddenSize + 1);

/**
 * What the head foresees at each target of a row.
 * @param head [C + 1]
 * @param hidden [targets, C], row-major
 */
export function valuesAt(head: Float64Array, hidden: Float64Array): Float64Array {
  const C = head.length - 1;
  return Float64Array.from({ length: hidden.length / C }, (_, m) => {
    let value = head[C] as number;
    for (let c = 0; c < C; c++) value += (head[c] as number) * (hidden[m * C + c] as number);
    return value;
  });
}

/**
 * Adds the head's gradient, sum_m slopes[m] (h[m], 1), to a sum [C + 1].
 * @param slopes d loss / d value of each target
 */
export function addHeadGradient(sum: Float64Array, hidden: Float64Array, slopes: Float64Array): void {
  const C = sum.length - 1;
  slopes.forEach((slope, m) => {
    if (slope === 0) return;
    for (let c = 0; c < C; c++) sum[c] = (sum[c] as number) + slope * (hidden[m * C + c] as number);
    sum[C] = (sum[C] as number) + slope;
  });
}

/** Room for the hidden states of a row's targets. */
export const hiddenOf = ({ targets }: PackedRow, C: number): Float64Array => new Float64Array(targets.length * C);
