/** @file Whether a checkpoint of a run fits the adapter that the settings would make. */
import { UserError } from '../core/errors';
import type { TrainingCheckpoint } from '../run/training-checkpoint';

/**
 * @param sizes values of each vector that is trained: the LoRA of each block, and of a reward model its score head
 * @throws UserError where the checkpoint's are others
 */
export function requireFit({ optimizer }: TrainingCheckpoint, sizes: readonly number[]): void {
  const vectors = [optimizer.parameter, optimizer.mean, optimizer.variance];
  if (vectors.every((each) => each.length === sizes.length && each.every(({ length }, i) => length === sizes[i])))
    return;
  throw new UserError('checkpointOther', {
    blocks: optimizer.parameter.length,
    values: optimizer.parameter[0]?.length ?? 0,
    wanted: sizes.length,
    size: sizes[0] ?? 0,
  });
}
