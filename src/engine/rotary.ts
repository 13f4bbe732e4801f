/**
 * @file Rotary tables of a row on the device: one pair for each rope that some layer has.
 */
import type { LayerKind } from '../models/architecture';
import type { Rope } from '../models/rope';
import { rotaryTables } from '../models/rope';
import type { Executor, Tensors } from '../runtime/executor';

/**
 * Uploads the tables of each rope that some layer has; the caller disposes them.
 * @returns `cos` and `sin` of each rope, [T, 1, turned dimensions / 2]
 */
export function uploadRotaryTables(
  executor: Executor,
  kinds: readonly LayerKind[],
  positions: ArrayLike<number>,
  sequenceLengths: ArrayLike<number>,
): ReadonlyMap<Rope, Tensors<'cos' | 'sin'>> {
  const ropes = new Set(kinds.flatMap(({ rope }) => (rope ? [rope] : [])));
  return new Map(
    [...ropes].map((rope) => {
      const { cos, sin } = rotaryTables(rope, positions, sequenceLengths);
      const shape = [positions.length, 1, rope.inverseFrequencies.length];
      return [rope, { cos: executor.upload(cos, shape), sin: executor.upload(sin, shape) }];
    }),
  );
}
