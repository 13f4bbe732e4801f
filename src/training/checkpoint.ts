/** @file Whether a checkpoint of a run fits the adapter that the settings would make. */
import { UserError } from '../core/errors';
import type { TrainingCheckpoint } from '../run/training-checkpoint';

/** @param size values of a block's LoRA vector */
export function requireFit({ optimizer }: TrainingCheckpoint, blocks: number, size: number): void {
  const vectors = [optimizer.parameter, optimizer.mean, optimizer.variance];
  if (vectors.every((each) => each.length === blocks && each.every(({ length }) => length === size))) return;
  throw new UserError(
    `The checkpoint has ${optimizer.parameter.length} blocks of ${optimizer.parameter[0]?.length ?? 0} LoRA values; these settings make ${blocks} of ${size}. Go on with the lora_r and lora_target_modules that it was trained with.`,
  );
}
