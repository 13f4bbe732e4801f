/**
 * @file The shape of an adapter in the keys of a run's settings: which matrices it has, and how they are scaled. A run
 * that goes on from an adapter keeps it, whatever its settings say, since it trains the matrices that are there.
 */
import type { RunConfig } from './config';

export const shapeKeys = ['lora_r', 'lora_alpha', 'lora_target_modules', 'layers_to_transform'] as const;

/** `lora_target_modules` are names of the model's linears, or paths within a block; no layers means all of them. */
export type AdapterShape = Pick<RunConfig, 'lora_r' | 'lora_alpha' | 'layers_to_transform'> & {
  readonly lora_target_modules: readonly string[];
};
