/** @file The form of a run that goes on from an adapter, whose rank, alpha, modules and layers it keeps. Pure. */
import type { AdapterShape } from '../../../run/adapter-shape';
import type { NumberKey, TrainForm } from './options';

/** The fields that such a run takes from the adapter. */
export const heldNumbers: readonly NumberKey[] = ['lora_r', 'lora_alpha', 'layer_count'];

const lastPart = (path: string): string => path.split('.').at(-1) ?? path;

/**
 * The form with the adapter's values in the place of what was typed.
 * @param shape of the adapter; null where training begins with a fresh one
 * @param linears of the open model
 */
export function heldForm(form: TrainForm, shape: AdapterShape | null, linears: readonly string[]): TrainForm {
  if (shape === null || form.method === 'both') return form;
  const { lora_r, lora_alpha, lora_target_modules, layers_to_transform } = shape;
  // An adapter from elsewhere may name a linear by its path within a block.
  const names = new Set(lora_target_modules.map(lastPart));
  const target_modules = linears.filter((name) => names.has(name));
  return {
    ...form,
    ...{ lora_r: String(lora_r), lora_alpha: String(lora_alpha), target_modules },
    targets: target_modules.length === linears.length ? 'all-linear' : 'chosen',
    ...(layers_to_transform === null
      ? { layers: 'all' }
      : { layers: 'listed', layer_list: layers_to_transform.join(', ') }),
  };
}
