/** @file A run that goes on from an adapter: whose shape its settings then have, and settings that contradict it. */
import { UserError } from '../core/errors';
import type { LoadedModel } from '../engine/loaded-model';
import type { LoraAdapter } from '../formats/peft';
import { fromPeft, layoutLora, resolveLayers, resolveTargets } from '../models/lora';
import type { AdapterShape } from '../run/adapter-shape';
import type { RunConfig } from '../run/config';

type Model = Pick<LoadedModel, 'shape'>;

const layoutOf = ({ shape }: Model, adapter: LoraAdapter) => fromPeft(shape.architecture, shape.config, adapter).layout;

/** @throws UserError for an adapter of another model */
export function shapeOfAdapter(model: Model, adapter: LoraAdapter): AdapterShape {
  const { r, lora_alpha, target_modules, layers_to_transform = null } = layoutOf(model, adapter).config;
  return { lora_r: r, lora_alpha, lora_target_modules: [...target_modules], layers_to_transform };
}

/** The settings of a run that goes on from an adapter, with its shape; as they are where it begins with a fresh one. */
export function withShapeOf(config: RunConfig, model: Model, adapter: LoraAdapter | null): RunConfig {
  return adapter === null ? config : { ...config, ...shapeOfAdapter(model, adapter), layers_pattern: null };
}

const listed = (values: readonly (string | number)[] | null): string =>
  values === null ? 'all layers' : values.join(', ');

/**
 * Refuses settings that contradict the adapter that a run goes on from.
 * @param given keys that were set, the others being defaults
 * @param where names the settings in messages
 * @throws UserError for the first key whose value is another one than the adapter's
 */
export function refuseOtherShape(
  config: RunConfig,
  given: readonly string[],
  where: string,
  model: Model,
  adapter: LoraAdapter,
): void {
  const { architecture, config: shape } = model.shape;
  const has = shapeOfAdapter(model, adapter);
  const refuse = (key: string, value: string, own: string): never => {
    throw new UserError('continuedShape', { where, key, given: value, has: own });
  };
  for (const key of ['lora_r', 'lora_alpha'] as const)
    if (given.includes(key) && config[key] !== has[key]) refuse(key, String(config[key]), String(has[key]));
  const { lora_target_modules: wanted } = config;
  if (given.includes('lora_target_modules')) {
    const pathsOf = (modules: RunConfig['lora_target_modules']): string => {
      const target_modules = resolveTargets(architecture, shape, modules);
      const { linears } = layoutLora(architecture, shape, { r: 1, lora_alpha: 1, target_modules });
      return linears.map(({ path }) => path).join();
    };
    if (pathsOf(wanted) !== pathsOf(has.lora_target_modules))
      refuse(
        'lora_target_modules',
        typeof wanted === 'string' ? wanted : listed(wanted),
        listed(has.lora_target_modules),
      );
  }
  if (given.includes('layers_to_transform')) {
    const all = Array.from({ length: shape.layers }, (_, layer) => layer);
    const layers = resolveLayers(architecture, shape, config.layers_to_transform, config.layers_pattern);
    if ((layers ?? all).join() !== (has.layers_to_transform ?? all).join())
      refuse('layers_to_transform', listed(layers), listed(has.layers_to_transform));
  }
}
