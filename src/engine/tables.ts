/**
 * @file The vocabulary's tables on the device. Where tensors cross to the device for each run, a table is not fed
 * whole: the embedding gets only the rows that its tokens name, the head one slice at a time.
 */
import type { HostArray, DeviceTensor, Tensors } from '../runtime/executor';
import type { DType } from '../core/dtype';
import { buildEmbedStage, slicesOf } from '../models/stages';
import { anyRows, openSizes } from '../models/decode-stages';
import { sliceNames } from '../models/vocabulary';
import type { LoadedModel } from './loaded-model';
import type { ProgramCache } from './program-cache';

/** Picks the tensors that hold a matrix (its own, and its scales where it has some), under another name. */
export function matrixTensors(tensors: Tensors, name: string, as: string): Tensors {
  const parts = Object.entries(tensors).filter(([path]) => path === name || path.startsWith(`${name}.`));
  return Object.fromEntries(parts.map(([path, tensor]) => [as + path.slice(name.length), tensor]));
}

/** What a table is held in. */
const arrays: Readonly<Partial<Record<DType, new (buffer: ArrayBuffer) => HostArray>>> = {
  float32: Float32Array,
  float16: Uint16Array,
  uint8: Uint8Array,
};

/** Copies a table's rows at tokens [T] into a table of T rows. */
async function copyRows({ executor, shape, embedding }: LoadedModel, tokens: Int32Array): Promise<Tensors> {
  const slices = slicesOf(shape);
  const held = sliceNames('table', slices).map((name) => matrixTensors(embedding, name, 'table'));
  const rows: Record<string, DeviceTensor> = {};
  for (const [name, { dtype, shape: dims }] of Object.entries(held[0] as Tensors)) {
    const pieces: Uint8Array[] = [];
    for (const tensors of held) {
      const data = await executor.read(tensors[name] as DeviceTensor);
      pieces.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    const rowBytes = (pieces[0] as Uint8Array).length / (slices[0] as number);
    const copied = new Uint8Array(tokens.length * rowBytes);
    tokens.forEach((token, i) => {
      let slice = 0;
      let local = token;
      while (local >= (slices[slice] as number)) local -= slices[slice++] as number;
      copied.set((pieces[slice] as Uint8Array).subarray(local * rowBytes, (local + 1) * rowBytes), i * rowBytes);
    });
    const HeldArray = arrays[dtype];
    if (!HeldArray) throw new Error(`The embedding's '${name}' is ${dtype}, in which no table is held.`);
    rows[name] = executor.upload(new HeldArray(copied.buffer), [tokens.length, ...dims.slice(1)]);
  }
  return rows;
}

/**
 * Embeds tokens [T] at their positions, for a row as for a chunk of decoding.
 * @param position [T], int32, which the caller keeps
 * @returns x [T, C], the first block's input
 */
export async function embedTokens(
  model: LoadedModel,
  programs: ProgramCache,
  tokens: Int32Array,
  position: DeviceTensor,
): Promise<DeviceTensor> {
  const { executor, shape, embedding } = model;
  const T = tokens.length;
  const rows = executor.copiesInputs ? await copyRows(model, tokens) : {};
  const program = executor.copiesInputs
    ? await programs.get('embed', () => ({
        ...buildEmbedStage({ ...shape, slices: [anyRows] }, anyRows),
        open: openSizes,
      }))
    : await programs.get(`embed ${T}`, () => buildEmbedStage(shape, T));
  const indices = executor.upload(executor.copiesInputs ? tokens.map((_, i) => i) : tokens, [T]);
  try {
    const { x } = await executor.run(program, { ...embedding, ...rows, tokens: indices, position });
    return x;
  } finally {
    for (const tensor of [indices, ...Object.values(rows)]) tensor.dispose();
  }
}
