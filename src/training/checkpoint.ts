/** @file Whether a checkpoint of a run fits the adapter that the settings would make. */
import { UserError } from '../core/errors';
import type { TrainingCheckpoint } from '../run/training-checkpoint';

/** @param size values of a block's LoRA vector */
export function requireFit({ optimizer }: TrainingCheckpoint, blocks: number, size: number): void {
  const vectors = [optimizer.parameter, optimizer.mean, optimizer.variance];
  if (vectors.every((each) => each.length === blocks && each.every(({ length }) => length === size))) return;
  throw new UserError('checkpointOther', {
    blocks: optimizer.parameter.length,
    values: optimizer.parameter[0]?.length ?? 0,
    wanted: blocks,
    size,
  });
}
